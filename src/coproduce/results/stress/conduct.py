"""Conducts a stress test: from a plan and settings to chunks, and from chunks to answers."""

from __future__ import annotations

import hashlib
import io
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import polars as pl

from ...check.drills import Drills
from ...tables import Tables
from ..identity import input_hash
from ..result import PlanResult
from .case import Case, make_case
from .chunks import begin
from .cluster import cluster
from .doubts import doubts
from .result import StressResult, answers, figures
from .run import carry_out_all, threads
from .settings import How, Progress, Settings
from .source import Source

_OF_PLAN = ("purchases", "runs", "setups", "shipments", "deliveries")


def conduct(plan: PlanResult, settings: Settings, drills: Drills | None, how: How, show: Progress) -> StressResult:
    """Carry out a stress test; parameters and errors as for `api.stress`."""
    show("making the programme ready")
    tables = plan.tables if drills is None else drills.added_to(plan.tables)
    names = frozenset[str]() if drills is None else frozenset(drills.frame["risk"].to_list())
    case = make_case(tables, plan.frames, settings, names)
    with _folder(how.chunks) as folder:
        chunks = begin(folder, manifest(tables, plan.frames, settings), resume=how.resume, replace=how.replace)
        with _team(case, how) as team:
            count = carry_out_all(case.study, chunks, team, settings.precision, show)
        show("making the tables of answers")
        source, tested = Source(case, chunks, count), replace(plan, tables=tables)
        frames = answers(source)
        return StressResult(tested, frames, figures(source, tested, frames), tuple(doubts(case, plan.tables, drills)))


def manifest(tables: Tables, frames: Mapping[str, pl.DataFrame], settings: Settings) -> dict[str, Any]:
    """Return what the chunks of a run depend on; a run goes on only with the same."""
    digest = hashlib.sha256()
    for name in (name for name in _OF_PLAN if name in frames):
        buffer = io.BytesIO()
        frames[name].write_csv(buffer)
        digest.update(buffer.getvalue())
    return {
        "version": version("coproduce"),
        "input": input_hash(tables),
        "plan": digest.hexdigest()[:16],
        **asdict(settings),
    }


@contextmanager
def _folder(chosen: Path | None) -> Iterator[Path]:
    if chosen is not None:
        yield chosen
        return
    with tempfile.TemporaryDirectory(prefix="coproduce-stress-") as folder:
        yield Path(folder)


def _team(case: Case, how: How) -> Any:
    replications = case.settings.replications
    if how.cluster:
        return cluster(case.study, replications, how.cluster)
    return threads(case.study, replications, how.workers)
