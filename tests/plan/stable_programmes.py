"""Random programmes with a baseline: an earlier plan of much the same programme, moved in time and changed a little."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import Any

import numpy as np
from programmes import random_lots, random_programme, tables_of
from test_against_oracle import planned

from coproduce.results.baseline import baseline_of
from coproduce.tables import Tables

Row = dict[str, Any]
# One of so many seeds draws on a programme with lots.
LOTS = 4


@cache
def random_stability(seed: int) -> Tables | None:
    """Return the random programme with a baseline that belongs to a seed; None where there was no earlier plan."""
    tables = random_lots(seed) if seed % LOTS == 0 else random_programme(seed)
    result = planned(tables)
    if result is None:
        return None
    rows = {name: frame.to_dicts() for name, frame in tables.frames.items()}
    rng = np.random.default_rng(seed + 70_000)
    buckets = result.frames["buckets"]
    rows["baseline"] = baseline_of(result).to_dicts()
    if rng.random() < 0.3:
        _move(rows["baseline"], timedelta(days=int(rng.integers(1, 8))))
    _price(rows, rng)
    if rng.random() < 0.5:
        until = buckets["end"][int(rng.integers(0, max(1, buckets.height // 2)))]
        rows["programme"][0]["frozen_until"] = until - timedelta(days=1) * bool(rng.random() < 0.3)
    if rng.random() < 0.7:
        _demand_anew(rows, rng)
    if rng.random() < 0.3:
        rows["programme"][0]["buckets"] = _other(rows["programme"][0]["buckets"])
    return tables_of(rows)


def _move(baseline: list[Row], days: timedelta) -> None:
    """Let the earlier plan have begun before: its last days are no longer known."""
    for row in baseline:
        row |= {"start": row["start"] - days, "end": row["end"] - days}


def _price(rows: dict[str, list[Row]], rng: np.random.Generator) -> None:
    """Give prices on changes, in one or the other currency, to some of everything."""
    for table, most in (("processes", 60.0), ("supplies", 20.0), ("lanes", 10.0), ("demands", 5.0)):
        for row in rows[table]:
            row["change_price"] = round(float(rng.uniform(0, most)), 2) if rng.random() < 0.6 else None


def _demand_anew(rows: dict[str, list[Row]], rng: np.random.Generator) -> None:
    """Ask for more or less, later or sooner, and forget a demand."""
    start = rows["programme"][0]["start"]
    for row in rows["demands"]:
        if rng.random() < 0.5:
            row["quantity"] = round(row["quantity"] * float(rng.uniform(0.8, 1.6)), 2)
        if rng.random() < 0.3 and row["due"] >= start + timedelta(days=10):
            row["due"] -= timedelta(days=5)
    if len(rows["demands"]) > 1 and rng.random() < 0.2:
        rows["demands"].pop()


def _other(buckets: str) -> str:
    """Return buckets of other lengths over the same time, where weeks begin: a week as seven days."""
    first, comma, rest = buckets.partition(",")
    count, unit = first.split()
    if not unit.startswith("week"):
        return buckets
    fewer = [f"{int(count) - 1} weeks"] if int(count) > 1 else []
    return ", ".join(["7 days", *fewer, *([rest.strip()] if comma else [])])
