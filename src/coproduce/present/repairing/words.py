"""Says in words what a repair of origin changes, costs and leaves undelivered."""

from __future__ import annotations

from typing import Any

from ..words.formats import counted, quantity
from ..words.names import Names

OUTCOMES = {
    "as_it_is": "yes, as it is",
    "with_changes": "yes",
    "not_delivering": "only by not delivering",
    "not_kept": "no",
}
"""What is said of an outcome of the table `repairs`."""

DONE = {"supply": "ordered from", "site": "made at", "option": "bought"}
"""What a plan does otherwise, by the kind of the row of `repair_shifts`."""

_TABLES = {"supply": "supplies", "site": "sites", "option": "options"}
# Smaller than this, both ends of an interval are what a solver leaves of zero.
_NOISE = 1e-6
# Smaller than this, an end of an interval is not worth its digits.
_SMALL = 0.01


def percent(share: float | None) -> str:
    """Write a share with one decimal."""
    return "–" if share is None else f"{share:.1%}"


def verdict(share: float | None, most: float) -> bool | None:
    """Say whether a share is within its limit; None where it is not known. A plan's rounding counts as kept."""
    return None if share is None else share <= most + _NOISE


def interval(low: float, high: float, unit: str) -> str:
    """Write what something costs between two bounds."""
    if max(abs(low), abs(high)) < _NOISE:
        return f"0 {unit}"
    if max(abs(low), abs(high)) < _SMALL:
        return f"less than {_SMALL} {unit}, either way"
    one, other = (quantity(end if abs(end) >= _SMALL else 0.0).replace("-", "−") for end in (low, high))
    said = f"{one} {unit}" if one == other else f"between {one} and {other} {unit}"
    return f"{said}: no more than the gap of the two plans" if low < 0 <= high else said


def change(line: dict[str, Any], names: Names, items: dict[str, str], owner: str) -> str:
    """Say what a line of the scenario means.

    Parameters
    ----------
    line : a row of the table `scenarios`
    items : item of every supply
    owner : the contract that units are set aside for
    """
    if line["action"] == "add":
        return f"Set units aside for {owner}: what it is delivered keeps the limit, whatever others get"
    supply = line["where"].removeprefix("supply = ")
    item = items.get(supply, "")
    what, unit = names.of("items", item), names.unit(item)
    offer = names.of("supplies", supply)
    if float(line["value"]) == 0:
        return f"Order nothing of {what} from {offer}"
    return f"Order at most {counted(float(line['value']), unit)} of {what} from {offer}"


def line_words(line: dict[str, Any]) -> str:
    """Write a line of the scenario as it is to be entered."""
    if line["action"] == "add":
        return f"{line['table']}, add: {line['value']}"
    return f"{line['table']} where {line['where']}: {line['column']} = {line['value']}"


def shifted(row: dict[str, Any], names: Names) -> tuple[str, str, str, str, str]:
    """Return what is done, where, of what and its unit, before and after, from a row of `repair_shifts`."""
    of = names.of("items", row["item"]) if row["item"] else ""
    unit = names.unit(row["item"]) if row["item"] else ""
    where = names.of(_TABLES[row["kind"]], row["name"])
    told = f"{of} ({unit})" if unit else of or "–"
    return DONE[row["kind"]], where, told, quantity(row["before"]), quantity(row["after"])
