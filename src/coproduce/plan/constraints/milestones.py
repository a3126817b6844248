"""Decided milestones: begun once, whole, at the beginning of a bucket; their loads spread over their duration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from ...block import COST, TIDY, Columns, Rows, Terms
from ...calendar import Floats, Ints
from ...network import Network
from ...reach import Reach
from ..gates import granting_terms, waiting_terms


def declare(network: Network, reach: Reach) -> Sequence[Columns]:  # noqa: ARG001
    """begin[m, t] binary: milestone m begins at the start of t."""
    milestones = network.growth.milestones
    if not milestones.decided.any():
        return []
    milestone, bucket = np.nonzero(milestones.allowed)
    ones = np.ones(len(milestone))
    begin = Columns("begin", milestone, bucket, 0 * ones, ones, {TIDY: ones}, integer=True)
    _, _, _, column, quantity, cost = _loads(network, begin)
    spent = np.bincount(column, weights=quantity * cost, minlength=len(begin)).astype(np.float64)
    return [replace(begin, stages={COST: spent, TIDY: ones})]


def contribute(network: Network, columns: Mapping[str, Columns]) -> tuple[Sequence[Terms], Sequence[Rows]]:
    """Loads of capacity[r, u]; begin_once[m]: at most one beginning; what it grants and what it waits for."""
    if "begin" not in columns:
        return [], []
    begin, count = columns["begin"], len(network.growth.milestones.decided)
    every, zero = np.arange(len(begin)), np.zeros(len(begin), dtype=np.int64)
    _, resource, bucket, column, quantity, _ = _loads(network, begin)
    terms = [
        Terms("begin", "capacity", "load", resource, bucket, column, quantity),
        Terms("begin", "begin_once", "begun", begin.entity, zero, every, np.ones(len(begin))),
        *waiting_terms(network, begin),
        *granting_terms(network, begin),
    ]
    return terms, [Rows("begin_once", np.full((count, 1), -np.inf), np.ones((count, 1)), whole=True)]


def _loads(network: Network, begin: Columns) -> tuple[Ints, Ints, Ints, Ints, Floats, Floats]:
    """Return load, resource, bucket, column, quantity and unit cost of every load term; at once without duration."""
    milestones, edges = network.growth.milestones, network.timeline.edges
    load, column = np.nonzero(milestones.load_milestone[:, None] == begin.entity[None, :])
    first = edges[begin.bucket[column]]
    length = milestones.duration[begin.entity[column]]
    overlap = np.minimum((first + length)[:, None], edges[1:]) - np.maximum(first[:, None], edges[:-1])
    at_once = begin.bucket[column][:, None] == np.arange(network.timeline.count)
    share = np.where((length > 0)[:, None], np.maximum(overlap, 0) / np.maximum(length, 1)[:, None], at_once)
    term, bucket = np.nonzero(share > 0)
    load, column = load[term], column[term]
    resource = milestones.load_resource[load]
    return (
        load,
        resource,
        bucket,
        column,
        milestones.load_quantity[load] * share[term, bucket],
        network.resources.cost[resource],
    )
