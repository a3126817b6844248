"""What a stress test hands to whoever shows it: the plan, the tables of answers, the figures for programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from importlib.metadata import version
from typing import Any

import polars as pl

from ...errors import Problem
from ...tables import STRESS_TABLES
from ..identity import input_hash
from ..result import PlanResult
from .bands import bands
from .levels import ALL, lateness, service_levels
from .loss_places import loss_places
from .losses import cause_losses, losses
from .promises import commitment_odds, demand_promises
from .recoveries import recoveries
from .source import Source

_IN_JSON = ("service", "lateness", "losses", "causes", "loss_places", "recoveries", "commitments", "promises")


@dataclass(frozen=True)
class StressResult:
    """A stress test in the form of tables.

    Attributes
    ----------
    plan : the audited plan that was put to the test, with the risks and drills that it met
    frames : one frame per table declared in `tables.stress_results`, by name
    summary : the content of `stress.json`
    problems : warnings about the input
    further : tables declared in `tables.survival_results` that were asked for beside, by name
    """

    plan: PlanResult
    frames: Mapping[str, pl.DataFrame]
    summary: Mapping[str, Any]
    problems: tuple[Problem, ...] = ()
    further: Mapping[str, pl.DataFrame] = field(default_factory=dict)


def answers(source: Source) -> dict[str, pl.DataFrame]:
    """Return all tables of answers in the order of their declaration."""
    made = {
        "promises": demand_promises(source),
        "commitments": commitment_odds(source),
        "service": service_levels(source),
        "lateness": lateness(source),
        "losses": losses(source),
        "causes": cause_losses(source),
        "loss_places": loss_places(source),
        "bands": bands(source),
        "recoveries": recoveries(source),
    }
    return {name: made[name] for name in STRESS_TABLES}


def figures(source: Source, plan: PlanResult, frames: Mapping[str, pl.DataFrame]) -> dict[str, Any]:
    """Return the content of `stress.json`: settings, totals, and the tables that are not by bucket."""
    settings, programme = source.case.settings, plan.tables.programme
    apart = source.losses.shape[2]
    return {
        "name": programme.name,
        "start": programme.start.isoformat(),
        "end": source.case.buckets.moment(source.case.buckets.horizon).isoformat(),
        "scenario": plan.summary.get("scenario"),
        "version": version("coproduce"),
        "input_hash": input_hash(plan.tables),
        "plan_input_hash": plan.summary.get("input_hash"),
        "plan_audit": plan.summary.get("audit"),
        "settings": asdict(settings),
        "replications": source.replications,
        "stopped_by_precision": source.replications < settings.replications,
        "beta_half_width": half_of(frames["service"]),
        "taken_apart": apart,
        "taken_apart_loss": _total(source) if apart else None,
        "periods": len(source.case.study.timeline.days),
        "risks": len(source.case.study.risks.risks) - len(source.case.drills),
        "drills": sorted(source.case.drills),
        **{name: plain_rows(frames[name]) for name in _IN_JSON},
    }


def half_of(service: pl.DataFrame) -> float:
    """Return half the 95 % interval of beta over all demands, the figure that `--precision` looks at."""
    row = service.row(by_predicate=(pl.col("tier") == ALL) & (pl.col("measure") == "beta"), named=True)
    return float(row["high"] - row["low"]) / 2


def _total(source: Source) -> dict[str, float]:
    """Return the mean loss of the replications that were taken apart, to which the rows of `losses` add up."""
    return {"late_unit_days": float(source.apart("late").mean()),
            "undelivered": float(source.apart("undelivered").mean())}  # fmt: skip


def plain_rows(frame: pl.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table as they stand in `stress.json`."""
    return [_plain(row) for row in frame.iter_rows(named=True)]


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in row.items()}
