"""Decided milestones: begun once, whole, at the beginning of a bucket; their loads spread over their duration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from ...block import COST, TIDY, Columns, Rows, Terms
from ...network import Network
from ...reach import Reach
from ..gates import granting_terms, waiting_terms
from ..loading import begun_loads


def declare(network: Network, reach: Reach) -> Sequence[Columns]:  # noqa: ARG001
    """begin[m, t] binary: milestone m begins at the start of t."""
    milestones = network.growth.milestones
    if not milestones.decided.any():
        return []
    milestone, bucket = np.nonzero(milestones.allowed)
    ones = np.ones(len(milestone))
    begin = Columns("begin", milestone, bucket, 0 * ones, ones, {TIDY: ones}, integer=True)
    _, _, _, column, quantity, cost = begun_loads(network, begin)
    spent = np.bincount(column, weights=quantity * cost, minlength=len(begin)).astype(np.float64)
    return [replace(begin, stages={COST: spent, TIDY: ones})]


def contribute(network: Network, columns: Mapping[str, Columns]) -> tuple[Sequence[Terms], Sequence[Rows]]:
    """begin_once[m]: at most one beginning; loads of capacity[r, u]; what it grants and what it waits for."""
    if "begin" not in columns:
        return [], []
    begin, count = columns["begin"], len(network.growth.milestones.decided)
    every, zero = np.arange(len(begin)), np.zeros(len(begin), dtype=np.int64)
    _, resource, bucket, column, quantity, _ = begun_loads(network, begin)
    terms = [
        Terms("begin", "capacity", "load", resource, bucket, column, quantity),
        Terms("begin", "begin_once", "begun", begin.entity, zero, every, np.ones(len(begin))),
        *waiting_terms(network, begin),
        *granting_terms(network, begin),
    ]
    return terms, [Rows("begin_once", np.full((count, 1), -np.inf), np.ones((count, 1)), whole=True)]
