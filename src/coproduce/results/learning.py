"""Tables of loads that fall with cumulative runs: the curves of the plan, and what its runs take on them."""

from __future__ import annotations

import numpy as np
import polars as pl

from ..block import COST
from ..calendar import Floats, Ints
from ..compile.learning import laws
from ..network import Network
from ..plan.assemble import Model
from ..plan.curves import curves, runs_started, taken
from ..plan.experience import LEARNED
from ..tables import Tables
from .names import declared


def learned_costs(network: Network, model: Model, x: Floats) -> Floats:
    """Return (process, bucket) the cost of learned loads beside what runs cost anyway."""
    result = np.zeros(network.processes.amount.shape)
    if LEARNED in model.columns:
        columns = model.columns[LEARNED]
        spent = columns.stages[COST] * model.values(LEARNED, x)
        np.add.at(result, (curves(network).process[columns.entity], columns.bucket), spent)
    return result


def _ids(tables: Tables, network: Network, learned: Ints) -> dict[str, pl.Series]:
    """Return process, resource and line of learned loads."""
    rows = tables["loads"][network.learning.load[learned]]
    return {name: rows[name] for name in ("process", "resource", "line")}


def learning_curve(tables: Tables, network: Network) -> pl.DataFrame:
    """Return the table `learning_curve`."""
    known = curves(network)
    first = np.searchsorted(known.process, known.process)
    return declared(
        "learning_curve",
        **_ids(tables, network, known.line),
        segment=known.segment - first[known.segment] + 1,
        from_runs=known.begin[known.segment],
        until_runs=known.until[known.segment],
        load=known.load,
        error=known.error[known.line],
    )


def learned_loads(tables: Tables, network: Network, model: Model, x: Floats) -> pl.DataFrame:
    """Return the table `learned_loads`: one row for every load and bucket with runs."""
    learning, known = network.learning, curves(network)
    runs = runs_started(network, model.columns["run"], model.values("run", x))
    total = learning.before[:, None] + np.cumsum(runs[learning.process], axis=1)
    before = np.concatenate([learning.before[:, None], total[:, :-1]], axis=1)
    exact = np.zeros(total.shape)
    for one, law in enumerate(laws(learning)):
        exact[one] = law.cumulative(total[one]) - law.cumulative(before[one])
    line, bucket = (part.astype(np.int64) for part in np.nonzero(runs[learning.process] > 0))
    load = taken(network, known, total)[line, bucket] - taken(network, known, before)[line, bucket]
    started = runs[learning.process[line], bucket]
    return declared(
        "learned_loads",
        **_ids(tables, network, line),
        bucket=bucket,
        runs=started,
        cumulative_runs=total[line, bucket],
        load=load,
        by_law=exact[line, bucket],
        load_per_run=load / started,
    )
