"""What is left over when everything else is written: demands that nothing can meet, fields and entities not read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .output import Output
from .records import Record, Store
from .resources import Clock
from .values import Values
from .vocabulary import KINDS, MANAGED

_READ: dict[str, frozenset[str]] = {
    kind: frozenset(fields.split())
    for kind, fields in {
        "item": "name owner cost uom description category subcategory type weight volume",
        "location": "name owner available description category subcategory",
        "customer": "name owner description category subcategory",
        "supplier": "name owner description category subcategory available",
        "operation": "name type item location owner priority duration durationper posttime fence cost search "
        "sizeminimum sizemultiple sizemaximum sizeminimumcalendar effectivestart effectiveend available "
        "description category subcategory costcalendar batchquantity buffer resource",
        "suboperation": "owner operation suboperation priority effectivestart effectiveend",
        "buffer": "name item location type onhand minimum minimumcalendar maximum maximumcalendar mininterval "
        "producing ipignore description category subcategory",
        "resource": "name type location owner maximum maximumcalendar available efficiency efficiencycalendar cost "
        "setup setupmatrix maxearly constrained tool description category subcategory operation",
        "resourceskill": "resource skill priority",
        "skill": "name",
        "calendar": "name defaultvalue description category subcategory",
        "calendarbucket": "calendar start end value priority days starttime endtime monday tuesday wednesday "
        "thursday friday saturday sunday",
        "operationmaterial": "operation item buffer location quantity quantityfixed type offset effectivestart "
        "effectiveend name priority search",
        "operationresource": "operation resource quantity quantityfixed skill setup search priority name",
        "itemsupplier": "item location supplier leadtime sizeminimum sizemultiple sizemaximum cost priority fence "
        "effectivestart effectiveend resource resourceqty hardsafetyleadtime extrasafetyleadtime batchwindow",
        "itemdistribution": "item origin destination location leadtime sizeminimum sizemultiple sizemaximum cost "
        "priority fence effectivestart effectiveend resource resourceqty batchwindow",
        "demand": "name item location customer quantity due priority status type minshipment maxlateness operation "
        "owner policy description category subcategory",
        "operationplan": "reference id type operation item location origin destination supplier start end quantity "
        "status name demand",
        "setupmatrix": "name",
        "setuprule": "setupmatrix priority fromsetup tosetup duration cost resource",
        "parameter": "name value description",
    }.items()
}

_SETTINGS = {
    "plan.administrativeLeadtime": "0",
    "plan.deliveryDuration": "0",
    "plan.minimumdelay": "0",
    "plan.calendar": "",
    "plan.autoFenceOperations": "0 999",
    "plan.planSafetyStockFirst": "false",
    "plan.fixBrokenSupplyPath": "true false",
    "allowsplits": "true false",
    "plan.moveApprovedEarly": "0",
    "plan.move_approved_early": "0 false",
    "WIP.consume_material": "true",
    "WIP.consume_capacity": "true",
    "WIP.produce_full_quantity": "false",
}
"""Parameters that change a plan, with the values that say what we do anyhow."""


def unread_fields(store: Store, values: Values) -> None:
    """Say of every field that is not read that it is left out, once for each kind and field."""
    told: set[tuple[str, str]] = set()
    for kind in sorted({*store.named, *store.lines} - {"plan"}):
        for record in store.list(kind):
            if kind not in KINDS:
                if (kind, "") not in told:
                    values.left_out(record, f'"{kind}" is nothing that a programme has; its rows are left out')
                told.add((kind, ""))
                continue
            for name in record.fields.keys() - _READ[kind] - MANAGED:
                if (kind, name) not in told:
                    column = record.fields[name].column
                    values.absent(record, f'the field "{column}" of {kind}', "it is left out", name)
                told.add((kind, name))


def settings(store: Store, values: Values) -> None:
    """Say which parameters of the plan are not followed."""
    for name, record in store.of("parameter").items():
        usual = _SETTINGS.get(name)
        if usual is not None and record.text("value") and record.text("value").lower() not in usual.split():
            message = f'parameter "{name}" = {record.text("value")}'
            values.absent(record, message, "the plan is made without it", "value")


def unmeetable(out: Output, values: Values, clock: Clock, record_of: dict[str, Record]) -> None:
    """Give what nothing can bring a supply that is never open, so that demands stay unmet and the plan is made."""
    there = _obtainable(out)
    lacking: dict[tuple[str, str], dict[str, Any]] = {}
    for row in out.cells("demands"):
        if (row["item"], row["site"]) not in there and row["quantity"] > 0:
            lacking.setdefault((row["item"], row["site"]), row)
    for (item, site), row in lacking.items():
        record = record_of[row["demand"]]
        message = f'nothing can bring "{item}" to {site}; a supply that is never open stands in, and demands stay unmet'
        values.otherwise(record, message, "item")
        name = f"none of {item} at {site}"
        supply, never = out.ids.fresh("supplies", name), clock.never(record)
        out.add("supplies", record, supply=supply, name=name, item=item, site=site, calendar=never)


def _obtainable(out: Output) -> set[tuple[str, str]]:
    """Return the pairs of item and site that something can bring, whatever the capacity."""
    sites = {row["process"]: row["site"] for row in out.cells("processes")}
    inputs: dict[str, list[tuple[str, str]]] = {process: [] for process in sites}
    outputs: dict[str, list[tuple[str, str]]] = {process: [] for process in sites}
    for row in out.cells("flows"):
        side = outputs if row["quantity"] > 0 else inputs
        side[row["process"]].append((row["item"], sites[row["process"]]))
    there = {(row["item"], row["site"]) for table in ("supplies", "receipts") for row in out.cells(table)}
    there |= {(row["item"], row["site"]) for row in out.cells("stocks") if row["opening"] > 0}
    there |= {point for row in out.cells("wip") for point in outputs[row["process"]]}
    lanes = [((row["item"], row["from_site"]), (row["item"], row["to_site"])) for row in out.cells("lanes")]
    steps = [*((inputs[process], outputs[process]) for process in sites), *(([one], [other]) for one, other in lanes)]
    return _closure(there, steps)


def _closure(
    there: set[tuple[str, str]], steps: Iterable[tuple[list[tuple[str, str]], list[tuple[str, str]]]]
) -> set[tuple[str, str]]:
    waiting = list(steps)
    while True:
        ready = [there.issuperset(taken) for taken, _ in waiting]
        if not any(ready):
            return there
        there.update(point for (_, made), now in zip(waiting, ready, strict=True) if now for point in made)
        waiting = [step for step, now in zip(waiting, ready, strict=True) if not now]
