"""What a result says of the scenario that it plans: its changes, and that the cells which it wrote are its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from ..tables import INPUT_TABLES, Change, Tables
from ..tables.keys import row_key

_CELL = ("table", "key", "column")
_SAID = (
    "pattern", "source", "title", "source_published", "as_published", "low", "high", "published", "others",
)  # fmt: skip


def scenario_figures(tables: Tables) -> dict[str, Any]:
    """Return the part `scenario` of the summary; None where the programme is planned as it stands."""
    if tables.scenario is None:
        return {"scenario": None}
    changes = [_figures(change) for change in tables.scenario.changes]
    return {"scenario": {"name": tables.scenario.name, "changes": changes}}


def _figures(change: Change) -> dict[str, Any]:
    return {
        "scenario": change.scenario,
        "line": change.line,
        "words": change.words,
        "rows": change.rows,
        "remark": change.remark,
        "cell": str(change.origin),
    }


def of_scenario(tables: Tables, register: pl.DataFrame) -> pl.DataFrame:
    """Return the register with the cells of a scenario as assumed by it: no source speaks of what it writes."""
    written = list(_written(tables))
    if not written:
        return register
    new = pl.DataFrame(written, schema=[*_CELL, "its_file", "its_cell", "its_words"], orient="row").unique(_CELL)
    joined = register.join(new, on=_CELL, how="left", maintain_order="left")
    its = pl.col("its_cell").is_not_null()
    return joined.with_columns(
        *(pl.when(~its).then(pl.col(name)).alias(name) for name in _SAID),
        pl.when(its).then(pl.lit("assumed")).otherwise("confidence").alias("confidence"),
        pl.when(its).then("its_words").otherwise("derivation").alias("derivation"),
        pl.when(its).then("its_file").otherwise("file").alias("file"),
        pl.when(its).then("its_cell").otherwise("cell").alias("cell"),
        pl.when(its).then(0).otherwise("rows").alias("rows"),
        pl.when(its).then(pl.lit("none")).otherwise("agreement").alias("agreement"),
    ).drop("its_file", "its_cell", "its_words")


def _written(tables: Tables) -> Iterator[tuple[str, str, str, str, str, str]]:
    """Yield table, key and column of each cell that a scenario wrote, with its place there and what is said of it."""
    changes = tables.scenario.changes if tables.scenario else ()
    told = {(one.origin.file, one.origin.sheet, one.origin.row): one for one in changes}
    for table, origin in tables.origins.items():
        if not origin.written:
            continue
        spec = INPUT_TABLES[table]
        keys = tables[table].select(row_key(spec)).to_series()
        for (row, column), place in origin.written.items():
            words = _words(told.get((place.file, place.sheet, place.row)))
            for name in [column] if column else spec.columns:
                yield table, keys[row], name, place.file, str(place).removeprefix(f"{place.file} › "), words


def _words(change: Change | None) -> str:
    if change is None:
        return "scenario"
    words = f"scenario {change.scenario}, line {change.line}: {change.words}"
    return f"{words}. {change.remark}" if change.remark else words
