"""What the sources say of every promise, field by field, and whether they agree: computed, never declared."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

import polars as pl

from ..tables import RESULT_TABLES, Tables
from ..tables.evidence import STEPS
from ..tables.keys import listed

Row = Mapping[str, Any]
# (value to compare, value as shown), None where a source is silent.
Read = Callable[[Row], tuple[Any, str] | None]

_PER_YEAR = {"hour": 8766.0, "day": 365.25, "week": 365.25 / 7, "month": 12.0, "quarter": 4.0, "year": 1.0}
_EVENTS = ("signed", "contracted", "delivered")


def claims(tables: Tables) -> pl.DataFrame:
    """Return the table `claims`: one row for each promise and field that some source fills."""
    found = [row for _, rows in _statements(tables) for row in _compared(rows)]
    return pl.DataFrame(found, schema=RESULT_TABLES["claims"].empty().schema, orient="row")


def _statements(tables: Tables) -> Iterator[tuple[str, list[Row]]]:
    """Yield the id of each promise with its rows; `source_published` and `item_unit` are added."""
    published = tables["sources"].select("source", source_published="published")
    counted = tables["items"].select("item", item_unit="unit")
    told = tables["commitments"].join(published, on="source", how="left", maintain_order="left")
    told = told.join(counted, on="item", how="left", maintain_order="left")
    for (name,), rows in told.group_by("commitment", maintain_order=True):
        yield str(name), list(rows.iter_rows(named=True))


def _compared(rows: list[Row]) -> Iterator[tuple[str, str, str, int, str, str]]:
    for field, read in _FIELDS.items():
        said = [(row, *value) for row in rows if (value := read(row)) is not None]
        if said:
            values = [value for _, value, _ in said]
            verdict = _verdict(field, said, values)
            yield rows[0]["commitment"], field, verdict, len(said), *_listing(said)


def _verdict(field: str, said: Sequence[tuple[Row, Any, str]], values: Sequence[Any]) -> str:
    if len(values) == 1:
        return "one_source"
    if field == "quantity":
        return _of_quantities(values)
    if all(value == values[0] for value in values):
        return "agree"
    return "progress" if field == "status" and _advances([row for row, _, _ in said]) else "conflict"


def _of_quantities(values: Sequence[tuple[Any, float]]) -> str:
    if any(measure != values[0][0] for measure, _ in values):
        return "not_comparable"
    amounts = [amount for _, amount in values]
    return "agree" if max(amounts) - min(amounts) <= 1e-9 * max(amounts) else "conflict"


def _advances(rows: Sequence[Row]) -> bool:
    """Whether every later statement is at least as firm, and those of one day are equally firm."""
    dated = [(row["said"] or row["source_published"], row["status"]) for row in rows]
    if any(day is None or status not in STEPS for day, status in dated):
        return False
    order = sorted((day.date(), STEPS.index(status)) for day, status in dated)
    steps = pairwise(order)
    return all(after >= before and (day > earlier or after == before) for (earlier, before), (day, after) in steps)


def _listing(said: Sequence[tuple[Row, Any, str]]) -> tuple[str, str]:
    """Write every value alone, `signed; announced`, and with its sources, `signed (a, b); announced (c)`."""
    sources: dict[str, list[str]] = {}
    for row, _, shown in said:
        sources.setdefault(shown, []).append(row["source"])
    return "; ".join(sources), "; ".join(f"{shown} ({', '.join(names)})" for shown, names in sources.items())


def _amount(row: Row) -> str:
    """Write a quantity with its unit, period and notion: `50 piece/month, actual`."""
    unit = row["unit"] or row["item_unit"] or row["item"] or ""
    return f"{row['quantity']:,.10g} {unit}" + (f"/{row['per']}" if row["per"] else "") + _notion(row)


def _notion(row: Row) -> str:
    return f", {row['notion']}" if row["notion"] else ""


def _quantity(row: Row) -> tuple[Any, str] | None:
    if row["quantity"] is None:
        return None
    measure = (row["item"] or (row["unit"] or "").lower(), row["notion"], row["per"] is not None)
    return (measure, row["quantity"] * _PER_YEAR.get(row["per"], 1.0)), _amount(row)


def _day(name: str, statuses: tuple[str, ...] = ()) -> Read:
    def read(row: Row) -> tuple[Any, str] | None:
        day: datetime | None = row[name]
        return None if day is None or (statuses and row["status"] not in statuses) else (day, f"{day:%Y-%m-%d}")

    return read


def _names(column: str) -> Read:
    def read(row: Row) -> tuple[Any, str] | None:
        names = listed(row[column])
        return (frozenset(name.lower() for name in names), ", ".join(sorted(names))) if names else None

    return read


def _word(column: str) -> Read:
    return lambda row: None if row[column] is None else (row[column], row[column])


_FIELDS: dict[str, Read] = {
    "status": _word("status"),
    "quantity": _quantity,
    "notion": _word("notion"),
    "start": _day("start"),
    "due": _day("due"),
    "said": _day("said", _EVENTS),
    "made_by": _names("made_by"),
    "made_to": _names("made_to"),
    "place": _names("place"),
    "binding": _word("binding"),
}
