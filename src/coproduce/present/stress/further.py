"""Further answers of a stress test on the screen: survival, single sources, remedies, exports, each in brief."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl
from rich.table import Table

from ...results.stress.result import StressResult
from ..listing import listing
from ..words.formats import counted, day, quantity, share
from .words import REPLANNED

_MOST = 8


def further_tables(result: StressResult) -> Iterator[Table]:
    """Yield what was asked for beside the answers of the replications; the tables of the result hold all rows."""
    made = {
        "time_to_survive": _survival,
        "single_sources": _single,
        "remedies": _remedies,
        "exportable": _exports,
        "recourse": _recourse,
    }
    for name, frame in result.further.items():
        if name in made:
            yield made[name](frame)


def _survival(frame: pl.DataFrame) -> Table:
    """Return the targets that recover too late, those that hold out the shortest first."""
    verdicts = {name: frame.filter(verdict=name).height for name in ("short", "survives", "unknown")}
    title = (
        f"Times to survive: of {counted(frame.height, 'outage')} {verdicts['short']:,} shorter than the recovery, "
        f"{verdicts['survives']:,} survived, {verdicts['unknown']:,} unknown"
    )
    shown = frame.filter(verdict="short") if verdicts["short"] else frame
    rows = shown.sort("survives_days", "date", "target", maintain_order=True).head(_MOST).iter_rows(named=True)
    heads = ("lost", "from", "survives", "recovers in", "late unit-days then (weighted, at least)")
    return listing(title, heads, [_survival_row(row) for row in rows], first_number=1)


def _survival_row(row: Mapping[str, Any]) -> tuple[str, ...]:
    # Without a shortest outage that costs something, the longest that was asked about is only a lower bound.
    least = "at least " if row["fails_days"] is None else ""
    return (
        f"{row['target']} ({row['target_table']})",
        day(row["date"]),
        f"{least}{_days(row['survives_days'])}",
        _days(row["recovery_days"]),
        _some(row["loss_at_recovery"]),
    )


def _single(frame: pl.DataFrame) -> Table:
    alone = frame.filter(pl.col("target").is_not_null()).sort(
        ["single_value", "single", "item"], descending=[True, True, False], nulls_last=True
    )
    rows = [
        (row["item"], f"{quantity(row['single'])} {row['unit']}", _share(row["share"]), row["target"])
        for row in alone.head(_MOST).iter_rows(named=True)
    ]
    title = f"{alone.height:,} of {counted(frame.height, 'item')} come from one place only"
    return listing(title, ("item", "quantity", "of all of it", "from"), rows, first_number=1)


def _remedies(frame: pl.DataFrame) -> Table:
    rows = [
        (
            row["option"],
            _some(row["investment"]),
            _some(row["saved"]),
            "" if row["saved_low"] is None else f"{quantity(row['saved_low'])} to {quantity(row['saved_high'])}",
            {"planned": "made anew", "kept": "as it is"}.get(row["status"], ""),
            str(row["rank"] or row["status"]),
        )
        for row in frame.head(_MOST).iter_rows(named=True)
    ]
    heads = ("option", "costs", "saves late unit-days", "95 % interval", "plan", "rank")
    return listing("What options that the plan does not buy would save", heads, rows, first_number=1)


def _exports(frame: pl.DataFrame) -> Table:
    rows = [
        (
            share(row["confidence"], 1.0),
            "not even without exports" if row["level"] is None else share(row["level"], 1.0),
            _some(row["per_month"]),
            _some(row["delivered"]),
        )
        for row in frame.iter_rows(named=True)
    ]
    heads = ("domestic demand kept with", "exports, of those asked for", "units a month", "delivered in that share")
    return listing("What may be exported", heads, rows, first_number=1)


def _recourse(frame: pl.DataFrame) -> Table:
    """Return the difference over all tiers that planning anew on the way makes."""
    rows = [
        (
            REPLANNED[row["measure"]],
            *(_measured(row["unit"], row[name], "%") for name in ("followed", "replanned")),
            _measured(row["unit"], row["difference"], "points"),
            ""
            if row["low"] is None
            else " to ".join(_measured(row["unit"], row[name], "points") for name in ("low", "high")),
            _measured(row["unit"], row["quiet"], "points"),
        )
        for row in frame.filter(tier="all").iter_rows(named=True)
    ]
    title = f"What following the plan misses ({counted(int(frame['replications'][0]), 'replication')})"
    heads = ("measure", "followed", "planned anew", "difference", "95 % interval", "without events")
    return listing(title, heads, rows, first_number=1)


def _measured(unit: str, value: float, of_share: str) -> str:
    """Return a figure; a share in hundredths, `%` or `points` of a difference."""
    return f"{100 * value:.1f} {of_share}" if unit == "share" else quantity(value)


def _days(value: float | None) -> str:
    return "unknown" if value is None else counted(round(value), "day")


def _some(value: float | None) -> str:
    return "" if value is None else quantity(value)


def _share(value: float | None) -> str:
    return "" if value is None else share(value, 1.0)
