"""Carry out an audited plan many times against the risks of its programme."""

from __future__ import annotations

from pathlib import Path

from ..check.drills import Drills
from ..results.result import PlanResult
from ..results.stress.result import StressResult
from ..results.stress.settings import How, Progress, Settings


def _quiet(what: str) -> None:
    """Show nothing."""


def stress(
    plan: PlanResult,
    settings: Settings | None = None,
    *,
    drills: Drills | None = None,
    workers: int = 0,
    cluster: str = "",
    chunks: Path | str | None = None,
    resume: bool = False,
    replace_chunks: bool = False,
    progress: Progress = _quiet,
) -> StressResult:
    """Carry out an audited plan many times against the risks of its programme, by the rules of `docs/stress.md`.

    Parameters
    ----------
    plan : a plan with the tables of its programme, as `plan` and `load_fitting` give it; risks are read from them
    settings : replications, seed, periods, policy, precision
    drills : events that are certain, beside the risks
    workers : threads; 0: one for each core. The result does not depend on them
    cluster : address of the scheduler of a Dask cluster that carries out the chunks in place of threads
    chunks : folder for the chunks as they end, which a killed run goes on from; None: a temporary one
    resume : go on with the run whose chunks are there; the result is that of an unbroken run
    replace_chunks : begin anew although the chunks of an unfinished run are there

    Raises
    ------
    UnfinishedRunError
        if there is no run to resume, one with other settings, or one that would be lost.
    ClusterError
        if the cluster cannot be used.
    """
    from ..results.stress.conduct import conduct

    folder = None if chunks is None else Path(chunks)
    how = How(workers, cluster, folder, resume, replace_chunks)
    return conduct(plan, settings or Settings(), drills, how, progress)
