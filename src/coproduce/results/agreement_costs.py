"""The table of what agreements cost, as intervals that the bounds of two plans leave."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl

from ..analyses.agreement_costs import plans_without
from ..block import TIDY
from ..network import Network
from ..plan.solve import Options
from ..tables import RESULT_TABLES, Tables
from .stages import stage_label

Progress = Callable[[int, int], None]


def agreement_costs(
    tables: Tables, network: Network, tiers: pl.DataFrame, options: Options, progress: Progress
) -> pl.DataFrame:
    """Return the table `agreement_costs`.

    Parameters
    ----------
    tiers : the table `tiers` of the plan with all agreements
    """
    ours = {row["stage"]: row for row in tiers.to_dicts() if row["stage"] != TIDY}
    rows = []
    for one in plans_without(tables, options, progress):
        theirs = {stage_label(network, stage.name): (stage.value, stage.bound) for stage in one.stages}
        for stage, row in ours.items():
            value, bound = theirs.get(stage, (np.nan, np.nan))
            proven = np.nan if row["bound"] is None else row["bound"]
            rows.append((one.kind, one.agreement, stage, row["unit"], row["value"], proven, value, bound,
                         proven - value, row["value"] - bound))  # fmt: skip
    spec = RESULT_TABLES["agreement_costs"]
    return pl.DataFrame(rows, schema=spec.empty().schema, orient="row").with_columns(
        pl.col(pl.Float64).fill_nan(None).replace([np.inf, -np.inf], None)
    )
