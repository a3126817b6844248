"""Sums of a result table, grouped as asked, every figure with its unit."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from ..read.names import did_you_mean
from ..tables import RESULT_TABLES
from .dimensions import PERIODS, GroupingError, check_period, groupable, with_dimensions
from .result import PlanResult

# Units of columns whose rows add up. Days, shares and marginal values do not.
_ADDITIVE = frozenset({"units", "runs", "unit-days", "resource units", "currency"})
# Levels at an instant: they add up over places, never over time.
_LEVELS = frozenset({"opening", "closing"})
TABLES = (
    "runs", "shipments", "purchases", "stock", "resource_load", "deliveries", "demand_service", "costs",
    "output_levels", "learned_loads", "stand_ins", "write_offs", "version_flow", "setups",
)  # fmt: skip
"""Tables of which statistics can be made."""


def statistics(result: PlanResult, table: str, by: Sequence[str] = (), *, measures: Sequence[str] = ()) -> pl.DataFrame:
    """Return sums of the rows of a result table.

    Parameters
    ----------
    table : one of `TABLES`
    by : columns to group by: those of the table, and what follows from them, as `item`, `site`, `family`, `item_kind`,
        `country`, `party`, `zone`, `month`, `quarter`, `year`; see `with_dimensions`. A bucket counts in the period
        in which it starts. Without any there is one group
    measures : columns to sum; empty: all that add up

    Returns
    -------
    A row for each group, measure and unit: the columns of `by`, then `measure`, `unit` and `value`. Figures of
    different units are never added: a group whose rows have several units has a row for each. The values of a measure
    add up to the sum of its column. Of `resource_load` there is also `utilisation`, which is the sum used over the
    sum of capacities and does not add up. The levels `opening` and `closing` of `stock` are there only by `bucket`.

    Raises
    ------
    GroupingError
        if the table, a column to group by or a measure is not there, or a bucket is longer than a period of `by`.
    """
    if table not in TABLES:
        raise GroupingError(_unknown("no statistics are made of", table, TABLES))
    frame = with_dimensions(result, table)
    _check_groups(result, frame, table, by)
    known = _measures(table, by)
    unknown = [name for name in measures if name not in known]
    if unknown:
        raise GroupingError(_unknown(f"{table} has no rows that add up in", unknown[0], [*known]))
    chosen = [name for name in known if not measures or name in measures]
    return pl.concat([_measured(result, frame, by, name, known[name]) for name in chosen])


def _measures(table: str, by: Sequence[str]) -> dict[str, str]:
    """Return the columns that add up, with their declared units."""
    columns = RESULT_TABLES[table].columns.values()
    found = {column.name: column.unit for column in columns if column.kind == "number" and column.unit in _ADDITIVE}
    if "bucket" not in by:
        found = {name: unit for name, unit in found.items() if name not in _LEVELS}
    return found | ({"utilisation": "share"} if table == "resource_load" else {})


def _check_groups(result: PlanResult, frame: pl.DataFrame, table: str, by: Sequence[str]) -> None:
    known = groupable(frame, table)
    for name in by:
        if name not in known:
            raise GroupingError(_unknown(f"{table} cannot be grouped by", name, known))
        if name in PERIODS and "bucket" in frame.columns:
            check_period(result, name)
    if len(set(by)) < len(by):
        raise GroupingError("a column is given twice to group by")


def _unknown(what: str, name: str, known: Sequence[str]) -> str:
    near = did_you_mean(name, known)
    return f'{what} "{name}"; ' + (near or f"there are {', '.join(known)}")


def _unit(result: PlanResult, frame: pl.DataFrame, declared: str) -> pl.Expr:
    """Return the unit of a measure in each row."""
    if declared == "currency":
        return pl.lit(result.tables.programme.currency)
    if declared == "resource units":
        return pl.col("resource_unit")
    if declared in ("units", "unit-days") and "item_unit" in frame.columns:
        return pl.col("item_unit") + ("-days" if declared == "unit-days" else "")
    return pl.lit(declared)


def _measured(result: PlanResult, frame: pl.DataFrame, by: Sequence[str], name: str, declared: str) -> pl.DataFrame:
    if name == "utilisation":
        return _utilisation(frame, by)
    return _grouped(frame, by, _unit(result, frame, declared), name, pl.col(name).sum())


def _utilisation(frame: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    used, capacity = (pl.col("firm") + pl.col("planned")).sum(), pl.col("capacity").sum()
    share = pl.when(capacity > 0).then(used / capacity)
    # Capacities of different units have no common utilisation, so rows of one unit are kept together here as well.
    found = _grouped(frame, by, pl.col("resource_unit"), "utilisation", share)
    return found.with_columns(pl.format("share of {}", "unit").alias("unit"))


def _grouped(frame: pl.DataFrame, by: Sequence[str], unit: pl.Expr, name: str, value: pl.Expr) -> pl.DataFrame:
    """Return one row for each group and unit, sorted; choices are turned into text."""
    keys = [pl.col(one).cast(pl.String) if isinstance(frame.schema[one], pl.Enum) else pl.col(one) for one in by]
    sums = frame.group_by(*keys, unit.alias("unit")).agg(value.alias("value"))
    ordered = sums.sort(*by, "unit", nulls_last=True)
    return ordered.select(*by, pl.lit(name).alias("measure"), "unit", pl.col("value").cast(pl.Float64))
