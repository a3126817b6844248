"""Plants bad cells of known kinds into the tables of a programme, and tells whether a check found them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import polars as pl

from benchmarks.generate import Frames
from coproduce.errors import Problem, Severity


@dataclass(frozen=True, slots=True)
class Planted:
    """One bad cell: its kind and place; `row` is the record number as a spreadsheet shows it."""

    kind: str
    table: str
    row: int
    column: str


# Kind, table, column, and the bad text; {} stands for the good one, None for an empty cell.
KINDS: tuple[tuple[str, str, str, str | None], ...] = (
    ("words for a number", "demands", "quantity", "about 5"),
    ("decimal comma", "processes", "lead_days", "1,5"),
    ("not a number", "demands", "maximum_late_days", "nan"),
    ("infinite", "supplies", "price", "inf"),
    ("negative", "stocks", "opening", "-3"),
    ("above the maximum", "processes", "yield_rate", "1.7"),
    ("empty", "flows", "quantity", None),
    ("unknown id", "flows", "item", "{}x"),
    ("unknown site", "lanes", "to_site", "S9999999"),
    ("id with a blank", "demands", "demand", "{} a"),
    ("duplicate id", "items", "item", "I000000"),
    ("duplicate id", "supplies", "supply", "B000000"),
    ("impossible date", "demands", "due", "2026-02-31"),
    ("date of another form", "receipts", "date", "3/14/26"),
    ("unknown choice", "demands", "kind", "domestik"),
    ("fraction for a whole number", "demands", "priority", "1.5"),
    ("country by name", "supplies", "origin", "Italy"),
)


def plant(frames: Frames, per_kind: int, seed: int) -> tuple[Frames, list[Planted]]:
    """Return the tables with bad cells, planted columns as text, and the list of what was planted.

    Rows are drawn so that no row is planted twice; the first row of a table stays as it is.
    """
    rng = np.random.default_rng(seed)
    result, planted = dict(frames), []
    used: dict[str, set[int]] = {}
    for kind, table, column, spoil in KINDS:
        frame = result[table]
        taken = used.setdefault(table, {0})
        free = np.setdiff1d(np.arange(frame.height), list(taken))
        rows = np.sort(rng.choice(free, size=min(per_kind, len(free)), replace=False))
        taken.update(rows.tolist())
        texts = frame[column]
        if texts.dtype.is_temporal():
            texts = texts.dt.strftime("%Y-%m-%d")
        texts = texts.cast(pl.String)
        bad = pl.Series([spoil and spoil.format(texts[row]) for row in rows.tolist()], dtype=pl.String)
        result[table] = frame.with_columns(texts.scatter(rows, bad).alias(column))
        planted += [Planted(kind, table, row + 2, column) for row in rows.tolist()]
    return result, planted


def missed(planted: Iterable[Planted], problems: Iterable[Problem]) -> list[Planted]:
    """Return the planted cells that no error names."""
    named = {
        (_table(problem), problem.origin.row, problem.origin.column)
        for problem in problems
        if problem.severity is Severity.ERROR
    }
    return [cell for cell in planted if (cell.table, cell.row, cell.column) not in named]


def _table(problem: Problem) -> str:
    return problem.origin.sheet or problem.origin.file.rsplit("/", 1)[-1].split(".", 1)[0]
