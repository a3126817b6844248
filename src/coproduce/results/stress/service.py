"""The tables of service and lateness of a stress test, by tier and in all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import polars as pl

from ...calendar import Floats
from ...network import Bools
from ...tables import STRESS_TABLES
from ...tables.stress_results import MEASURES
from .chunks import Outcome
from .figures import cvar, mean, not_passed, reached
from .question import Question

ALL = 0
"""The tier that stands for all of them."""


def service(question: Question, outcome: Outcome) -> pl.DataFrame:
    """Return the table `service`."""
    days = float(question.network.timeline.days.sum())
    rows: list[dict[str, Any]] = []
    for priority, chosen in _tiers(question):
        planned = _measures(question.plan_outcome, chosen, days)
        quiet = _measures(question.undisturbed, chosen, days)
        for name, values in _measures(outcome, chosen, days).items():
            found = mean(values)
            rows.append(
                {
                    "priority": priority,
                    "measure": name,
                    "planned": float(planned[name][0]),
                    "undisturbed": float(quiet[name][0]),
                    "mean": found.value,
                    "low": found.low,
                    "high": found.high,
                    "q05": float(reached(values, 0.95)),
                    "q50": float(reached(values, 0.5)),
                }
            )
    return pl.DataFrame(rows, schema=STRESS_TABLES["service"].empty().schema)


def lateness(question: Question, outcome: Outcome) -> pl.DataFrame:
    """Return the table `lateness`."""
    rows: list[dict[str, Any]] = []
    for priority, chosen in _tiers(question):
        planned = _losses(question, question.plan_outcome, chosen)
        quiet = _losses(question, question.undisturbed, chosen)
        for name, values in _losses(question, outcome, chosen).items():
            known = {"planned": float(planned[name][0]), "undisturbed": float(quiet[name][0])}
            rows.append({"priority": priority, "measure": name, **known, **_distribution(values)})
    return pl.DataFrame(rows, schema=STRESS_TABLES["lateness"].empty().schema)


def _distribution(values: Floats) -> dict[str, float | int]:
    found = mean(values)
    result: dict[str, float | int] = {"mean": found.value, "low": found.low, "high": found.high}
    result |= {f"q{round(100 * share)}": float(not_passed(values, share)) for share in (0.5, 0.9, 0.95)}
    for share in (0.9, 0.95):
        tail, name = cvar(values, share), f"cvar_{round(100 * share)}"
        result |= {name: tail.value, f"{name}_low": tail.low, f"{name}_high": tail.high}
    return {**result, "replications": len(values)}


def _tiers(question: Question) -> Iterator[tuple[int, Bools]]:
    """Yield every priority with its demands, and 0 with all of them."""
    priority = question.tables["demands"]["priority"].to_numpy()
    yield ALL, np.ones(len(priority), dtype=bool)
    for one in np.unique(priority).tolist():
        yield one, priority == one


def _measures(outcome: Outcome, chosen: Bools, days: float) -> Mapping[str, Floats]:
    asked = outcome.asked[chosen].sum(axis=0)
    some = np.where(asked > 0, asked, 1.0)
    beta = np.where(asked > 0, outcome.in_time[chosen].sum(axis=0) / some, 1.0)
    gamma = np.where(asked > 0, 1.0 - outcome.late_days[chosen].sum(axis=0) / (some * days), 1.0)
    return dict(zip(MEASURES, (outcome.kept[chosen].mean(axis=0), beta, gamma), strict=True))


def _losses(question: Question, outcome: Outcome, chosen: Bools) -> Mapping[str, Floats]:
    weights = np.where(chosen, question.weights, 0.0)
    missing = np.maximum(outcome.asked - outcome.delivered, 0.0)
    return {"late_unit_days": weights @ outcome.late_days, "undelivered": weights @ missing}
