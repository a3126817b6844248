"""Carries out a stress test: chunk by chunk, stopping when it is precise enough, and makes its tables."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from ...analyses.attribution import DRILLS, Parts, attribute
from ...calendar import Floats
from ...tables import STRESS_TABLES, Tables
from ..identity import input_hash
from ..result import PlanResult
from .chunks import CHUNK, Chunks, Outcome
from .figures import NORMAL_95, Interval, mean
from .promises import bands, commitment_chances, demand_promises
from .question import Question
from .service import ALL, lateness, service

Progress = Callable[[str], None]

_TIMING = "timing"
_FIRST_LOOK = 2
"""Chunks after which precision is looked at first, and then after every chunk."""


@dataclass(frozen=True)
class StressResult:
    """What a stress test gives.

    Attributes
    ----------
    tables : the programme with its risks
    plan : the audited plan that was carried out
    frames : result tables by name (`STRESS_TABLES`)
    summary : the content of `stress.json`
    """

    tables: Tables
    plan: PlanResult
    frames: Mapping[str, pl.DataFrame]
    summary: Mapping[str, Any]


def stress_test(
    question: Question, folder: Path | None = None, *, resume: bool = False, progress: Progress = lambda _: None
) -> StressResult:
    """Carry out a stress test and make its tables.

    Parameters
    ----------
    folder : where chunks are kept while it runs; None: nowhere
    resume : go on from the chunks of a run that was stopped

    Raises
    ------
    ResumeError
        if there is nothing to go on from, or it belongs to another run.
    """
    begun = time.perf_counter()
    chunks = Chunks(folder, manifest(question), resume=resume)
    outcome = _replications(question, chunks, progress)
    parts = _parts(question, chunks, progress)
    progress("summing up")
    frames = {
        "service": service(question, outcome),
        "lateness": lateness(question, outcome),
        "attribution": _attribution(question, parts),
        "demand_promises": demand_promises(question, outcome),
        "commitment_chances": commitment_chances(question, outcome),
        "bands": bands(question, outcome),
    }
    chunks.remove()
    summary = _summary(question, outcome, frames, time.perf_counter() - begun)
    return StressResult(question.tables, question.result, frames, summary)


def manifest(question: Question) -> dict[str, Any]:
    """Return what a run is: two runs with the same manifest have the same chunks."""
    settings = asdict(question.settings)
    plan = hashlib.sha256(np.ascontiguousarray(question.planned.quantity).tobytes()).hexdigest()[:16]
    own = {
        name: settings[name] for name in ("replications", "seed", "period_days", "policy", "precision", "attributed")
    }
    return {**own, "input_hash": input_hash(question.tables), "plan": plan, "version": version("coproduce")}


def _replications(question: Question, chunks: Chunks, progress: Progress) -> Outcome:
    settings = question.settings
    parts: list[Outcome] = []
    begun, fresh = time.perf_counter(), 0
    for first in range(0, settings.replications, CHUNK):
        count = min(CHUNK, settings.replications - first)
        kept = chunks.get(f"replications-{first}")
        if kept is None:
            kept = vars(_run(question, first, count))
            chunks.put(f"replications-{first}", kept)
            fresh += count
        parts.append(Outcome(**kept))
        done = first + count
        progress(
            f"replication {done:,} of {settings.replications:,}{_left(begun, fresh, settings.replications - done)}"
        )
        if settings.precision is not None and len(parts) >= _FIRST_LOOK and _precise(parts, settings.precision):
            break
    return Outcome.join(parts)


def _run(question: Question, first: int, count: int) -> Outcome:
    settings = question.settings
    found = question.simulator.run(count, first=first, seed=settings.seed, threads=settings.workers)
    return Outcome.of(found)


def _left(begun: float, done: int, left: int) -> str:
    """Return in words the time that the rest will take."""
    if not done or not left:
        return ""
    return f", about {max(1, round((time.perf_counter() - begun) / done * left)):,} s left"


def _precise(parts: list[Outcome], precision: float) -> bool:
    """Whether the 95 % interval of mean beta is narrower than this on each side."""
    beta = np.concatenate([one.in_time.sum(axis=0) / np.maximum(one.asked.sum(axis=0), 1e-12) for one in parts])
    return bool(NORMAL_95 * beta.std(ddof=1) / np.sqrt(len(beta)) <= precision)


def _parts(question: Question, chunks: Chunks, progress: Progress) -> Parts | None:
    settings = question.settings
    if not settings.attributed or not (question.tables["risks"].height or question.drills):
        return None
    kept = chunks.get("attribution")
    if kept is not None:
        names, shared = tuple(kept["causes"].tolist()), tuple(kept["shared"].tolist())
        return Parts(names, shared, kept["base"], kept["added"])
    begun = time.perf_counter()
    found = attribute(
        question.simulator,
        question.losses,
        replications=settings.attributed,
        seed=settings.seed,
        threads=settings.workers,
        progress=lambda done, total: progress(
            f"finding what causes the loss: {done} of {total} runs{_left(begun, done, total - done)}"
        ),
    )
    arrays = {"causes": np.array(found.causes), "shared": np.array(found.shared)}
    chunks.put("attribution", {**arrays, "base": found.base, "added": found.added})
    return found


def _attribution(question: Question, parts: Parts | None) -> pl.DataFrame:
    """Return the table `attribution`: timing first, then the causes with the largest part first."""
    schema = STRESS_TABLES["attribution"].empty().schema
    if parts is None:
        return pl.DataFrame(schema=schema)
    names = dict(question.tables["risks"].select("risk", "name").rows())
    planned = question.losses(question.plan_outcome)[:, 0]
    timing = parts.base - planned
    rows = [
        {
            "cause": _TIMING, "kind": "timing", "name": "Inside buckets, without any risk",
            "late_unit_days": timing[0], "low": timing[0], "high": timing[0], "undelivered": timing[1],
        }
    ]  # fmt: skip
    for number, (cause, shared) in enumerate(zip(parts.causes, parts.shared, strict=True)):
        added = _of_pairs(parts.added[:, number, 0])
        rows.append(
            {
                "cause": cause,
                "kind": "cause" if shared or cause == DRILLS else "risk",
                "name": names.get(cause),
                "late_unit_days": added.value,
                "low": None if np.isnan(added.low) else added.low,
                "high": None if np.isnan(added.high) else added.high,
                "undelivered": float(parts.added[:, number, 1].mean()),
            }
        )
    total = sum(row["late_unit_days"] for row in rows)
    shares = [{**row, "share": row["late_unit_days"] / total if total else None} for row in rows]
    return pl.DataFrame([shares[0], *sorted(shares[1:], key=lambda row: -row["late_unit_days"])], schema=schema)


def _of_pairs(batches: Floats) -> Interval:
    """Return the mean of the batches, with an interval from pairs of them, which share an order and its reverse."""
    pairs = np.array([batches[at : at + 2].mean() for at in range(0, len(batches), 2)])
    half = mean(pairs).high - float(pairs.mean()) if len(pairs) > 1 else np.nan
    middle = float(batches.mean())
    return Interval(middle, middle - half, middle + half)


def _summary(
    question: Question, outcome: Outcome, frames: Mapping[str, pl.DataFrame], seconds: float
) -> dict[str, Any]:
    overall = frames["service"].filter(pl.col("priority") == ALL)
    late = frames["lateness"].filter((pl.col("priority") == ALL) & (pl.col("measure") == "late_unit_days"))
    promises = frames["demand_promises"]
    return {
        "name": question.tables.programme.name,
        **manifest(question),
        "replications": outcome.count,
        "replications_asked_for": question.settings.replications,
        "risks": question.tables["risks"].height,
        "drills": len(question.drills),
        "events": float(outcome.events.mean()),
        "service": overall.drop("priority").to_dicts(),
        "lateness": late.drop("priority").to_dicts()[0],
        "demands": promises.height,
        "kept_in_plan": int(question.plan_outcome.kept.sum()),
        "kept_at_90": int((promises["kept"] >= 0.9).sum()),
        "attributed": _attributed(question, frames),
        "causes": frames["attribution"].to_dicts(),
        "seconds": round(seconds, 3),
    }


def _attributed(question: Question, frames: Mapping[str, pl.DataFrame]) -> int:
    """Return the replications by which the loss was attributed: whole batches."""
    from ...analyses.attribution import BATCH

    return -(-question.settings.attributed // BATCH) * BATCH if frames["attribution"].height else 0
