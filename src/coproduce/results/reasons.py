"""The table of reasons why demands are late or short."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl

from ..analyses import Late, Lift, Reason, reasons
from ..network import Network
from ..plan.assemble import Model
from ..tables import RESULT_TABLES, Tables
from ..tables.results import AGREED
from .names import Names, declared
from .served import served
from .waiting import Waiting, waiting

Progress = Callable[[int, int], None]
# Limits that would help too, beside those to lift: at most so many, each saving at least this share of the lateness.
MOST_BESIDE, LEAST_SAVED = 5, 0.01
# Reasons in whose place an agreement on deliveries stands where one applies.
_HELD = ("cost", "lots")
_SITE = {"processes": "site", "resources": "site", "supplies": "site", "lanes": "from_site"}


def late_reasons(
    tables: Tables,
    network: Network,
    model: Model,
    x: np.ndarray[tuple[int], np.dtype[np.float64]],
    service: pl.DataFrame,
    *,
    threads: int,
    deadline: float,
    progress: Progress,
) -> pl.DataFrame:
    """Return the table `reasons` of a plan.

    Parameters
    ----------
    x : values of the columns of `model`
    service : the table `demand_service`
    deadline : time (`time.monotonic`) after which no further demand is asked about
    """
    given = served(network, model, x)
    late = Late(given.demand, given.bucket, given.quantity, service["late_unit_days"].to_numpy())
    wanted = np.flatnonzero((service["status"] != "on_time").to_numpy())
    found = reasons(tables, model, network, x, late, wanted, threads=threads, deadline=deadline, progress=progress)
    open_ = any(reason.kind in _HELD for why in found.values() for reason in why)
    waits = waiting(tables, network, model, x, threads, deadline) if open_ else Waiting.nobody(network)
    names = Names.of(tables, network)
    rows = [
        {
            "demand": names.demand[demand],
            "rank": rank + 1,
            **_row(tables, network, names, _told(network, waits, demand, reason)),
        }
        for demand, why in found.items()
        for rank, reason in enumerate(_kept(why, float(late.unit_days[demand])))
    ]
    return declared("reasons", **{name: [row[name] for row in rows] for name in RESULT_TABLES["reasons"].columns})


def _told(network: Network, waits: Waiting, demand: int, reason: Reason) -> Reason:
    """Return the reason, with the agreement on deliveries in place of cost or lots where one applies to the demand.

    Such agreements are no part of the question asked: without them the demand could be earlier.
    """
    found = next(_agreements_on(network, waits, demand, reason.last), None) if reason.kind in _HELD else None
    if found is None:
        return reason
    kind, table, row, column = found
    return replace(reason, kind=kind, lift=Lift(kind, table, row, column, row))


def _agreements_on(network: Network, waits: Waiting, demand: int, due: int) -> Iterator[tuple[str, str, int, str]]:
    """Yield kind and cell of the agreements on deliveries that a demand belongs to."""
    agreed, item = network.agreements, network.nodes.item[network.demands.node[demand]]
    if agreed.set_of[demand] >= 0:
        yield "set", "sets", int(agreed.set_of[demand]), "set"
    for floor in np.flatnonzero(agreed.floors.export[:, demand]).tolist():
        yield "export_floor", "export_floors", floor, "floor"
    if network.stability.frozen:
        yield "frozen", "programme", 0, "frozen_until"
    for rule in np.flatnonzero(agreed.fair.demand_customer[:, demand] >= 0).tolist():
        yield "fair_share", "fair_shares", rule, "tolerance"
    for limit in np.flatnonzero(agreed.transit.item[:, item]).tolist():
        yield "transit_limit", "transit_limits", limit, "limit"
    for contract in waits.holding(demand, due):
        yield "cash", "contracts", contract, "plan_keeps"
    marks = network.earmarks
    own = marks.limit[marks.of == marks.demand[demand]]
    for limit in (*np.flatnonzero(agreed.origin.product[:, item]).tolist(), *own.tolist()):
        yield "origin_limit", "origin_limits", limit, "limit"


def _kept(why: list[Reason], late: float) -> list[Reason]:
    """Return the limits to lift, and the first of those that would help too."""
    beside = [reason for reason in why if np.isnan(reason.left)]
    worth = [reason for reason in beside if reason.saved >= LEAST_SAVED * late]
    return [*(reason for reason in why if not np.isnan(reason.left)), *worth[:MOST_BESIDE]]


def _row(tables: Tables, network: Network, names: Names, reason: Reason) -> Mapping[str, Any]:
    """Return the cells of one reason, but for its demand and rank."""
    lift = reason.lift
    entity, site = _entity(tables, network, names, reason.lift) if reason.lift else (None, None)
    origin = tables.origin(reason.lift.table, reason.lift.row, reason.lift.column) if reason.lift else None
    return {
        "kind": "people" if lift is not None and _is_people(tables, lift) else reason.kind,
        "entity": entity,
        "site": site,
        "first": names.starts[reason.first],
        "last": names.ends[reason.last],
        "saved": reason.saved,
        "price": _price(network, lift) if lift is not None else np.nan,
        "left": reason.left,
        "enough": reason.enough,
        "file": origin.file if origin else None,
        "cell": str(origin).removeprefix(f"{origin.file} › ") if origin else None,
    }


def _is_people(tables: Tables, lift: Lift) -> bool:
    """Tell whether a limit is the capacity of people."""
    return lift.kind == "resource" and bool(tables["resources"]["kind"][lift.row] == "people")


def _price(network: Network, lift: Lift) -> float:
    """Return what one more of an option costs if it is ordered as early as may be; NaN for other limits."""
    if lift.kind != "option":
        return float("nan")
    options = network.growth.options
    return float(options.cost[lift.row, int(np.argmax(options.allowed[lift.row]))])


def _entity(tables: Tables, network: Network, names: Names, lift: Lift) -> tuple[str | None, str | None]:
    """Return the entity of a limit and its site."""
    if lift.table in _SITE:
        frame = tables[lift.table]
        return frame.item(lift.entity, 0), frame[_SITE[lift.table]][lift.entity]
    if lift.kind == "frozen":
        return None, None
    if lift.kind in (*AGREED, "milestone", "option"):
        return str(tables[lift.table].item(lift.entity, 0)), None
    site = names.site[int(network.nodes.site[lift.entity])]
    return f"{names.item[int(network.nodes.item[lift.entity])]}/{site}", site
