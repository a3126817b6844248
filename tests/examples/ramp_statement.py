"""What a plan of the back-test says: the rate by month, when it reaches what was announced, and which step holds it."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl
from ramp_oracle import BODIES, CHARGES, EDGES, LOADING, MONTHS, TARGETS, first_month

from coproduce.results.result import PlanResult

DATES = ("2024-10", "2025-04", "2025-10")
"""The months for which 60, 75 and 100 thousand were announced."""

COUNTED = {"projectiles": "accept", "rounds": "complete"}
"""What is counted, and the process whose runs are the rate."""

ITEM = {"projectiles": "tally", "rounds": "complete_round"}

FULL = 0.999
_NAMES = [f"{edge:%Y-%m}" for edge in EDGES]


@dataclass(frozen=True)
class Statement:
    """Rate by month; by announced month the step that holds it back, if anything is late; by target its first month."""

    rate: dict[str, float]
    binds: dict[str, str]
    reached: dict[int, str]


def statement(result: PlanResult, counted: str) -> Statement:
    """Return what a plan says of projectiles or rounds."""
    runs = result.frames["runs"].filter(pl.col("process") == COUNTED[counted])
    found = dict(runs.group_by("bucket").agg(pl.col("quantity").sum()).rows())
    units = [found.get(month, 0.0) for month in range(MONTHS)]
    steps = {"bodies": BODIES, "loading": LOADING} | ({"charges": CHARGES} if counted == "rounds" else {})
    months = {date: _NAMES.index(date) for date in DATES}
    return Statement(
        rate=dict(zip(_NAMES, units, strict=False)),
        binds={
            date: _full(result, steps, month) if _late(result, ITEM[counted], units, month) else "none"
            for date, month in months.items()
        },
        reached={target: first_month(units, target) for target in TARGETS},
    )


def _late(result: PlanResult, item: str, units: list[float], month: int) -> bool:
    """Return whether less has been made by the end of a month than was due by then."""
    demands = result.tables["demands"].filter(pl.col("item") == item, pl.col("due") < EDGES[month + 1])
    return sum(units[: month + 1]) < float(demands["quantity"].sum()) - 1


def _full(result: PlanResult, steps: dict[str, tuple[str, ...]], month: int) -> str:
    """Return the step that is full; charges first, since where they are full nothing else holds a round back."""
    loads = result.frames["resource_load"].filter(pl.col("bucket") == month)
    full = []
    for step, resources in steps.items():
        used = loads.filter(pl.col("resource").is_in(resources)).select(pl.col("planned", "capacity").sum())
        planned, capacity = used.row(0)
        full += [step] if planned >= FULL * capacity else []
    return "charges" if "charges" in full else ", ".join(full) or "none"
