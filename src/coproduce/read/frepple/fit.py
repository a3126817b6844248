"""Lots that no time bucket can hold: where work counts in the bucket of its start, a longer lot could never be made."""

from __future__ import annotations

from typing import Any

from .lots import Lots
from .output import Output
from .records import Record
from .resources import Resources
from .values import Values

MOST_WHOLE = 20_000
"""Most rows with lots times buckets; more whole numbers are not searched in useful time."""

_NEARLY = 1 + 1e-9
_LONG = "they are more than a time bucket has"
_SIZES = ("minimum_size", "multiple_size")
_LOTS = {
    "processes": _SIZES,
    "supplies": _SIZES,
    "lanes": _SIZES,
    "loads": ("setup_quantity",),
    "demands": ("minimum_shipment", "all_or_nothing"),
}


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
    made = _made(out)
    for record, process in out.rows("processes"):
        for load in loads.get(process["process"], ()):
            room = resources.room(load["resource"], hours) * _NEARLY
            if (load.get("setup_quantity") or 0.0) > room:
                _spread(record, load, lots.usual(record, made.get(process["process"], ())), values, _LONG)
            _resize(record, process, load, room, values)


def without_lots(out: Output, values: Values, lots: Lots, buckets: int) -> None:
    """Take away all lots where there would be too many whole numbers to search; each is listed."""
    found = [
        (table, record, row, [column for column in columns if row.get(column)])
        for table, columns in _LOTS.items()
        for record, row in out.rows(table)
    ]
    if buckets * sum(1 for *_, columns in found if columns) <= MOST_WHOLE:
        return
    made = _made(out)
    for table, record, row, columns in found:
        if table == "loads" and columns:
            _spread(record, row, lots.usual(record, made.get(row["process"], ())), values, "the file has many lots")
        elif columns:
            message = f'sizes of "{row.get("name") or record.name}", one of very many'
            values.absent(record, message, "the plan takes any size")
            row.update(dict.fromkeys(columns))


def _made(out: Output) -> dict[str, list[str]]:
    made: dict[str, list[str]] = {}
    for row in out.cells("flows"):
        if row["quantity"] > 0:
            made.setdefault(row["process"], []).append(row["item"])
    return made


def _spread(record: Record, load: dict[str, Any], usual: float, values: Values, why: str) -> None:
    message = (
        f"{load['setup_quantity']:g} h that a lot takes whatever its size are spread over a usual lot of {usual:g}"
    )
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
