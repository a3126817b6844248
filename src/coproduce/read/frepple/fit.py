"""Lots that no time bucket can hold: where work counts in the bucket of its start, a longer lot could never be made."""

from __future__ import annotations

from typing import Any

from .lots import Lots
from .output import Output
from .records import Record
from .resources import Resources
from .values import Values

_NEARLY = 1 + 1e-9


def fit_lots(out: Output, values: Values, lots: Lots, resources: Resources, hours: float) -> None:
    """Spread the set-ups and take away the sizes that need more than a bucket has; each is listed.

    Parameters
    ----------
    hours : length of the shortest bucket
    """
    loads: dict[str, list[dict[str, Any]]] = {}
    for row in out.cells("loads"):
        if row.get("until_days") == 0.0:
            loads.setdefault(row["process"], []).append(row)
    made: dict[str, list[str]] = {}
    for row in out.cells("flows"):
        if row["quantity"] > 0:
            made.setdefault(row["process"], []).append(row["item"])
    for record, process in out.rows("processes"):
        for load in loads.get(process["process"], ()):
            room = resources.room(load["resource"], hours) * _NEARLY
            if (load.get("setup_quantity") or 0.0) > room:
                _spread(record, load, lots.usual(record, made.get(process["process"], ())), values)
            _resize(record, process, load, room, values)


def _spread(record: Record, load: dict[str, Any], usual: float, values: Values) -> None:
    message = (
        f"{load['setup_quantity']:g} h that a lot takes whatever its size are spread over a usual lot of {usual:g}"
    )
    why = "they are more than a time bucket has"
    values.otherwise(record, f'resource "{load["resource"]}": {message}, since {why}', "duration")
    load["quantity"] += load["setup_quantity"] / usual
    load["setup_quantity"] = None


def _resize(record: Record, process: dict[str, Any], load: dict[str, Any], room: float, values: Values) -> None:
    size = Lots.least(process.get("minimum_size") or 0.0, process.get("multiple_size") or 0.0)
    if not size or size * load["quantity"] + (load.get("setup_quantity") or 0.0) <= room:
        return
    for name, column in (("sizeminimum", "minimum_size"), ("sizemultiple", "multiple_size")):
        if process.get(column):
            message = f'a size ({process[column]:g}) of "{record.name}", whose work is longer than a time bucket'
            values.absent(record, message, "the plan takes any size", name)
            process[column] = None
