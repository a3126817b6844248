"""Time to survive and time to recover of every site, supply, party, lane and border, on several dates."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

import numpy as np
import polars as pl

from ..calendar import Timeline
from ..errors import AnalysisError
from ..network import Network
from ..plan.highs import use_threads
from ..tables import Tables
from .outages import Closing, Closings, Target, targets_of
from .planned import grown_in, planned
from .remainder import remainder
from .survival import Search, Survival

Progress = Callable[[int, int], None]

# Outages that last longer are not told apart, unless asked for.
LONGEST = 365


@dataclass(frozen=True)
class Question:
    """What to find out.

    Attributes
    ----------
    dates : beginnings of the outages, each put at the beginning of the bucket that contains it; none: every quarter
    tiers : priorities in which nothing may be lost; none: the first
    tables : kinds of target: `sites`, `supplies`, `parties`, `lanes`, `borders`
    longest : days up to which times to survive are told apart
    """

    dates: Sequence[datetime] = ()
    tiers: Sequence[int] = ()
    tables: Sequence[str] = ("sites", "supplies", "parties", "lanes", "borders")
    longest: int = LONGEST


@dataclass(frozen=True)
class TargetSurvival:
    """How long an outage of a target that begins with bucket `start` may last, and what comes of its usual one.

    Attributes
    ----------
    recovery_days : time to recover; NaN where it is unknown
    loss_at_recovery : least weighted late unit-days of such an outage; NaN where unknown or where hard limits break
    recovers : whether nothing is lost until then
    """

    target: Target
    start: int
    survival: Survival
    recovery_days: float
    loss_at_recovery: float
    recovers: bool


def times_to_survive(
    tables: Tables,
    frames: Mapping[str, pl.DataFrame],
    question: Question,
    *,
    workers: int = 1,
    progress: Progress = lambda _number, _total: None,
) -> tuple[list[TargetSurvival], tuple[int, ...]]:
    """Return what outages of all targets may last, by date, and the priorities in which nothing may be lost.

    Parameters
    ----------
    frames : result tables of the plan by name
    workers : searches side by side; the result does not depend on it
    progress : called with the number of searches done, and of all

    Raises
    ------
    AnalysisError
        if a date, priority or kind of target is not there, or the tables hold no plan of the programme.

    References
    ----------
    Simchi-Levi et al. (2015), doi:10.1287/inte.2015.0804.
    """
    use_threads()
    plan = planned(tables, frames, 1)
    network = plan.model.network
    tiers = _tiers(network, question.tiers)
    starts = _starts(network.timeline, question.dates)
    targets = _targets(tables, question.tables)
    closings = Closings(tables, network, grown_in(tables, network, frames))
    recovery = _recovery(tables)
    found: list[TargetSurvival] = []
    with ThreadPoolExecutor(max(workers, 1)) as pool:
        for start in starts:
            rest = remainder(plan, start, [network.priorities.index(tier) for tier in tiers])
            search = Search(rest)
            survived = partial(_survived, search, start, question.longest)
            closed = [closings.of(target, rest) for target in targets]
            for one in pool.map(survived, targets, closed, [recovery.get(target, np.nan) for target in targets]):
                found.append(one)
                progress(len(found), len(starts) * len(targets))
    return found, tiers


def _survived(
    search: Search, start: int, longest: int, target: Target, closing: Closing, recovery: float
) -> TargetSurvival:
    trials = search.trials(closing)
    survival = trials.longest(min(longest, search.most))
    loss = 0.0
    if np.isnan(recovery):
        loss = np.nan
    elif recovery > survival.days:
        loss = trials.loss(min(recovery, float(search.most)))
    kept = bool(loss <= search.tolerance)
    if kept:
        # A recovery may be longer than what was searched: the plan found for it is one without loss.
        survival = replace(survival, days=max(survival.days, int(min(recovery, search.most))))
    return TargetSurvival(target, start, survival, recovery, 0.0 if kept else loss, kept)


def _tiers(network: Network, asked: Sequence[int]) -> tuple[int, ...]:
    known = network.priorities
    if not known:
        raise AnalysisError("the programme has no demands, so that nothing can be lost")
    for tier in asked:
        if tier not in known:
            raise AnalysisError(f"no demand has priority {tier}; there are {', '.join(map(str, known))}")
    return tuple(asked) or known[:1]


def _targets(tables: Tables, asked: Sequence[str]) -> list[Target]:
    known = ("sites", "supplies", "parties", "lanes", "borders")
    for table in asked:
        if table not in known:
            raise AnalysisError(f"{table} are no targets of outages; there are {', '.join(known)}")
    return [target for target in targets_of(tables) if target.table in asked]


def _starts(timeline: Timeline, dates: Sequence[datetime]) -> list[int]:
    """Return the buckets that contain the dates; those of the quarters' beginnings if there are none."""
    check_dates(timeline, dates)
    chosen = dates or [timeline.start, *_quarters(timeline.start, timeline.moment(timeline.horizon))]
    seconds = np.array([timeline.seconds(date) for date in chosen], dtype=np.int64)
    return sorted(set(timeline.bucket_of(seconds).tolist()))


def check_dates(timeline: Timeline, dates: Sequence[datetime]) -> None:
    """Make sure that outages can begin on dates.

    Raises
    ------
    AnalysisError
        if one is outside the horizon.
    """
    begin, end = timeline.start, timeline.moment(timeline.horizon)
    for date in dates:
        if not begin <= date < end:
            raise AnalysisError(
                f"{date:%Y-%m-%d} is not between {begin:%Y-%m-%d} and {end:%Y-%m-%d}, when the plan ends"
            )


def _quarters(begin: datetime, end: datetime) -> Iterator[datetime]:
    """Yield the first days of calendar quarters after a day and before another."""
    for year in range(begin.year, end.year + 1):
        for month in (1, 4, 7, 10):
            if begin < datetime(year, month, 1) < end:
                yield datetime(year, month, 1)


def _recovery(tables: Tables) -> dict[Target, float]:
    """Return the times to recover that the input gives."""
    return {
        Target(table, row[0]): row[1]
        for table in ("sites", "supplies", "parties", "lanes", "borders")
        for row in tables[table].select(pl.first(), "recovery_days").drop_nulls().iter_rows()
    }
