"""Questions about a plan that need plan and stress test together: survival, single sources, remedies, exports."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

import polars as pl

from ..analyses.time_to_survive import LONGEST, Question
from ..plan.solve import Options
from ..tables import SURVIVAL_TABLES, Tables
from ..tables.survival_results import TARGETS
from .result import PlanResult
from .survival import time_to_survive as _survival


def time_to_survive(
    result: PlanResult,
    *,
    dates: Sequence[datetime] = (),
    tiers: Sequence[int] = (),
    targets: Sequence[str] = TARGETS,
    longest: int = LONGEST,
    workers: int = 1,
    progress: Callable[[int, int], None] = lambda _number, _total: None,
) -> pl.DataFrame:
    """Return the table `time_to_survive`: how long each site, supply, party, lane and border may be lost without loss.

    Parameters
    ----------
    result : an audited plan
    dates : beginnings of the outages; none: the start of every quarter
    tiers : priorities in which nothing may be lost; none: the first
    targets : kinds of target
    longest : days up to which times to survive are told apart
    workers : searches side by side; the result does not depend on it
    progress : called with the number of searches done, and of all

    Raises
    ------
    AnalysisError
        if a date, priority or kind of target is not there.
    """
    return _survival(result, Question(dates, tiers, targets, longest), workers, progress)


def single_sources(result: PlanResult, survival: pl.DataFrame | None = None) -> pl.DataFrame:
    """Return the table `single_sources`: of every item, what only one site or supplier can give.

    Parameters
    ----------
    survival : the table `time_to_survive`, for the effect of a loss; none: it is left out
    """
    from .single_sources import single_sources as table

    return table(result, SURVIVAL_TABLES["time_to_survive"].empty() if survival is None else survival)


def remedies(
    result: PlanResult,
    *,
    replications: int = 1000,
    seed: int = 0,
    period_days: float = 1.0,
    most: int = 20,
    threads: int = 0,
    workers: int = 1,
    progress: Callable[[int, int], None] = lambda _number, _total: None,
) -> pl.DataFrame:
    """Return the table `remedies`: what each option that the plan does not buy saves in bad years, on the same events.

    Each option is bought as early as it may be: at first beside the plan, which stays as it is, then, for those that
    save most so, in a plan made anew. Both plans are carried out.

    Parameters
    ----------
    replications, seed : how often, and the random numbers
    period_days : length of the periods of the stress test
    most : options that the programme is planned anew with
    threads : threads of the solver; 0 leaves the choice to it
    workers : threads of the stress test; the result does not depend on it
    progress : called with the number of the trial that begins, and of all
    """
    from ..analyses.carried_out import Trials
    from .remedies import remedies as table

    options, trials = _options(result.tables, threads), Trials(replications, seed, period_days, workers)
    return table(result, options, trials, most, progress)


def exportable(
    result: PlanResult,
    *,
    confidences: Sequence[float] = (0.8, 0.9, 0.95),
    most: float = 2.0,
    steps: int = 4,
    share: float = 1.0,
    replications: int = 1000,
    seed: int = 0,
    period_days: float = 1.0,
    threads: int = 0,
    workers: int = 1,
    progress: Callable[[int, float], None] = lambda _number, _level: None,
) -> pl.DataFrame:
    """Return the table `exportable`: the exports at which domestic demand is still kept with a stated probability.

    All demands of kind `export` are multiplied by a level, the programme is planned anew and carried out; the largest
    level is found by bisection, with the same events at every level.

    Parameters
    ----------
    confidences : probabilities with which domestic demand is to be kept
    most, steps : largest level; levels are multiples of most / 2 ** steps
    share : share of the domestic units that must be delivered in time; 1: every demand in full and in time
    replications, seed, period_days, threads, workers : as for `remedies`
    progress : called with the number of the plan that begins, and its level

    Raises
    ------
    AnalysisError
        if nothing is exported or nothing is asked for at home.
    """
    from ..analyses.carried_out import Trials
    from .exportable import Search
    from .exportable import exportable as table

    options, trials = _options(result.tables, threads), Trials(replications, seed, period_days, workers)
    return table(result, options, trials, Search(confidences, most, steps, share), progress)


def _options(tables: Tables, threads: int) -> Options:
    programme = tables.programme
    return Options(gap=programme.gap, threads=threads, tolerance=programme.tier_tolerance, bottlenecks=0)
