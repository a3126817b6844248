"""A model in which an option must be bought, as early as it may be."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..plan.assemble import Model

FORCED = "forced"
"""Stage before all others: the day of the order. Without it an option of no use in the plan would come at the end."""


def forced(model: Model, option: int) -> Model | None:
    """Return a model in which one of an option is bought; None where no bucket allows an order."""
    invest = model.columns.get("invest")
    if invest is None or not (invest.entity == option).any():
        return None
    row = model.row_of("option_total", option, 0)
    if row < 0:
        return None
    lower = model.row_lower.copy()
    lower[row] = 1.0
    days = np.where(invest.entity == option, model.network.timeline.edges[invest.bucket] / 86400, 0.0)
    return replace(
        model,
        columns={**model.columns, "invest": replace(invest, stages={**invest.stages, FORCED: days})},
        row_lower=lower,
        stages=(FORCED, *model.stages),
    )
