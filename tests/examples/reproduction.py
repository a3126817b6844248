"""Carries out a plan without any risk in periods as long as its buckets, and compares with what its tables say."""

from __future__ import annotations

import numpy as np
import polars as pl

from coproduce.compile import compile_network
from coproduce.network import Network
from coproduce.results.result import PlanResult
from coproduce.stress.plan import read_plan
from coproduce.stress.run import log
from coproduce.stress.sampling import Risks
from coproduce.tables import Tables


def largest_difference(result: PlanResult) -> float:
    """Return the largest difference of any amount or stock from the plan, relative to the largest of its entity."""
    tables = result.tables
    network = compile_network(tables)
    plan = read_plan(tables, network, result.frames)
    steps = log(network, plan, Risks())
    stock = closing(tables, network, result.frames["stock"])
    done = relative(steps.done[:, :, 0].T, plan.quantity)
    return max(done, relative(steps.stock[:, :, 0].T, stock))


def relative(found: np.ndarray, planned: np.ndarray) -> float:
    scale = np.maximum(np.abs(planned).max(axis=1, keepdims=True), 1.0)
    return float((np.abs(found - planned) / scale).max())


def closing(tables: Tables, network: Network, frame: pl.DataFrame) -> np.ndarray:
    """Return (node, bucket) the closing stock that the plan prints; what it leaves out is nothing."""
    items, sites = tables["items"]["item"].to_list(), tables["sites"]["site"].to_list()
    nodes = zip(network.nodes.item.tolist(), network.nodes.site.tolist(), strict=True)
    row = {(items[item], sites[site]): node for node, (item, site) in enumerate(nodes)}
    result = np.zeros((len(row), network.timeline.count))
    for item, site, bucket, value in frame.select("item", "site", "bucket", "closing").iter_rows():
        result[row[item, site], bucket] = value
    return result
