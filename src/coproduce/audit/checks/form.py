"""Checks that the result tables have the declared form, before anything is computed from them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import numpy as np
import polars as pl

from ...tables import RESULT_TABLES
from ..arrays import floats
from ..case import Case
from ..judge import TOLERANCE, Rule
from ..report import Check

COLUMNS = Rule("A101", "every result table has its declared columns, types and required cells", "tables")
FINITE = Rule("A102", "every figure is finite", "cells")
NOT_NEGATIVE = Rule("A103", "no quantity is negative", "cells")
UNIQUE = Rule("A104", "no row stands twice", "rows")
BUCKETS = Rule("A105", "the buckets are those of the programme", "rows")

# Keys of tables whose rows are told apart although their declaration names no key.
_KEYS = {
    "costs": ("kind", "entity"),
    "tiers": ("stage",),
    "earmarks": ("contract", "kind", "name", "item", "site", "start", "bucket"),
    "stand_ins": ("site", "item", "given", "bucket", "demand"),
}


def declared(frames: Mapping[str, pl.DataFrame]) -> tuple[dict[str, pl.DataFrame], Check]:
    """Bring every result table into its declared columns and types.

    Returns
    -------
    frames : the tables, those that were not given as empty ones
    check : whether all have the declared form; the frames may only be used if it has passed
    """
    formed: dict[str, pl.DataFrame] = {}
    faults: list[str] = []
    for name, spec in RESULT_TABLES.items():
        try:
            formed[name] = frames[name].select(spec.empty().columns).cast(spec.empty().schema)
        except KeyError:
            formed[name] = spec.empty()
            continue
        except pl.exceptions.PolarsError as error:
            faults.append(f"{name}: {str(error).splitlines()[0]}")
            continue
        required = [column.name for column in spec.columns.values() if column.required or column.part_of_key]
        empty = [column for column in required if formed[name][column].null_count()]
        faults += [f"{name}: empty cells in {column}" for column in empty]
    return formed, COLUMNS.none(np.array([True] * len(faults)), lambda at: faults[at])


def checks(case: Case) -> Iterator[Check]:
    """Check the cells and rows of every table, and the buckets."""
    numbers = [
        (name, column.name)
        for name, spec in RESULT_TABLES.items()
        for column in spec.columns.values()
        if column.kind == "number"
    ]
    bounded = [(name, column) for name, column in numbers if RESULT_TABLES[name].columns[column].minimum == 0]
    yield _cells(case, FINITE, numbers, lambda cells: ~cells.is_finite())
    yield _cells(case, NOT_NEGATIVE, bounded, lambda cells: cells < 0)
    yield _unique(case)
    yield _buckets(case)


def _cells(case: Case, rule: Rule, columns: list[tuple[str, str]], wrong: Callable[[pl.Series], pl.Series]) -> Check:
    """Judge columns cell by cell; the place of a wrong cell is its table, column and row number."""
    found: list[tuple[str, str, int]] = []
    for table, column in columns:
        rows = wrong(case.frames[table][column]).fill_null(False).arg_true()
        found += [(table, column, row) for row in rows]
    return rule.none(np.full(len(found), True), lambda at: "{} {} in row {}".format(*found[at]))


def _unique(case: Case) -> Check:
    repeated: list[tuple[str, int]] = []
    for table, spec in RESULT_TABLES.items():
        key = spec.key or _KEYS.get(table, ())
        if key:
            again = ~case.frames[table].select(pl.struct(key).is_first_distinct()).to_series()
            repeated += [(table, row) for row in again.arg_true()]
    return UNIQUE.none(np.full(len(repeated), True), lambda at: "{} row {}".format(*repeated[at]))


def _buckets(case: Case) -> Check:
    """Compare the bucket table, row by row and in order, with the programme's own."""
    clock, seen = case.clock, case.frames["buckets"]
    moments = [clock.moment(int(edge)) for edge in clock.edges]
    dates = pl.Series(moments, dtype=pl.Datetime("us"))
    expected = pl.DataFrame({"bucket": np.arange(clock.count), "start": dates[:-1], "end": dates[1:]})
    if len(seen) != clock.count:
        return BUCKETS.none(np.array([True]), lambda _: f"{len(seen)} rows for {clock.count} buckets")
    wrong = np.abs(floats(seen["days"]) - clock.days) > TOLERANCE * clock.days
    for column in expected.columns:
        wrong |= (seen[column] != expected[column]).to_numpy()
    return BUCKETS.none(wrong, clock.place)
