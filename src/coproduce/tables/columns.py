"""The kinds of column that a table declaration is made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import dataframely as dy

# Beyond these the arithmetic of the planner is no longer exact enough; no programme needs them.
LARGEST, LONGEST_DAYS = 1e12, 1e5

ID_PATTERN = r"^[A-Za-z0-9_.-]+$"


def _about(kind: str, **facts: Any) -> dict[str, Any]:
    return {"kind": kind, **{name: fact for name, fact in facts.items() if fact is not None}}


def key(meaning: str) -> dy.String:
    """Declare the id of the row."""
    return dy.String(primary_key=True, regex=ID_PATTERN, metadata=_about("key"), description=meaning)


def reference(table: str, meaning: str, *, required: bool = True, part_of_key: bool = False) -> dy.String:
    """Declare a column that names a row of `table` by the first column of that table."""
    return dy.String(
        nullable=not required,
        primary_key=part_of_key,
        regex=ID_PATTERN,
        metadata=_about("reference", reference=table),
        description=meaning,
    )


def references(table: str, meaning: str, *, example: str = "maker; carrier") -> dy.String:
    """Declare a column that names several rows of `table`, ids separated by semicolons."""
    one = ID_PATTERN.strip("^$")
    return dy.String(
        nullable=True,
        regex=rf"^\s*{one}(\s*;\s*{one})*\s*$",
        metadata=_about("pattern", example=example, list_of=table),
        description=meaning,
    )


def label(meaning: str, *, required: bool = False, part_of_key: bool = False, honoured: bool = True) -> dy.String:
    """Declare an id-like name that is not declared in a table of its own (a border, a zone, a family)."""
    return dy.String(
        nullable=not (required or part_of_key),
        primary_key=part_of_key,
        regex=ID_PATTERN,
        metadata=_about("label", honoured=honoured),
        description=meaning,
    )


def text(meaning: str, *, required: bool = False) -> dy.String:
    """Declare free text."""
    return dy.String(nullable=not required, metadata=_about("text"), description=meaning)


def pattern(regex: str, example: str, meaning: str, *, required: bool = False) -> dy.String:
    """Declare text of a fixed form; `example` is shown when a value does not match."""
    return dy.String(
        nullable=not required, regex=regex, metadata=_about("pattern", example=example), description=meaning
    )


def country(meaning: str) -> dy.String:
    """Declare an ISO 3166 alpha-2 code, kept as text (`NA` and `NO` are countries)."""
    return dy.String(nullable=True, regex=r"^[A-Z]{2}$", metadata=_about("country", example="FR"), description=meaning)


def currency(meaning: str = "Currency of the amounts in this row; empty: the programme's") -> dy.String:
    """Declare an ISO 4217 code."""
    return dy.String(
        nullable=True,
        regex=r"^[A-Z]{3}$",
        metadata=_about("currency", example="EUR"),
        description=meaning,
    )


def choice(options: Sequence[str], meaning: str, *, default: str | None = None, required: bool = False) -> dy.Enum:
    """Declare a column with a closed list of values."""
    return dy.Enum(
        list(options),
        nullable=not required and default is None,
        metadata=_about("choice", default=default),
        description=meaning,
    )


def fact(meaning: str) -> dy.Enum:
    """Declare a fact that may be unknown: yes, no, or empty for not known."""
    return choice(("yes", "no"), f"{meaning} (empty: not known)" if "empty:" not in meaning else meaning)


def number(
    meaning: str,
    unit: str,
    *,
    minimum: float | None = None,
    above: float | None = None,
    maximum: float | None = None,
    default: float | None = None,
    required: bool = False,
    honoured: bool = True,
) -> dy.Float64:
    """Declare a finite number; `above` is an exclusive lower bound.

    A column with `honoured=False` is read and kept but raises a warning when it is used.
    """
    return dy.Float64(
        nullable=not required and default is None,
        min=minimum if minimum is not None or above is not None else -LARGEST,
        min_exclusive=above,
        max=maximum if maximum is not None else (LONGEST_DAYS if unit == "days" else LARGEST),
        metadata=_about("number", unit=unit, default=default, honoured=honoured),
        description=meaning,
    )


def integer(
    meaning: str,
    *,
    minimum: int = 0,
    maximum: int | None = None,
    default: int | None = None,
    part_of_key: bool = False,
    unit: str = "1",
) -> dy.Int64:
    """Declare a whole number."""
    return dy.Int64(
        nullable=default is None and not part_of_key,
        primary_key=part_of_key,
        min=minimum,
        max=maximum,
        metadata=_about("integer", unit=unit, default=default),
        description=meaning,
    )


def date(meaning: str, *, required: bool = False, part_of_key: bool = False) -> dy.Datetime:
    """Declare an ISO date, with or without a time of day (2026-03-01 or 2026-03-01 06:00)."""
    return dy.Datetime(
        nullable=not (required or part_of_key),
        primary_key=part_of_key,
        metadata=_about("date", unit="date"),
        description=meaning,
    )


def flag(meaning: str, *, honoured: bool = True) -> dy.Bool:
    """Declare a yes/no column; empty means no."""
    return dy.Bool(
        nullable=False,
        metadata=_about("flag", default=False, honoured=honoured),
        description=meaning,
    )
