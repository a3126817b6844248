"""Puts into words why a demand is late or short."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .formats import NOISE, day, last_day, quantity
from .limits import TABLES
from .names import Names

_OTHERS = ("processes", "supplies", "lanes", "resources")
_OWN = {"milestone": "milestones", "option": "options", "people": "resources", "cash": "contracts"}
KINDS = {
    "before_start": "The programme starts too late for it",
    "resource": "Capacity of {entity}",
    "rate": "Rate of {entity}",
    "supply": "Limit of supply {entity}",
    "supply_total": "Total of supply {entity}",
    "lane": "Capacity of lane {entity}",
    "window": "{entity} may not be used at that time",
    "calendar": "{entity} rests at that time",
    "lead_time": "Lead time of {entity}",
    "material": "Nothing brings {entity} beyond what is given",
    "stock_minimum": "Stock to keep of {entity}",
    "stock_maximum": "Storage of {entity}",
    "border": "Capacity of border {entity}",
    "reservation": "Capacity is reserved for others ({entity})",
    "share": "Work share {entity}",
    "set": "It waits for the rest of its set {entity}",
    "fair_share": "Fair shares between customers ({entity})",
    "export_floor": "Floor at home {entity}",
    "transit_limit": "Limit on transit {entity}",
    "origin_limit": "Limit on origin {entity}",
    "cash": "Contract {entity} waits for its money",
    "milestone": "Milestone {entity} is not reached in time",
    "option": "Option {entity} is not bought",
    "people": "People of {entity}",
    "frozen": "The near horizon is frozen",
    "lots": "Lots upstream are whole ({entity})",
    "cost": "The plan costs less if it is late ({entity})",
}


def entity_words(kind: str, entity: str | None, names: Names, cell: str | None = None) -> str:
    """Return the name of what a reason is about: an entity of a table, or an item at a site.

    Lead times, windows and calendars belong to several tables; the cell tells which.
    """
    if not entity:
        return ""
    table = TABLES.get(kind) or _OWN.get(kind)
    if table:
        return names.of(table, entity)
    item, slash, site = entity.partition("/")
    if slash:
        return names.at(item, site)
    named_in = (cell or "").partition("!")[0]
    known = [table for table in (named_in, *_OTHERS) if entity in names.shown.get(table, {})]
    return names.of(known[0], entity) if known else entity


def cause_words(row: Mapping[str, Any], names: Names) -> str:
    """Say what holds a demand back and where; `row` is a row of the table `reasons`."""
    entity = entity_words(row["kind"], row["entity"], names, row["cell"])
    what = KINDS[row["kind"]].format(entity=entity).removesuffix(" ()")
    at_site = names.of("sites", row["site"]) if row["site"] and "/" not in (row["entity"] or "") else ""
    return f"{what} at {at_site}" if at_site else what


def reason_words(row: Mapping[str, Any], names: Names) -> str:
    """Say what holds a demand back, where and from when until when; `row` is a row of the table `reasons`."""
    return f"{cause_words(row, names)}, {day(row['first'])} to {last_day(row['last'])}"


def lifting_words(row: Mapping[str, Any], lateness: float) -> str:
    """Say what lifting a limit would do to a demand that is `lateness` unit-days late."""
    if row["kind"] == "before_start":
        # Nothing is lifted here; what is left stands in the other column.
        left = row["left"] if row["saved"] is None else row["saved"]
        return f"{quantity(left)} of its {quantity(lateness)} late unit-days: only an earlier start would help."
    saved = f"would save {quantity(row['saved'])} of its {quantity(lateness)} late unit-days"
    if row["enough"]:
        return f"Lifting it alone {saved}: enough to bring it on time."
    alone = f"Lifting it alone {saved}, not enough." if row["saved"] > NOISE else "Lifting it alone would save nothing."
    if row["left"] is None:
        return f"{alone} It would help too, but is not needed beside the others."
    if row["rank"] == 1:
        return alone
    after = "the demand is on time" if row["left"] <= NOISE else f"{quantity(row['left'])} remain"
    return f"{alone} With all above it lifted as well, {after}."
