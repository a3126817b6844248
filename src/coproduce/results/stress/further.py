"""Further answers of a stress test, which plan anew: survival and single sources, remedies, exports, re-planning."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from ...calendar import Timeline
from ...errors import AnalysisError
from ...tables import Tables
from .settings import Progress, Settings

if TYPE_CHECKING:
    from .result import StressResult

MOST_REPLICATIONS = 1000
"""Most replications of exports, which keep them in memory for every plan that they make."""


@dataclass(frozen=True)
class Further:
    """Which answers are asked for beside those of the replications.

    Attributes
    ----------
    survival : the tables `time_to_survive` and `single_sources`
    dates : beginnings of the outages; none: the start of every quarter
    remedies, exportable : the tables of these names
    remedy_plans : options that the programme is planned anew with; the others are tried beside the plan
    replan : replications that are carried out again with plans made on the way (`recourse`, `replanned`)
    replan_every : buckets from one of these plans to the next
    """

    survival: bool = False
    dates: Sequence[datetime] = ()
    remedies: bool = False
    exportable: bool = False
    replan: int = 0
    replan_every: int = 1
    remedy_plans: int = 20

    @property
    def replays(self) -> bool:
        """Whether plans are carried out for it."""
        return self.remedies or self.exportable or self.replan > 0


def check_further(tables: Tables, asked: Further, settings: Settings) -> None:
    """Make sure, before a long run begins, that further answers can be given.

    Raises
    ------
    AnalysisError
        if a date is outside the horizon, if nothing is exported or asked for at home, or with another policy than
        to follow the plan where plans are compared.
    """
    from ...analyses.time_to_survive import check_dates
    from ..exportable import check_kinds

    if asked.dates and not asked.survival:
        raise AnalysisError("dates of outages are given, but times to survive are not asked for")
    if asked.replays and settings.policy != "follow":
        raise AnalysisError(
            f"remedies, exports and re-planning follow plans; they are not found with {settings.policy}"
        )
    if asked.replan < 0 or asked.replan_every < 1:
        raise AnalysisError("re-planning needs whole numbers: of replications, and of buckets from plan to plan")
    if asked.replan > settings.replications:
        raise AnalysisError(
            f"re-planning carries out {asked.replan:,} replications again, and only {settings.replications:,} "
            "are asked for"
        )
    check_dates(Timeline.build(tables.programme.start, tables.programme.buckets), asked.dates)
    if asked.exportable:
        check_kinds(tables)


def with_further(
    result: StressResult,
    asked: Further,
    settings: Settings,
    *,
    workers: int = 0,
    chunks: Path | None = None,
    progress: Progress = lambda _: None,
) -> StressResult:
    """Return a stress test with further answers, as tables and in its figures.

    Remedies and exports are carried out with the seed and the periods of the test, remedies as often as it was, exports
    at most 1,000 times (`MOST_REPLICATIONS`); the tables say how often.

    Parameters
    ----------
    result : a stress test
    asked : which answers
    settings : those of the stress test
    workers : searches and replications side by side; 0: one for each core. The result does not depend on it
    chunks : folder in which the replications of re-planning are kept as they end, and found again
    progress : called with words that say how far it is

    Raises
    ------
    AnalysisError
        if an answer cannot be given.
    InputError
        if re-planning could not take up what the plan decided (E753).
    """
    from ..replanning import left_out
    from .result import plain_rows

    check_further(result.plan.tables, asked, settings)
    found = {
        **(_survival(result, asked, workers or os.cpu_count() or 1, progress) if asked.survival else {}),
        **_replayed(result, asked, settings, workers or os.cpu_count() or 1, progress),
        **(_replanned(result, asked, settings, chunks, progress) if asked.replan else {}),
    }
    doubts = tuple(left_out(result.plan.tables)) if asked.replan else ()
    rows = {name: plain_rows(frame) for name, frame in found.items()}
    return replace(
        result,
        further={**result.further, **found},
        summary={**result.summary, **rows},
        problems=(*result.problems, *doubts),
    )


def _replanned(
    result: StressResult, asked: Further, settings: Settings, chunks: Path | None, show: Progress
) -> dict[str, pl.DataFrame]:
    from ..replanning import Replanning, replanning

    wanted = Replanning(asked.replan, asked.replan_every, settings.seed, settings.period_days)
    return replanning(result.plan, wanted, chunks, show)


def _survival(result: StressResult, asked: Further, workers: int, show: Progress) -> dict[str, pl.DataFrame]:
    from ..questions import single_sources, time_to_survive

    report = _counted("times to survive", show)
    survival = time_to_survive(result.plan, dates=asked.dates, workers=workers, progress=report)
    return {"time_to_survive": survival, "single_sources": single_sources(result.plan, survival)}


def _replayed(
    result: StressResult, asked: Further, settings: Settings, workers: int, show: Progress
) -> dict[str, pl.DataFrame]:
    from ..questions import exportable, remedies

    count = int(result.summary["replications"])
    found: dict[str, pl.DataFrame] = {}
    if asked.remedies:
        found["remedies"] = remedies(
            result.plan,
            replications=count,
            seed=settings.seed,
            period_days=settings.period_days,
            most=asked.remedy_plans,
            workers=workers,
            progress=lambda number, total: show(f"remedies: trial {number} of {total}"),
        )
    if asked.exportable:
        found["exportable"] = exportable(
            result.plan,
            replications=min(count, MOST_REPLICATIONS),
            seed=settings.seed,
            period_days=settings.period_days,
            workers=workers,
            progress=lambda number, level: show(f"plan {number} of exports: {100 * level:g} % of those asked for"),
        )
    return found


def _counted(what: str, show: Progress) -> Callable[[int, int], None]:
    """Return what says how many of some searches are done and how long the others may take."""
    from .run import duration

    begun = time.monotonic()

    def report(done: int, total: int) -> None:
        left = (time.monotonic() - begun) / done * (total - done) if done else 0.0
        show(f"{what}: {done:,} of {total:,}{f', about {duration(left)} left' if left else ''}")

    return report
