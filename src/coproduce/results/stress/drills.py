"""Drills of a programme as the kernel takes them, and whether a plan is one of the programme under test."""

from __future__ import annotations

from polars.testing import assert_frame_equal

from ...calendar import Timeline
from ...errors import CoproduceError, ExitCode
from ...stress.events import Drill
from ...tables import INPUT_TABLES, Tables
from ..result import PlanResult

_APART = frozenset(
    {
        *("risks", "drills", "scenarios", "sources", "evidence", "commitments", "funds", "fund_budgets", "contracts"),
        *("subcontracts", "site_exceptions", "ownership", "payment_terms", "price_indices"),
    }
)
"""Tables that no plan depends on."""


class OtherPlanError(CoproduceError):
    """A plan was made of another programme than the one under test."""

    exit_code = ExitCode.INPUT


def drills_of(tables: Tables) -> tuple[Drill, ...]:
    """Return the rows of the table `drills`."""
    timeline = Timeline.build(tables.programme.start, tables.programme.buckets)
    return tuple(
        Drill(
            table=row["target_table"],
            target=row["target"],
            start=timeline.seconds(row["date"]),
            days=row["duration_days"],
            factor=row["severity"],
            delay_days=row["delay_days"] or 0.0,
            gradual=row["recovery"] == "gradual",
        )
        for row in tables["drills"].iter_rows(named=True)
    )


def check_plan(tables: Tables, plan: PlanResult) -> None:
    """Make sure that a plan is one of this programme.

    Raises
    ------
    OtherPlanError
        if a table differs that a plan depends on.
    """
    differing = [name for name in INPUT_TABLES if name not in _APART and not _same(tables, plan.tables, name)]
    if differing:
        listed = ", ".join(differing)
        raise OtherPlanError(f"the plan was made of other input ({listed}); plan again, or leave out --plan")


def _same(one: Tables, other: Tables, name: str) -> bool:
    try:
        assert_frame_equal(one[name], other[name])
    except AssertionError:
        return False
    return True
