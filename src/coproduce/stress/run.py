"""Simulates a programme: replications in blocks, blocks on threads, results that depend on neither."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np

from ..calendar import Ints
from ..network import Bools, Network
from .blocks import run
from .cases import Prepared, prepare_case, step_of
from .changes import block_changes
from .events import Events
from .fallbacks import Ranks
from .plan import Plan
from .policy import FollowPlan, Policy
from .result import Log, Simulation
from .sampling import Risks, replications_of, sample
from .state import LANES, Counts
from .targets import Targets

CHUNK = 8 * LANES
"""Replications whose events are drawn together, one task of a thread; without influence on results."""


def prepare(
    network: Network, plan: Plan, risks: Risks, policy: Policy, ranks: Ranks, groups: Ints | None = None
) -> tuple[Prepared, Targets]:
    """Return the arrays of the kernel and the targets with the channels in them."""
    targets = risks.targets()
    longest = -(-risks.longest_delay // step_of(network))
    tiers = network.demands.tier if groups is None else groups
    return prepare_case(network, plan, policy, ranks, targets.channels, longest, tiers), targets


@dataclass(frozen=True)
class Simulator:
    """A programme made ready, to be carried out several times: with other replications, or with some risks off."""

    network: Network
    risks: Risks
    prepared: Prepared
    targets: Targets

    @classmethod
    def of(
        cls,
        network: Network,
        plan: Plan,
        risks: Risks,
        *,
        ranks: Ranks | None = None,
        policy: Policy | None = None,
        groups: Ints | None = None,
    ) -> Simulator:
        """Make a programme ready; parameters as for `simulate`."""
        prepared, targets = prepare(network, plan, risks, policy or FollowPlan(), ranks or no_ranks(network), groups)
        return cls(network, risks, prepared, targets)

    def run(
        self, replications: int, *, first: int = 0, seed: int = 0, threads: int = 1, active: Bools | None = None
    ) -> Simulation:
        """Carry the programme out; other parameters, result and errors as for `simulate`.

        Parameters
        ----------
        active : (target,) which risks, then drills, happen; those that do have the same luck whatever the others do.
            None: all
        """
        if replications < 1 or threads < 1:
            raise ValueError("at least one replication and one thread are needed")
        end = first + replications
        one = partial(_chunk, self, seed, end, active)
        with ThreadPoolExecutor(threads) as pool:
            chunks = list(pool.map(one, range(first, end, CHUNK)))
        parts = [counts for chunk, _ in chunks for counts in chunk]
        events = np.concatenate([counted for _, counted in chunks])
        return _joined(parts, events, first, replications, self.network)


def simulate(
    network: Network,
    plan: Plan,
    risks: Risks,
    *,
    ranks: Ranks | None = None,
    policy: Policy | None = None,
    replications: int = 1000,
    first: int = 0,
    seed: int = 0,
    threads: int = 1,
    groups: Ints | None = None,
) -> Simulation:
    """Carry out a programme many times against random events, by the rules of `docs/stress.md`.

    Parameters
    ----------
    network : the programme compiled on periods (`periods.period_network`)
    plan : what the plan wants (`plan.read_plan`); with base stock, only its buckets and due times count
    risks : risks and drills with what they reach (`sampling.read_risks`)
    ranks : fallback ranks (`fallbacks.read_ranks`); None: nothing stands in for anything
    policy : follow the plan (the default), or base stock
    replications : how many
    first : number of the first one, so that parts of a long run join to the whole
    seed : two runs with one seed meet the same events, whatever else differs
    threads : chunks of replications run side by side; the result does not depend on it
    groups : (demand,) numbers from 0 of the groups whose deliveries are counted by bucket; None: the tiers

    Returns
    -------
    Counts of every replication; memory is about 8 bytes x replications x (6 demands + 2 nodes + 2 activities + tiers x
    buckets).

    Raises
    ------
    ValueError
        if there are no replications or no threads.
    """
    simulator = Simulator.of(network, plan, risks, ranks=ranks, policy=policy, groups=groups)
    return simulator.run(replications, first=first, seed=seed, threads=threads)


def log(
    network: Network, plan: Plan, risks: Risks, *, ranks: Ranks | None = None, policy: Policy | None = None,
    first: int = 0, seed: int = 0,
) -> Log:  # fmt: skip
    """Return every step of a block of replications from `first` on; parameters as for `simulate`."""
    prepared, targets = prepare(network, plan, risks, policy or FollowPlan(), ranks or no_ranks(network))
    events = sample(risks, seed, replications_of(first, LANES), network.timeline)
    changes = block_changes(events, first, targets, network.timeline.edges, step_of(network))
    _, trace = run(prepared, changes, traced=True)
    return Log(trace.done, trace.backlog, trace.stock, events)


def no_ranks(network: Network) -> Ranks:
    """Return ranks without fallbacks."""
    sizes = (network.supplies.node, network.processes.site, network.lanes.arc_lane, network.demands.node)
    count = sum(len(part) for part in sizes)
    return Ranks(np.zeros(count, dtype=np.int64), np.zeros(count))


def _chunk(simulator: Simulator, seed: int, end: int, active: Bools | None, first: int) -> tuple[list[Counts], Ints]:
    """Return what is counted in each block of a chunk, and the number of events of each replication."""
    replications = replications_of(first, min(CHUNK, end - first))
    events = sample(simulator.risks, seed, replications, simulator.network.timeline)
    if active is not None:
        events = events.where(active[events.target])
    counts = [_block(simulator, events, block) for block in replications[::LANES].tolist()]
    return counts, np.bincount(events.replication - first, minlength=len(replications))


def _block(simulator: Simulator, events: Events, first: int) -> Counts:
    low, high = np.searchsorted(events.replication, [first, first + LANES])
    own = events.where(slice(int(low), int(high)))
    timeline = simulator.network.timeline
    changes = block_changes(own, first, simulator.targets, timeline.edges, step_of(simulator.network))
    counts, _ = run(simulator.prepared, changes)
    return counts


def _joined(parts: Sequence[Counts], events: Ints, first: int, count: int,
            network: Network) -> Simulation:  # fmt: skip
    """Put blocks side by side; what a last block ran beyond the replications asked for is dropped."""
    whole = [np.concatenate(column, axis=-1)[..., :count] for column in zip(*parts, strict=True)]
    named = Counts(*whole)
    days = network.timeline.days.sum()
    return Simulation(
        replication=replications_of(first, count),
        asked=named.asked,
        delivered=named.delivered,
        in_time=named.in_time,
        late_days=named.late_days,
        last=named.last,
        short_periods=named.short_periods,
        by_group=named.by_group,
        stock=named.stock_days / days,
        owed=named.owed_days / days,
        amount=named.amount,
        backlog=named.backlog_days / days,
        events=events,
    )
