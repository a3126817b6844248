"""What a plan leaves undone for lack of time inside its buckets: carried out without any risk, item by item."""

from __future__ import annotations

import numpy as np
import polars as pl

from ..calendar import Floats
from ..compile import compile_network
from ..network import Network
from ..tables import Tables
from .activities import activities_of
from .fallbacks import read_ranks
from .periods import bucket_of_period, period_timeline
from .plan import Plan
from .result import Log
from .run import log
from .sampling import Risks


def timing(tables: Tables, plan: Plan, days: float = 1.0) -> pl.DataFrame:
    """Compare a plan with what becomes of it in periods of `days`, at the end of every bucket.

    The plan counts by the bucket: what arrives in a bucket can be used in all of it. Carried out in shorter periods, it
    cannot be used before it arrives, and what limits then leave no time to catch up is behind. Finer buckets make the
    difference smaller; periods as long as the buckets leave none.

    Parameters
    ----------
    plan : `plan.read_plan`
    days : length of a period

    Returns
    -------
    One row for each item, site and bucket in which the plan gives or holds anything: `planned_stock` and `stock` at the
    end of the bucket; `planned_given` and `given`, the units bought, made and shipped there by starts up to then; and
    `behind`, by how many units these are fewer than planned, below 0 where a stand-in does more.
    """
    whole = compile_network(tables, plan.buckets)
    cut = compile_network(tables, period_timeline(plan.buckets, days))
    planned = np.cumsum(_given(whole, plan.quantity), axis=1)
    planned_stock = log(whole, plan, Risks(), ranks=read_ranks(tables, whole)).stock[:, :, 0].T
    steps = log(cut, plan, Risks(), ranks=read_ranks(tables, cut))
    ends = (
        np.searchsorted(bucket_of_period(cut.timeline, plan.buckets), np.arange(plan.buckets.count), side="right") - 1
    )
    given, stock = _carried_out(cut, steps)
    frame = _frame(tables, whole, planned_stock, stock[:, ends], planned, given[:, ends])
    return frame.filter(
        (pl.col("planned_given") > 0) | (pl.col("planned_stock").abs() > 0) | (pl.col("stock").abs() > 0)
    )


def _carried_out(network: Network, steps: Log) -> tuple[Floats, Floats]:
    """Return (node, period) what was given up to each period, and the stock at its end."""
    return np.cumsum(_given(network, steps.done[:, :, 0].T), axis=1), steps.stock[:, :, 0].T


def _given(network: Network, done: Floats) -> Floats:
    """Return (node, period) the outputs that belong to (activity, period) amounts, counted at the start."""
    outputs = activities_of(network).outputs
    result = np.zeros((len(network.nodes.item), network.timeline.count))
    period = np.arange(network.timeline.count)
    holds = (period >= outputs.first[:, None]) & (period < outputs.until[:, None])
    np.add.at(result, outputs.node, outputs.quantity[:, None] * done[outputs.activity] * holds)
    return result


def _frame(
    tables: Tables, network: Network, planned_stock: Floats, stock: Floats, planned: Floats, given: Floats
) -> pl.DataFrame:
    count = network.timeline.count
    return pl.DataFrame(
        {
            "item": np.repeat(tables["items"]["item"].to_numpy()[network.nodes.item], count),
            "site": np.repeat(tables["sites"]["site"].to_numpy()[network.nodes.site], count),
            "bucket": np.tile(np.arange(count), len(network.nodes.item)),
            "planned_stock": planned_stock.ravel(),
            "stock": stock.ravel(),
            "planned_given": planned.ravel(),
            "given": given.ravel(),
            "behind": (planned - given).ravel(),
        }
    )
