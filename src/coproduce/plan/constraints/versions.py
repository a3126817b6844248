"""Versions: newer ones delivered or used in place of older ones, and stock that is written off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ...block import COST, TIDY, Columns, Rows, Terms
from ...calendar import Ints
from ...network import Network
from ...reach import Reach
from ..uses import STAND_IN, USES, WRITE_OFF


def declare(network: Network, reach: Reach) -> Sequence[Columns]:
    """stand_in[pair, t] from its date on; write_off[n, t] once obsolete, or at any time where it has a value."""
    versions, count = network.versions, network.timeline.count
    bucket = np.arange(count)
    ends = versions.ends(count)
    ever = versions.disposable.any() or ends.any()
    pair, when = (part.ravel() for part in np.indices((len(versions.new), count)))
    # Columns of all nodes, most of them bounded by 0: every kind is a whole grid where reach rules nothing out.
    disposed, at = (part.ravel() for part in np.indices((len(ends) if ever else 0, count)))
    left = np.cumsum(network.timeline.days[::-1])[::-1]  # days for which the unit would lie until the end
    open_pairs = (bucket >= versions.first[:, None]) & (bucket >= reach.earliest[versions.new][:, None])
    allowed = versions.disposable[disposed] | ends[disposed, at]
    found = []
    if len(pair):
        upper = np.where(open_pairs[pair, when], np.inf, 0.0)
        found.append(Columns(STAND_IN, pair, when, np.zeros(len(pair)), upper, {TIDY: np.ones(len(pair))}))
    if len(disposed):
        stages = {COST: versions.loss[disposed], TIDY: left[at]}
        upper = np.where(allowed, np.inf, 0.0)
        found.append(Columns(WRITE_OFF, disposed, at, np.zeros(len(disposed)), upper, stages))
    return found


def contribute(network: Network, columns: Mapping[str, Columns]) -> tuple[Sequence[Terms], Sequence[Rows]]:
    """Return terms of balance[n, t]; uses[n, t]: stood in for at most, all once obsolete; obsolete_stock[n, t]."""
    versions, count = network.versions, network.timeline.count
    replaced = versions.replaced(count)
    terms: list[Terms] = []
    if WRITE_OFF in columns:
        terms.append(_one_each(columns[WRITE_OFF], "balance", "written_off", columns[WRITE_OFF].entity, -1.0))
    if STAND_IN in columns:
        pairs = columns[STAND_IN]
        old, new = versions.old[pairs.entity], versions.new[pairs.entity]
        terms += [
            _one_each(pairs, "balance", "stood_in", old, 1.0),
            _one_each(pairs, "balance", "stands_in", new, -1.0),
            _one_each(pairs, USES, "stood_in", old, 1.0),
        ]
    if not replaced.any():
        return terms, []
    ends = versions.ends(count)
    firm = np.zeros(ends.shape)
    drawn = (network.fixed.quantity < 0) & (network.fixed.wip_row >= 0)
    np.add.at(firm, (network.fixed.node[drawn], network.fixed.bucket[drawn]), -network.fixed.quantity[drawn])
    own = replaced[:, None]
    return terms, [
        Rows(USES, np.where(ends, 0.0, -np.inf), np.where(own, firm, np.inf)),
        Rows("obsolete_stock", np.full(ends.shape, -np.inf), np.where(ends, 0.0, np.inf)),
    ]


def _one_each(columns: Columns, group: str, purpose: str, entity: Ints, value: float) -> Terms:
    every = np.arange(len(columns))
    return Terms(columns.kind, group, purpose, entity, columns.bucket, every, np.full(len(every), value))
