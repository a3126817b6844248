"""The content of `summary.json`: what a script or a colleague wants to know of a plan at a glance."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import polars as pl

from ..network import Network
from ..plan.assemble import Model
from ..tables import Programme


def _number(value: float | None) -> float | None:
    """Return a number that JSON can hold."""
    return value if value is not None and math.isfinite(value) else None


def summary(
    programme: Programme,
    network: Network,
    model: Model,
    frames: Mapping[str, pl.DataFrame],
    evidence: Mapping[str, int],
) -> dict[str, Any]:
    """Return the figures of a plan; every total is the sum of the rows of a table.

    `objective`, `bound` and `gap` are those of the last stage before the tidy one: the cost, or the money.
    """
    service, stages = frames["demand_service"], frames["tiers"].to_dicts()
    main = stages[-2]
    timeline = network.timeline
    return {
        "name": programme.name,
        "status": next((stage["status"] for stage in stages if stage["status"] != "optimal"), "optimal"),
        "objective_mode": programme.objective,
        "tiers": [{name: _number(v) if isinstance(v, float) else v for name, v in stage.items()} for stage in stages],
        "objective": _number(main["value"]),
        "bound": _number(main["bound"]),
        "gap": _number(main["gap"]),
        "cost": float(frames["costs"]["amount"].sum()),
        "currency": programme.currency,
        "demands": service.height,
        "on_time": int((service["status"] == "on_time").sum()),
        "late": int((service["status"] == "late").sum()),
        "short": int((service["status"] == "short").sum()),
        "explained": frames["reasons"]["demand"].n_unique(),
        "asked": float(service["asked"].sum()),
        "delivered": float(service["on_time"].sum()) + float(service["late"].sum()),
        "delivered_on_time": float(service["on_time"].sum()),
        "late_unit_days": float(service["late_unit_days"].sum()),
        "lateness_days": float(service["late_days"].sum()),
        "lead_time_rounding": programme.lead_time_rounding,
        "horizon": {
            "start": timeline.start.isoformat(),
            "end": timeline.moment(timeline.horizon).isoformat(),
            "buckets": timeline.count,
            "pattern": programme.buckets,
        },
        "columns": int(model.matrix.shape[1]),
        "rows": int(model.matrix.shape[0]),
        "nonzeros": int(model.matrix.nnz),
        "evidence": dict(evidence),
    }
