"""What bad luck costs a programme in each replication, and nothing else of it: for plans that are only compared."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from ..calendar import Floats
from ..network import Network
from .fallbacks import Ranks
from .plan import Plan
from .policy import FollowPlan
from .run import CHUNK, counts_in, prepare
from .sampling import Risks, replications_of, sample
from .state import Counts


def losses_of(counts: Counts) -> Floats:
    """Return (2, replication) late unit-days, and units not delivered within the horizon."""
    return np.stack([counts.late_days.sum(axis=0), np.maximum(counts.asked - counts.delivered, 0.0).sum(axis=0)])


def losses(
    network: Network, plan: Plan, risks: Risks, *, ranks: Ranks, replications: int, seed: int, threads: int
) -> Floats:
    """Return (2, replication) what is lost when a plan is followed; parameters as for `run.simulate`.

    Nothing else of the replications is kept, so that memory does not grow with the programme.
    """
    prepared, targets = prepare(network, plan, risks, FollowPlan(), ranks)

    def part(first: int) -> Floats:
        count = min(CHUNK, replications - first)
        events = sample(risks, seed, replications_of(first, count), network.timeline)
        return losses_of(counts_in(prepared, targets, network.timeline, events, first, count))

    with ThreadPoolExecutor(threads) as pool:
        return np.concatenate(list(pool.map(part, range(0, replications, CHUNK))), axis=1)
