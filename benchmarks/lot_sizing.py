"""Lot sizing: this planner beside HiGHS on the natural model, in one run and within one time limit.

    python -m benchmarks.lot_sizing --data DIR --time-limit 60 --threads 2 [--every N] [NAME ...]

DIR holds `trigeiro`, `orlib_cap` and, if given, `multilsb`; the instances are not part of the project. A gap is
that of the cost, with nothing late; units late are printed apart. Where backlog is a cost, as in MULTILSB, the gap
is a share of the rest of the cost: backlog makes most of it, and of the whole every gap would look small.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import highspy
import numpy as np

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import multilsb, trigeiro, warehouses
from coproduce.block import COST, MONEY
from coproduce.calendar import Floats
from coproduce.compile import compile_network
from coproduce.plan.assemble import Model, assemble
from coproduce.plan.highs import use_threads
from coproduce.plan.solve import Options, solve
from coproduce.tables import Tables

GAP = 1e-4


@dataclass(frozen=True)
class Outcome:
    """Value and bound of the cost, backlog included, seconds, unit-days late, and what backlog costs."""

    value: float
    bound: float
    seconds: float
    late: float = 0.0
    backlog: float = 0.0

    @property
    def gap(self) -> float:
        """Gap in percent of the cost without backlog."""
        return 100 * (self.value - self.bound) / max(abs(self.value - self.backlog), 1.0)


@dataclass(frozen=True)
class Case:
    """One instance: how to make its programme and its natural model, and its optimum where it is published."""

    name: str
    programme: Callable[[], Tables]
    plain: Callable[[], highspy.Highs | multilsb.Natural]
    optimum: float | None = None


def cases(data: Path) -> Iterator[Case]:
    """Yield all instances of a folder."""
    for path in sorted((data / "trigeiro").iterdir()):
        one = trigeiro.read(path)
        yield Case(one.name, lambda one=one: trigeiro.programme(one), lambda one=one: trigeiro.plain(one))  # type: ignore[misc]
    published = warehouses.optima(data / "orlib_cap" / "bounds.txt")
    for path in sorted((data / "orlib_cap").glob("cap[0-9]*.txt")):
        place = warehouses.read(path)
        yield Case(
            place.name,
            lambda place=place: warehouses.programme(place),  # type: ignore[misc]
            lambda place=place: warehouses.plain(place),  # type: ignore[misc]
            published[place.name],
        )
    for path in sorted((data / "multilsb").glob("SET*/[0-9]*")):
        many = multilsb.read(path)
        yield Case(many.name, lambda many=many: multilsb.programme(many), lambda many=many: multilsb.plain(many))  # type: ignore[misc]


def ours(case: Case, seconds: float, threads: int) -> Outcome:
    """Plan an instance as a programme, reading and building included."""
    begin = time.monotonic()
    model = assemble(compile_network(case.programme()))
    left = max(seconds - (time.monotonic() - begin), 1.0)
    solution = solve(model, Options(gap=GAP, time_limit=left, threads=threads, bottlenecks=0))
    cost = next(stage for stage in solution.stages if stage.name in (COST, MONEY))
    late = sum(stage.value for stage in solution.stages if stage.name.startswith("tier"))
    backlog = _backlog(model, solution.x) if cost.name == MONEY else 0.0
    return Outcome(cost.value, cost.bound, time.monotonic() - begin, late, backlog)


def _backlog(model: Model, x: Floats) -> float:
    """Return what lateness costs in a plan."""
    owing = {kind: part for kind, part in model.columns.items() if MONEY in part.stages}
    return sum(float(model.values(kind, x) @ part.stages[MONEY]) for kind, part in owing.items())


def plain(case: Case, seconds: float, threads: int) -> Outcome:
    """Solve the natural model."""
    begin = time.monotonic()
    use_threads()
    natural = case.plain()
    highs = natural.highs if isinstance(natural, multilsb.Natural) else natural
    for option, value in (("threads", threads), ("time_limit", seconds), ("mip_rel_gap", GAP)):
        highs.setOptionValue(option, value)
    highs.run()
    info = highs.getInfo()
    backlog = natural.penalty() if isinstance(natural, multilsb.Natural) else 0.0
    value, bound = float(info.objective_function_value), float(info.mip_dual_bound)
    return Outcome(value, bound, time.monotonic() - begin, backlog=backlog)


def _line(name: str, who: str, one: Outcome, optimum: float | None) -> str:
    text = (
        f"{name:10} {who:5} value {one.value:14.3f} bound {one.bound:14.3f} gap {one.gap:7.3f} % {one.seconds:6.1f} s"
    )
    text += f"  late {one.late:.3g} unit-days" if who == "ours" and not one.backlog else ""
    text += f"  backlog {one.backlog:.3f}" if one.backlog else ""
    return text + (f"  published {optimum:.3f}" if optimum is not None else "")


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description="Lot sizing beside HiGHS on the natural model")
    parser.add_argument("--data", type=Path, default=os.environ.get("COPRODUCE_BENCH_DATA"))
    parser.add_argument("--time-limit", type=float, default=60.0)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--every", type=int, default=1, help="take every N-th instance")
    parser.add_argument("names", nargs="*", help="instances; all if none is named")
    given = parser.parse_args()
    if given.data is None or not (given.data / "trigeiro").is_dir():
        parser.error("give the folder of the instances by --data or COPRODUCE_BENCH_DATA; it holds trigeiro/")
    chosen = [case for case in cases(given.data) if not given.names or case.name in given.names][:: given.every]
    pairs: list[tuple[Outcome, Outcome]] = []
    for case in chosen:
        pair = plain(case, given.time_limit, given.threads), ours(case, given.time_limit, given.threads)
        for who, one in zip(("plain", "ours"), pair, strict=True):
            print(_line(case.name, who, one, case.optimum), flush=True)
        pairs.append(pair)
    _sum_up(pairs)


def _sum_up(pairs: list[tuple[Outcome, Outcome]]) -> None:
    """Print the mean gaps, and those of the instances that the natural model leaves above 1 %."""
    if not pairs:
        return
    gaps = np.array([[one.gap for one in pair] for pair in pairs])
    print(f"mean gap: plain {statistics.mean(gaps[:, 0]):.3f} %, ours {statistics.mean(gaps[:, 1]):.3f} %")
    hard = gaps[gaps[:, 0] > 1.0]
    if len(hard):
        print(
            f"{len(hard)} above 1 % with plain: ours at most {hard[:, 1].max():.3f} %, mean {hard[:, 1].mean():.3f} %"
        )


if __name__ == "__main__":
    main()
