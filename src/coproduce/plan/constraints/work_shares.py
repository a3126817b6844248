"""Work shares: the work at a partner's sites is at least and at most a share of all work in the scope, per period."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ...block import Columns, Limit, Rows, Terms
from ...calendar import Floats
from ...network import Network
from ...reach import Reach
from ..work import Work, work


def declare(network: Network, reach: Reach) -> Sequence[Columns]:  # noqa: ARG001
    """No columns of its own."""
    return []


def contribute(network: Network, columns: Mapping[str, Columns]) -> tuple[Sequence[Terms], Sequence[Rows]]:
    """share_least[s, y]: own - least x all >= 0; share_most[s, y]: own - most x all <= 0, firm runs as data."""
    shares = network.agreements.shares
    if not len(shares.least):
        return [], []
    done = list(work(network, columns))
    terms = [_terms(one, "share_least", shares.least) for one in done]
    terms += [_terms(one, "share_most", shares.most) for one in done]
    endless = np.full(shares.firm_all.shape, np.inf)
    return terms, [
        Rows("share_least", _left(network, shares.least), endless, Limit("", "shares", "minimum"), whole=True),
        Rows("share_most", -endless, _left(network, shares.most), None, Limit("", "shares", "maximum"), whole=True),
    ]


def _terms(one: Work, group: str, limit: Floats) -> Terms:
    at = np.flatnonzero(np.isfinite(limit)[one.share])
    share = one.share[at]
    value = one.own[at] - limit[share] * one.everywhere[at]
    return Terms(one.kind, group, one.measure, share, one.period[at], one.column[at], value)


def _left(network: Network, limit: Floats) -> Floats:
    """Return (share, period) what planned work must make up for, or may use up, beside firm runs; infinite for none."""
    shares = network.agreements.shares
    known = np.isfinite(limit)
    bound = np.where(known, limit, 0.0)[:, None] * shares.firm_all - shares.firm_own
    return np.where(known[:, None], bound, limit[:, None])
