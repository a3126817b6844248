"""Service and lateness: of each tier and of all, with means, quantiles, worst cases and their intervals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl

from ...calendar import Floats
from ...stress.estimates import at_most, mean_interval, worst_mean
from ...stress.rows import FULL
from ...tables import STRESS_TABLES
from .source import Source

FORMULAS = {
    "alpha": "demands delivered in full and in time / demands",
    "beta": "units delivered in time / units asked for",
    "gamma": "1 - late unit-days / (units asked for x days of the horizon)",
}
_LOSSES = {"late_unit_days": ("late", "unit-days", "late_unit_days"), "undelivered": ("undelivered", "units", "unmet")}
_QUANTILES = {"q05": 0.05, "q25": 0.25, "q50": 0.5, "q75": 0.75, "q95": 0.95}
ALL = "all"


def tier_names(source: Source) -> list[str]:
    """Return the priorities in their order, and the name for all."""
    return [*(str(one) for one in sorted(source.case.tables["demands"]["priority"].unique().to_list())), ALL]


def service_levels(source: Source) -> pl.DataFrame:
    """Return the table `service`."""
    promised = _planned_levels(source)
    rows = [
        {
            "tier": tier,
            "measure": measure,
            "formula": formula,
            "planned": promised[measure][tier],
            "quiet": float(quiet),
            **_mean(values),
            "q05": at_most(np.sort(values), 0.05),
            "q50": at_most(np.sort(values), 0.5),
            "replications": len(values),
        }
        for measure, formula in FORMULAS.items()
        for tier, quiet, values in zip(tier_names(source), source.quiet(measure), source.rows(measure), strict=True)
    ]
    return pl.DataFrame(rows, schema=STRESS_TABLES["service"].empty().schema)


def lateness(source: Source) -> pl.DataFrame:
    """Return the table `lateness`: how the loss is distributed, and how bad the worst replications are."""
    rows = []
    for loss, (part, unit, column) in _LOSSES.items():
        planned = planned_losses(source, column)
        for tier, quiet, values in zip(tier_names(source), source.quiet(part), source.rows(part), strict=True):
            about = {"tier": tier, "loss": loss, "unit": unit, "planned": planned[tier], "quiet": float(quiet)}
            rows.append({**about, **_distribution(values)})
    return pl.DataFrame(rows, schema=STRESS_TABLES["lateness"].empty().schema)


def planned_losses(source: Source, column: str) -> Mapping[str, float]:
    """Return the loss that the plan itself states, by tier and in all; a column of `demand_service`."""
    service = source.case.frames["demand_service"]
    sums = service.group_by("priority").agg(pl.col(column).sum()).iter_rows()
    return dict.fromkeys(tier_names(source), 0.0) | {str(tier): loss for tier, loss in sums} | {
        ALL: float(service[column].sum())
    }  # fmt: skip


def _planned_levels(source: Source) -> dict[str, dict[str, float]]:
    """Return the service levels that the plan itself states, by measure and tier; 1 where nothing is asked for."""
    days = float(source.case.study.timeline.days.sum())
    asked, on_time = pl.col("asked"), pl.col("on_time")
    whole = (on_time >= asked - FULL * pl.max_horizontal(asked, 1.0)).mean()
    measures = {"alpha": whole, "beta": on_time.sum() / asked.sum(),
                "gamma": 1.0 - pl.col("late_unit_days").sum() / (asked.sum() * days)}  # fmt: skip
    service = source.case.frames["demand_service"]
    parts = {str(tier): part for (tier,), part in service.group_by("priority")} | {ALL: service}
    found: dict[str, dict[str, float]] = {measure: {} for measure in measures}
    for tier, part in parts.items():
        empty = part["asked"].sum() <= 0
        for measure, level in measures.items():
            found[measure][tier] = 1.0 if empty else float(part.select(level).item())
    return {measure: dict.fromkeys(tier_names(source), 1.0) | levels for measure, levels in found.items()}


def _mean(values: Floats) -> dict[str, float]:
    return dict(zip(("mean", "low", "high"), mean_interval(values), strict=True))


def _distribution(values: Floats) -> dict[str, Any]:
    ordered = np.sort(values)
    worst: dict[str, float] = {}
    for name, share in (("cvar_90", 0.9), ("cvar_95", 0.95)):
        worst |= dict(zip((name, f"{name}_low", f"{name}_high"), worst_mean(ordered, share), strict=True))
    quantiles = {name: at_most(ordered, share) for name, share in _QUANTILES.items()}
    return {**_mean(values), **quantiles, **worst, "worst": float(ordered[-1]), "replications": len(values)}
