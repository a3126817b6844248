"""What causes the loss of a stress test: every risk's part of it, so that the parts add up to the whole.

The part of a cause is its Shapley value (Shapley 1953): the loss that it adds, averaged over the orders in which
causes may come in. Orders are drawn, in pairs of one and its reverse (antithetic; Mitchell, Cooper, Frank and Holmes
2022, https://jmlr.org/papers/v23/21-0439.html), one for each batch of replications. In every order the parts add up to
the loss of the batch, and all runs of a batch meet the same events.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np

from ..calendar import Floats, Ints
from ..network import Bools
from ..stress.result import Simulation
from ..stress.run import Simulator
from ..stress.state import LANES

BATCH = LANES
"""Replications that share an order."""

DRILLS = "drills"
"""Name of the cause that all drills are."""

Loss = Callable[[Simulation], Floats]
"""(measure, replication) losses of a simulation."""


@dataclass(frozen=True)
class Parts:
    """What every cause adds.

    Attributes
    ----------
    causes : names of risks without a shared cause, of shared causes, and `drills`
    shared : (cause,) whether it is a shared cause
    base : (measure,) loss without any risk or drill
    added : (batch, cause, measure) mean of the batch
    """

    causes: tuple[str, ...]
    shared: tuple[bool, ...]
    base: Floats
    added: Floats


def attribute(
    simulator: Simulator,
    loss: Loss,
    *,
    replications: int,
    seed: int,
    threads: int,
    progress: Callable[[int, int], None],
) -> Parts:
    """Return what every cause adds to the losses of the first replications, rounded up to whole batches.

    Raises
    ------
    ValueError
        if there are no replications.
    """
    if replications < 1:
        raise ValueError("at least one replication is needed")
    causes, shared, member = causes_of(simulator)
    nothing = np.zeros(member.shape[1], dtype=bool)
    base = loss(simulator.run(1, seed=seed, active=nothing))[:, 0]
    batches = -(-replications // BATCH)
    orders = _orders(batches, len(causes), seed)
    tasks = [(batch, step) for batch in range(batches) for step in range(1, len(causes) + 1)]
    found = np.zeros((batches, len(causes) + 1, len(base)))
    found[:, 0] = base
    with ThreadPoolExecutor(threads) as pool:
        runs = pool.map(partial(_prefix, simulator, loss, member, orders, seed), tasks)
        for done, ((batch, step), value) in enumerate(zip(tasks, runs, strict=True), 1):
            found[batch, step] = value
            progress(done, len(tasks))
    added = np.zeros((batches, len(causes), len(base)))
    for batch, order in enumerate(orders):
        added[batch, order] = np.diff(found[batch], axis=0)
    return Parts(causes, shared, base, added)


def causes_of(simulator: Simulator) -> tuple[tuple[str, ...], tuple[bool, ...], Bools]:
    """Return causes in the order of the tables, whether each is shared, and (cause, target) what belongs to which."""
    risks, drills = simulator.risks.risks, simulator.risks.drills
    of_target = [risk.cause or risk.risk for risk in risks] + [DRILLS] * len(drills)
    causes = tuple(dict.fromkeys(of_target))
    shared = {risk.cause for risk in risks if risk.cause is not None}
    member = np.array([[one == cause for one in of_target] for cause in causes], dtype=bool)
    return causes, tuple(cause in shared for cause in causes), member.reshape(len(causes), len(of_target))


def _orders(batches: int, causes: int, seed: int) -> Sequence[Ints]:
    """Return an order for every batch; each second one is the reverse of the one before it."""
    random = np.random.Generator(np.random.Philox(key=seed))
    orders: list[Ints] = []
    for batch in range(batches):
        orders.append(orders[-1][::-1] if batch % 2 else random.permutation(causes).astype(np.int64))
    return orders


def _prefix(
    simulator: Simulator, loss: Loss, member: Bools, orders: Sequence[Ints], seed: int, task: tuple[int, int]
) -> Floats:
    batch, step = task
    active = np.asarray(member[orders[batch][:step]].any(axis=0), dtype=bool)
    simulation = simulator.run(BATCH, first=batch * BATCH, seed=seed, active=active)
    return np.asarray(loss(simulation).mean(axis=1))
