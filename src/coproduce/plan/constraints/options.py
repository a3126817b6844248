"""Options: whole numbers ordered at the beginning of buckets; what they add to capacity, and what they cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ...block import COST, TIDY, Columns, Limit, Rows, Terms
from ...network import Network
from ...reach import Reach
from ..gates import granting_terms, waiting_terms


def declare(network: Network, reach: Reach) -> Sequence[Columns]:  # noqa: ARG001
    """invest[o, t] whole: number of option o ordered at the start of t."""
    options = network.growth.options
    if not len(options.maximum):
        return []
    option, bucket = np.nonzero(options.allowed)
    most = options.maximum[option].astype(np.float64)
    stages = {COST: options.cost[option, bucket], TIDY: np.ones(len(option))}
    return [Columns("invest", option, bucket, np.zeros(len(option)), most, stages, integer=True)]


def contribute(network: Network, columns: Mapping[str, Columns]) -> tuple[Sequence[Terms], Sequence[Rows]]:
    """Capacity added (-) to capacity[r, u]; option_total[o]; what it grants and what it waits for."""
    if "invest" not in columns:
        return [], []
    invest, options = columns["invest"], network.growth.options
    zero = np.zeros(len(invest), dtype=np.int64)
    rows = Rows(
        group="option_total",
        lower=np.full((len(options.maximum), 1), -np.inf),
        upper=options.maximum[:, None].astype(np.float64),
        upper_limit=Limit("", "options", "maximum"),
        whole=True,
    )
    return [
        _added(network, invest),
        Terms("invest", "option_total", "bought", invest.entity, zero, np.arange(len(invest)), np.ones(len(invest))),
        *waiting_terms(network, invest),
        *granting_terms(network, invest),
    ], [rows]


def _added(network: Network, invest: Columns) -> Terms:
    options = network.growth.options
    line, column = np.nonzero(options.line_option[:, None] == invest.entity[None, :])
    capacity = options.line_capacity[line, invest.bucket[column]]
    term, bucket = np.nonzero(capacity)
    resource = options.line_resource[line[term]]
    return Terms("invest", "capacity", "added", resource, bucket, column[term], -capacity[term, bucket])
