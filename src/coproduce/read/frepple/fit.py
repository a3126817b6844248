"""Lots that no time bucket can hold: where work counts in the bucket of its start, a longer lot could never be made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .lots import Lots
from .output import Output
from .records import Record
from .resources import Resources
from .values import Values

MOST_WHOLE = 20_000
"""Most rows with lots times buckets; more whole numbers are not searched in useful time."""

_NEARLY = 1 + 1e-9
_LONG = "it takes more than a time bucket has"
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

    A process of lots of any size needs a set-up in every bucket in which it starts. Where its usual lot is longer than
    a bucket, it would be set up again and again, which frePPLe does not: the set-up is spread over the usual lot.

    Parameters
    ----------
    hours : length of the shortest bucket
    """
    loads: dict[str, list[dict[str, Any]]] = {}
    for row in out.cells("loads"):
        loads.setdefault(row["process"], []).append(row)
    made = _made(out)
    for record, process in out.rows("processes"):
        usual = lots.usual(record, made.get(process["process"], ()))
        any_size = lots.smallest(record) <= 1
        for load in loads.get(process["process"], ()):
            held = _held(process, load, resources, hours)
            least_work = _setup(load) if _at_once(load) else _work(process, load)
            shorter = _shorter(process, load)
            again = usual * load["quantity"] + _setup(load) > resources.room(load["resource"], hours) * _NEARLY
            if _setup(load) > 0 and (least_work > held or (any_size and load["quantity"] > 0 and again)):
                _spread(record, load, usual, values, _LONG)
            if _work(process, load) > held:
                _resize(record, process, values)
                process["lead_days"] *= shorter
                # A lot of any size is set up in every bucket in which it starts.
                if _setup(load) > 0 and load["quantity"] > 0 and again:
                    _spread(record, load, usual, values, _LONG)


def _held(process: dict[str, Any], load: dict[str, Any], resources: Resources, hours: float) -> float:
    """Return the most that one lot can use: what the resource has in a bucket, or at its worst during the run."""
    if _at_once(load):
        return resources.room(load["resource"], hours) * _NEARLY
    window = process.get("start_from"), process.get("start_until")
    return resources.least(load["resource"], max(24 * process["lead_days"], hours), window) * _NEARLY


def _at_once(load: dict[str, Any]) -> bool:
    return load.get("until_days") == 0.0


def _work(process: dict[str, Any], load: dict[str, Any]) -> float:
    """Return what the smallest lot takes of a resource."""
    size = Lots.least(process.get("minimum_size") or 0.0, process.get("multiple_size") or 0.0)
    return float(size * load["quantity"] + _setup(load))


def _setup(load: dict[str, Any]) -> float:
    return float(load.get("setup_quantity") or 0.0)


def without_lots(out: Output, values: Values, lots: Lots, buckets: int) -> None:
    """Take away all lots where there would be too many whole numbers to search; each is listed."""
    found = list(lot_rows(out))
    if buckets * len(found) <= MOST_WHOLE:
        return
    made = _made(out)
    for table, record, row, columns in found:
        if table == "loads":
            _spread(record, row, lots.usual(record, made.get(row["process"], ())), values, "the file has many lots")
        else:
            message = f'sizes of "{row.get("name") or record.name}", one of very many'
            values.absent(record, message, "the plan takes any size")
            row.update(dict.fromkeys(columns))


def _shorter(process: dict[str, Any], load: dict[str, Any]) -> float:
    """Return the time of a lot of one as a share of that of the smallest lot; 1 where dates depend on the latter."""
    size = Lots.least(process.get("minimum_size") or 0.0, process.get("multiple_size") or 0.0)
    dated = process.get("start_from") or process.get("start_until")
    if size <= 1 or not load["quantity"] or _at_once(load) or dated:
        return 1.0
    return float((_setup(load) + load["quantity"]) / (_setup(load) + size * load["quantity"]))


def lot_rows(out: Output) -> Iterator[tuple[str, Record, dict[str, Any], list[str]]]:
    """Yield every row that asks for whole lots: its table, record and cells, and the columns that say so."""
    for table, columns in _LOTS.items():
        for record, row in out.rows(table):
            filled = [column for column in columns if row.get(column)]
            if filled:
                yield table, record, row, filled


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


def _resize(record: Record, process: dict[str, Any], values: Values) -> None:
    for name, column in (("sizeminimum", "minimum_size"), ("sizemultiple", "multiple_size")):
        if process.get(column):
            message = f'a size ({process[column]:g}) of "{record.name}", whose work is longer than a time bucket'
            values.absent(record, message, "the plan takes any size", name)
            process[column] = None
