"""Where the loss comes from: the plan, timing inside buckets, and every risk; and the same by shared cause."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from ...calendar import Floats
from ...stress.estimates import mean_interval
from ...tables import STRESS_TABLES
from .levels import ALL, planned_losses
from .source import Source


def losses(source: Source) -> pl.DataFrame:
    """Return the table `losses`; its rows add up to the mean loss of the replications that were taken apart."""
    return pl.DataFrame([*_certain(source), *_risks(source)], schema=STRESS_TABLES["losses"].empty().schema)


def cause_losses(source: Source) -> pl.DataFrame:
    """Return the table `causes`: the rows of `losses` of each shared cause, added up replication by replication."""
    risks = source.case.study.risks.risks
    rows = []
    for cause in dict.fromkeys(risk.cause for risk in risks if risk.cause is not None):
        own = [row for row, risk in enumerate(risks) if risk.cause == cause]
        rows.append({"cause": cause, **together(source, own)})
    return pl.DataFrame(rows, schema=STRESS_TABLES["causes"].empty().schema)


def together(source: Source, own: list[int]) -> dict[str, Any]:
    """Return what some risks cause together, by their places in the list of risks."""
    shares = _shares(source.losses[own].sum(axis=0))
    kept = {name: shares[name] for name in ("late_unit_days", "low", "high", "undelivered")}
    return {"risks": len(own), **kept, "replications": source.losses.shape[2]}


def _certain(source: Source) -> list[dict[str, Any]]:
    """Return the rows of what is lost without any risk; nothing about them is random."""
    late, undelivered = (planned_losses(source, column)[ALL] for column in ("late_unit_days", "unmet"))
    quiet = float(source.quiet("late")[-1]), float(source.quiet("undelivered")[-1])
    values = {"plan": (late, undelivered), "timing": (quiet[0] - late, quiet[1] - undelivered)}
    return [
        {
            "source": name,
            "late_unit_days": one[0],
            "low": one[0],
            "high": one[0],
            "undelivered": one[1],
            "undelivered_low": one[1],
            "undelivered_high": one[1],
            "replications": source.losses.shape[2],
        }
        for name, one in values.items()
    ]


def _risks(source: Source) -> list[dict[str, Any]]:
    case = source.case
    return [
        {
            "source": "drill" if risk.risk in case.drills else "risk",
            "risk": risk.risk,
            "cause": risk.cause,
            **_shares(caused),
            "happens": float((events > 0).mean()),
            "events": float(events.mean()),
            "replications": caused.shape[1],
        }
        for risk, caused, events in zip(case.study.risks.risks, source.losses, source.rows("events"), strict=True)
    ]


def _shares(caused: Floats) -> dict[str, float]:
    """Return mean and interval of (2, replication) late unit-days and undelivered units."""
    if not caused.shape[1]:
        return dict.fromkeys(
            ("late_unit_days", "low", "high", "undelivered", "undelivered_low", "undelivered_high"), 0.0
        )
    late, undelivered = mean_interval(np.ascontiguousarray(caused[0])), mean_interval(np.ascontiguousarray(caused[1]))
    return {
        "late_unit_days": late[0],
        "low": late[1],
        "high": late[2],
        "undelivered": undelivered[0],
        "undelivered_low": undelivered[1],
        "undelivered_high": undelivered[2],
    }
