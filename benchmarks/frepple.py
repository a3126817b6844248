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
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import polars as pl

from coproduce import api
from coproduce.errors import CoproduceError, InputError, errors_of
from coproduce.read.frepple import SUFFIXES, read_frepple
from coproduce.results.result import PlanResult

_HEAD = (
    f"{'model':32}{'on time':>13}{'shipped':>15}{'asked':>8}{'late days':>20}{'late from':>10}{'unit-days':>18}"
    f"{'proven':>8}{'seconds':>9}  buckets; not represented, otherwise, left out"
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


def unit_days_of_peer(path: Path, result: PlanResult, peer: Peer) -> float | None:
    """Return units times days late in frePPLe's own plan, if the file beside the model is that of the measured plan."""
    plan = path.with_suffix(".1.expect")
    if not plan.exists():
        return None
    due = {row["name"]: row["due"] for row in result.tables["demands"].iter_rows(named=True)}
    rows = [text.split("\t") for text in plan.read_text(encoding="utf-8").splitlines() if text.startswith("DEMAND\t")]
    made = [(row[1], datetime.fromisoformat(row[2]), float(row[3])) for row in rows if len(row) > 3 and row[1] in due]
    late = [(name, max(0.0, (at - due[name]).total_seconds() / 86400), units) for name, at, units in made]
    worst: dict[str, float] = {}
    for name, days, _ in late:
        worst[name] = max(days, worst.get(name, 0.0))
    same = (
        abs(sum(worst.values()) - peer.late_days) < 0.1 and abs(sum(units for _, _, units in made) - peer.shipped) < 0.1
    )
    return sum(days * units for _, days, units in late) if same else None


def unit_days(result: PlanResult, instant: str) -> float:
    """Return units times days late, each delivery at `start` or `end` of its bucket; units never delivered left out."""
    rows = (
        result.frames["deliveries"]
        .join(result.tables["demands"].select("demand", "due"), on="demand")
        .join(result.frames["buckets"].drop("days"), on="bucket")
    )
    late = ((rows[instant] - rows["due"]).dt.total_seconds() / 86400).clip(lower_bound=0)
    return float((late * rows["quantity"]).sum())


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


def planned(path: Path, limit: float, bucket: str) -> PlanResult:
    """Plan a file, with buckets of a length of choice where it is no workbook."""
    if not bucket or path.suffix not in SUFFIXES:
        return api.plan_path(path, time_limit=limit, threads=1, bottlenecks=0)
    checked = api.check(read_frepple(path, bucket))
    result = api.plan(checked.unwrap(), time_limit=limit, threads=1, bottlenecks=0)
    return replace(result, problems=checked.problems)


def line(name: str, path: Path, peer: Peer | None, limit: float, bucket: str) -> str:
    """Plan one file and return its line of the table."""
    begun = time.perf_counter()
    try:
        result = planned(path, limit, bucket)
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
        f"{_pair(unit_days(result, 'start'), unit_days_of_peer(path, result, peer) if peer else None):>18}"
        f"{f'{proven}/{tiers.height}':>8}{seconds:9.2f}"
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
    parser.add_argument("--bucket", default="", choices=("", "hour", "day", "week"), help="length of the time buckets")
    chosen = parser.parse_args()
    if chosen.data is None:
        parser.error("give --data, or set COPRODUCE_BENCH_DATA")
    data = Path(chosen.data)
    data = data / "frepple" if (data / "frepple").is_dir() else data
    known = peers(data / "measured.csv")
    print(_HEAD)
    for name, path in files(data):
        if chosen.only in name:
            print(line(name, path, known.get(name), chosen.time_limit, chosen.bucket), flush=True)


if __name__ == "__main__":
    main()
