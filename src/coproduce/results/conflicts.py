"""Conflicting limits in words and in the user's cells."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from ..errors import Conflict
from ..plan.conflict import HardLimit
from ..tables import INPUT_TABLES, Tables

_SUBJECT = {
    "stocks": "{item} at {site}",
    "resources": "{resource} at {site}",
    "supplies": "{supply} of {item} to {site}",
    "lanes": "{lane} from {from_site} to {to_site}",
    "processes": "{process} at {site}",
    "wip": "firm run {wip} of {process}",
    "shares": "work share {share}",
    "demands": "demand {demand}",
    "fair_shares": "rule {rule}",
    "export_floors": "floor {floor}",
    "reservations": "reservation {reservation}",
    "borders": "border {border}",
    "transit_limits": "limit {limit}",
    "origin_limits": "limit on origin {limit}",
    "contracts": "contract {contract}",
    "funds": "fund {fund}",
    "fund_budgets": "fund {fund} in {year}",
    "baseline": "the {kind} {entity} of the baseline",
    "programme": "{name}",
}


def conflicts(tables: Tables, limits: Sequence[HardLimit]) -> list[Conflict]:
    """Return each limit with its cell, what it limits and its value.

    A capacity that conflicts with nothing else is exceeded by firm runs alone; these are named with it.
    """
    alone = limits[0] if len(limits) == 1 and limits[0].table == "resources" else None
    return [_conflict(tables, limit) for limit in [*limits, *(_firm_runs(tables, alone.row) if alone else [])]]


def _firm_runs(tables: Tables, resource: int) -> list[HardLimit]:
    """Return the firm runs whose process loads a resource."""
    loads = tables["loads"].filter(pl.col("resource") == tables["resources"]["resource"][resource])
    rows = tables["wip"].select(pl.col("process").is_in(loads["process"].to_list()).arg_true()).to_series()
    return [HardLimit("wip", row, "quantity") for row in rows.to_list()]


def _shown(said: object) -> str:
    """Return the value of a cell as it is shown."""
    return f"{said:g}" if isinstance(said, float | int) else f"{said}"


def _conflict(tables: Tables, limit: HardLimit) -> Conflict:
    row = tables[limit.table].row(limit.row, named=True)
    column = INPUT_TABLES[limit.table].columns[limit.column]
    subject = _SUBJECT[limit.table].format(**row)
    per = next((row[name] for name in (f"{limit.column}_per", "rate_per") if row.get(name)), "")
    said = row[limit.column]
    value = _shown(said) + (f" per {per}" if per else "")
    return Conflict(
        origin=tables.origin(limit.table, limit.row, limit.column),
        limit=f"{column.name} of {subject}",
        value=value,
    )
