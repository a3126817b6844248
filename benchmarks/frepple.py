"""Converts and plans frePPLe's models and prints ours beside what was measured of frePPLe: `--data DIR`.

A delivery of bucket t is taken to happen at its end (`late days`) or, as frePPLe's instants do, at its start
(`late from`): what was made in a bucket is there when the next one begins. The truth lies between the two.
"""

from __future__ import annotations

import argparse
import csv
import os
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from coproduce import api
from coproduce.errors import CoproduceError, InputError, errors_of
from coproduce.results.result import PlanResult

_HEAD = (
    f"{'model':32}{'on time':>13}{'shipped':>15}{'asked':>8}{'late days':>20}{'late from':>10}{'bound':>10}"
    f"{'seconds':>9}  buckets; not represented, otherwise, left out"
)
_TINY = 1e-6


@dataclass(frozen=True)
class Peer:
    """What was measured of frePPLe."""

    on_time: float
    shipped: float
    late_days: float


def peers(path: Path) -> dict[str, Peer]:
    """Return the measured figures by model."""
    with path.open(encoding="utf-8", newline="") as stream:
        return {
            row["model"]: Peer(float(row["on_time"]), float(row["shipped"]), float(row["total_lateness_days"]))
            for row in csv.DictReader(stream)
        }


def files(data: Path) -> Iterator[tuple[str, Path]]:
    """Yield every model, fixture and workbook with the name under which it was measured."""
    for path in sorted(data.glob("models/*/*.xml")):
        yield path.stem, path
    for path in sorted(data.glob("fixtures/*.json")):
        yield f"fixtures/{path.stem}", path
    for path in sorted(data.glob("workbooks/*.xlsx")):
        yield f"workbooks/{path.stem}", path


def lateness(result: PlanResult, instant: str) -> float:
    """Return the days from due to latest delivery over all demands, delivered at `start` or `end` of the bucket."""
    demands, buckets = result.tables["demands"], result.frames["buckets"]
    last = result.frames["deliveries"].filter(pl.col("quantity") > _TINY).group_by("demand").agg(pl.max("bucket"))
    days = (
        last.join(demands.select("demand", "due"), on="demand")
        .join(buckets, on="bucket")
        .select((pl.col(instant) - pl.col("due")).dt.total_seconds() / 86400)
        .to_series()
    )
    # A due date inside the bucket of delivery counts as met.
    return float(days.clip(lower_bound=0).sum())


def on_time(result: PlanResult) -> int:
    """Return how many demands are served whole by the bucket of their due date."""
    return result.frames["demand_service"].filter(status="on_time").height


def line(name: str, path: Path, peer: Peer | None, limit: float) -> str:
    """Plan one file and return its line of the table."""
    begun = time.perf_counter()
    try:
        result = api.plan_path(path, time_limit=limit, threads=2, bottlenecks=0)
    except InputError as failure:
        return f"{name:32}{errors_of(failure.problems)[0]}"
    except CoproduceError as failure:
        return f"{name:32}{failure}"
    seconds = time.perf_counter() - begun
    shipped = float(result.frames["deliveries"]["quantity"].sum())
    asked = float(result.tables["demands"]["quantity"].sum())
    tiers = result.frames["tiers"]
    proven = tiers.filter(pl.col("status") == "optimal").height
    kinds = Counter(problem.code for problem in result.problems)
    return (
        f"{name:32}{_pair(on_time(result), peer.on_time if peer else None):>13}"
        f"{_pair(shipped, peer.shipped if peer else None):>15}{asked:8g}"
        f"{_pair(lateness(result, 'end'), peer.late_days if peer else None):>20}{lateness(result, 'start'):10.1f}"
        f"{f'{proven}/{tiers.height}':>10}{seconds:9.2f}"
        f"  {result.tables.programme.buckets}; {kinds['W551']}, {kinds['W552']}, {kinds['W553']}"
    )


def _pair(ours: float, theirs: float | None) -> str:
    return f"{round(ours, 1):g}" if theirs is None else f"{round(ours, 1):g} / {round(theirs, 1):g}"


def main() -> None:
    """Print one line for each file: ours / frePPLe's."""
    parser = argparse.ArgumentParser(prog="benchmarks.frepple", description=__doc__)
    parser.add_argument(
        "--data", type=Path, default=os.environ.get("COPRODUCE_BENCH_DATA"), help="folder of the models"
    )
    parser.add_argument("--only", default="", help="part of the name of the models wanted")
    parser.add_argument("--time-limit", type=float, default=60.0, help="seconds for each model")
    chosen = parser.parse_args()
    if chosen.data is None:
        parser.error("give --data, or set COPRODUCE_BENCH_DATA")
    data = Path(chosen.data)
    data = data / "frepple" if (data / "frepple").is_dir() else data
    known = peers(data / "measured.csv")
    print(_HEAD)
    for name, path in files(data):
        if chosen.only in name:
            print(line(name, path, known.get(name), chosen.time_limit), flush=True)


if __name__ == "__main__":
    main()
