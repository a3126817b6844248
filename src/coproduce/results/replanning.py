"""The tables of re-planning: what a plan made anew on the way delivers more, replication by replication."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import polars as pl

from ..analyses.as_it_stands import AGREED
from ..analyses.carried_out import CarriedOut
from ..analyses.paired import mean_of
from ..analyses.replanned import Course, Journey, Kept, carry_out
from ..calendar import Floats
from ..codes import problem
from ..errors import InputError, Problem
from ..network import Bools
from ..plan.solve import Options
from ..tables import REPLAN_TABLES, Tables
from ..tables.replan_results import MEASURES
from .result import PlanResult
from .variants import planned_variant

ALL = "all"
_UNITS = {"alpha": "share", "beta": "share", "late_unit_days": "unit-days", "undelivered": "units"}
_COUNTED = ("plans", "eased", "none", "events")
_KEPT = tuple(field.name for field in fields(Kept))


@dataclass(frozen=True)
class Replanning:
    """What re-planning is asked for.

    Attributes
    ----------
    replications : how many of the first ones are carried out again
    every : buckets from one plan to the next
    seed, period_days : those of the stress test
    threads : threads of the solver; 0 leaves the choice to it
    """

    replications: int
    every: int = 1
    seed: int = 0
    period_days: float = 1.0
    threads: int = 0


def refusals(plan: PlanResult) -> Iterator[Problem]:
    """Yield what stands against planning anew on the way: decisions of the plan that it could not take up."""
    tables = plan.tables
    bought = plan.frames["investments"]["option"].unique().to_list()
    decided = plan.frames["milestone_plan"].filter(decided="decided")["milestone"].unique().to_list()
    for table, column, found, words in (
        ("options", "option", bought, "the plan buys the option"),
        ("milestones", "milestone", decided, "the plan decides when to begin the milestone"),
    ):
        for row in tables[table][column].is_in(found).arg_true().to_list():
            name = tables[table][column][row]
            yield problem("E753", tables.origin(table, row, column), f'{words} "{name}"', seen=str(name))


def check_replannable(plan: PlanResult) -> None:
    """Make sure that plans can be made on the way.

    Raises
    ------
    InputError
        if the plan rests on decisions that plans on the way could not take up (E753).
    """
    found = list(refusals(plan))
    if found:
        raise InputError(found)


def left_out(tables: Tables) -> Iterator[Problem]:
    """Yield a warning for every kind of agreement that plans made on the way do not keep."""
    for table in AGREED:
        if tables[table].height:
            words = f"plans made on the way do not keep {table} ({tables[table].height} rows)"
            yield problem("W753", tables.origin(table, 0), words, seen=table)
    for row in tables["contracts"]["plan_keeps"].ne("nothing").arg_true().to_list()[:1]:
        words = "plans made on the way do not hold contracts to their money"
        yield problem("W753", tables.origin("contracts", row, "plan_keeps"), words)


def replanning(
    result: PlanResult, asked: Replanning, chunks: Path | None = None, progress: Callable[[str], None] = lambda _: None
) -> dict[str, pl.DataFrame]:
    """Return the tables `replanned` and `recourse` of an audited plan.

    Parameters
    ----------
    chunks : folder in which every replication is kept as it ends, and found again; None: none is kept
    progress : called with words that say how far it is

    Raises
    ------
    InputError
        if the plan rests on decisions that plans on the way could not take up (E753).
    """
    check_replannable(result)
    journey = _journey(result, asked)
    numbers: tuple[int | None, ...] = (None, *range(asked.replications))
    report = _Report(len(numbers), len(journey.dates), progress)
    quiet, *courses = [_course(journey, number, chunks, report) for number in numbers]
    tier = result.tables["demands"]["priority"].to_numpy()
    members = {ALL: np.ones(len(tier), dtype=bool)} | {str(one): tier == one for one in np.unique(tier).tolist()}
    return {
        "replanned": _framed("replanned", _every(courses, members)),
        "recourse": _framed("recourse", _means(courses, quiet, members, asked.every)),
    }


def _journey(result: PlanResult, asked: Replanning) -> Journey:
    programme = result.tables.programme
    options = Options(gap=programme.gap, threads=asked.threads, tolerance=programme.tier_tolerance, bottlenecks=0)
    return Journey(
        tables=result.tables,
        base=CarriedOut.of(result.tables, result.frames, asked.period_days),
        period_days=asked.period_days,
        seed=asked.seed,
        every=asked.every,
        planner=lambda tables: planned_variant(tables, options),
    )


class _Report:
    """Says how far re-planning is and how long it may still take."""

    def __init__(self, courses: int, dates: int, show: Callable[[str], None]) -> None:
        self._courses, self._dates, self._show = courses, dates, show
        self._begun, self._fresh, self._ended = time.monotonic(), 0, 0

    def plan(self, number: int | None, bucket: int) -> None:
        from .stress.run import duration

        which = "without events" if number is None else f"replication {number + 1} of {self._courses - 1}"
        share = self._fresh / self._courses
        left = (time.monotonic() - self._begun) / self._fresh * (self._courses - self._ended) if share else 0.0
        rest = f", about {duration(left)} left" if left else ""
        self._show(f"planning anew: {which}, at bucket {bucket + 1}{rest}")

    def end(self, *, fresh: bool) -> None:
        self._ended += 1
        self._fresh += fresh


def _course(journey: Journey, number: int | None, chunks: Path | None, report: _Report) -> Course:
    """Return a replication carried out both ways, from the disk if it is there."""
    name = f"replan-{journey.every}-{'quiet' if number is None else number}.npy"
    path = None if chunks is None else chunks / name
    if path is not None and path.is_file():
        report.end(fresh=False)
        return _read(np.load(path))
    found = carry_out(journey, number, lambda bucket: report.plan(number, bucket))
    if path is not None:
        part = path.with_name(f".{path.name}.{os.getpid()}.part")
        with part.open("wb") as file:
            np.save(file, _written(found), allow_pickle=False)
        part.replace(path)
    report.end(fresh=True)
    return found


def _written(course: Course) -> Floats:
    numbers = np.array([getattr(course, name) for name in _COUNTED], dtype=np.float64)
    kept = [getattr(way, name) for way in (course.followed, course.replanned) for name in _KEPT]
    return np.concatenate([numbers, *kept])


def _read(values: Floats) -> Course:
    numbers = {name: int(value) for name, value in zip(_COUNTED, values, strict=False)}
    parts = values[len(_COUNTED) :].reshape(2, len(_KEPT), -1)
    return Course(followed=Kept(*parts[0]), replanned=Kept(*parts[1]), **numbers)


def _measured(kept: Kept, member: Bools) -> dict[str, float]:
    """Return the measures of some demands, as in the table `service`."""
    asked, delivered = kept.asked[member], kept.delivered[member]
    full = kept.in_time[member] >= asked - 1e-6 * np.maximum(asked, 1.0)
    return {
        "alpha": float(full.mean()),
        "beta": float(kept.in_time[member].sum() / asked.sum()) if asked.sum() > 0 else 1.0,
        "late_unit_days": float(kept.late_days[member].sum()),
        "undelivered": float(np.maximum(asked - delivered, 0.0).sum()),
    }


def _every(courses: Sequence[Course], members: Mapping[str, Bools]) -> Iterator[dict[str, object]]:
    for number, course in enumerate(courses):
        for tier, member in members.items():
            before, after = (_measured(way, member) for way in (course.followed, course.replanned))
            for measure in MEASURES:
                yield {
                    "replication": number,
                    "tier": tier,
                    "measure": measure,
                    "unit": _UNITS[measure],
                    "followed": before[measure],
                    "replanned": after[measure],
                    "difference": after[measure] - before[measure],
                    "events": course.events,
                    "plans": course.plans,
                    "eased": course.eased,
                    "unplanned": course.none,
                }


def _means(
    courses: Sequence[Course], quiet: Course, members: Mapping[str, Bools], every: int
) -> Iterator[dict[str, object]]:
    for tier, member in members.items():
        ways = [[_measured(way, member) for way in (one.followed, one.replanned)] for one in (quiet, *courses)]
        for measure in MEASURES:
            before, after = (np.array([way[i][measure] for way in ways]) for i in (0, 1))
            gain = mean_of((after - before)[1:])
            yield {
                "tier": tier,
                "measure": measure,
                "unit": _UNITS[measure],
                "followed": float(before[1:].mean()),
                "replanned": float(after[1:].mean()),
                "difference": gain.mean,
                "low": gain.low,
                "high": gain.high,
                "quiet": float(after[0] - before[0]),
                "replications": len(courses),
                "every": every,
            }


def _framed(table: str, rows: Iterator[dict[str, object]]) -> pl.DataFrame:
    frame = pl.DataFrame(list(rows), schema=dict(REPLAN_TABLES[table].empty().schema))
    return frame.with_columns(pl.when(pl.col(pl.Float64).is_finite()).then(pl.col(pl.Float64)))
