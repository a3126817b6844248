"""A table of the report: columns with kinds and units, rows, and the compact form in which it is embedded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from ..words.formats import tidy

Kind = Literal["text", "number", "share", "date", "link"]


@dataclass(frozen=True, slots=True)
class Field:
    """A column of a table.

    Attributes
    ----------
    unit : unit of all its numbers; empty where each row has its own or it has none
    total : show the sum of the rows that are shown
    """

    title: str
    kind: Kind = "text"
    unit: str = ""
    total: bool = False


@dataclass(frozen=True)
class Sheet:
    """A table to be shown, sorted as it first appears.

    Attributes
    ----------
    note : what to know about its rows, for instance that only the first of them are embedded
    units : column that holds the unit of the numbers without one; they are summed only over rows of one unit
    facet : column by whose values the rows can be filtered; -1 for none
    """

    title: str
    fields: Sequence[Field]
    rows: Sequence[Sequence[Any]]
    note: str = ""
    facet: int = -1
    units: int = -1

    def payload(self) -> dict[str, Any]:
        """Return the table column by column; repeated text is written once."""
        columns = list(zip(*self.rows, strict=True)) if self.rows else [()] * len(self.fields)
        return {
            "title": self.title,
            "note": self.note,
            "facet": self.facet,
            "units": self.units,
            "fields": [
                {"title": field.title, "kind": field.kind, "unit": field.unit, "total": field.total}
                for field in self.fields
            ],
            "columns": [_encode(field.kind, values) for field, values in zip(self.fields, columns, strict=True)],
            "rows": len(self.rows),
        }


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="minutes").removesuffix(" 00:00")
    return tidy(value) if isinstance(value, float) else value


def _encode(kind: Kind, values: Sequence[Any]) -> Any:
    plain = [_plain(value) for value in values]
    if kind in ("number", "share"):
        return plain
    words = list(dict.fromkeys(plain))
    if len(words) * 2 > len(plain):
        return plain
    place = {word: number for number, word in enumerate(words)}
    return {"words": words, "codes": [place[word] for word in plain]}


def first(rows: list[Any], most: int, what: str, table: str = "") -> tuple[list[Any], str]:
    """Keep at most `most` rows and say so; the whole table stands in the result files, in `table` if that is given."""
    if len(rows) <= most:
        return rows, ""
    where = f"all are in tables/{table}.csv" if table else "the result tables hold all of them"
    return rows[:most], f"The first {most:,} of {len(rows):,} {what}; {where}."
