"""Why demands are late or short: one question to the opened model for each of them."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from ..block import MONEY
from ..calendar import Floats, Ints
from ..network import Bools, Network
from ..plan.assemble import Model
from ..tables import Tables
from .growth_lifts import Growing, growing
from .late import Question, Reason
from .learned import loads_of_plan
from .lifts import lifts
from .opened import Open, Variants, open_model
from .question import Asked, Slice
from .upstream import Upstream, upstream

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Late:
    """What the plan delivers, and which demands to explain.

    Attributes
    ----------
    demand, bucket, quantity : (delivery,) as in `results.served`
    unit_days : (demand,) late unit-days
    """

    demand: Ints
    bucket: Ints
    quantity: Floats
    unit_days: Floats


def _quiet(number: int, total: int) -> None:
    """Show nothing."""


def reasons(
    tables: Tables,
    model: Model,
    network: Network,
    x: Floats,
    late: Late,
    wanted: Ints,
    *,
    threads: int = 0,
    deadline: float = np.inf,
    progress: Progress = _quiet,
) -> dict[int, list[Reason]]:
    """Return the reasons of late demands, by demand.

    Parameters
    ----------
    x : values of the columns of `model`
    wanted : demands to explain
    deadline : time (`time.monotonic`) after which no further question is begun
    """
    if not len(wanted):
        return {}
    opened = open_model(Variants.of(tables, network).learned(loads_of_plan(model, x)), model, x)
    when = _counted(network, late)
    taken = np.zeros((len(network.nodes.item), network.timeline.count))
    np.add.at(taken, (network.demands.node[late.demand], when), late.quantity)
    nodes = network.demands.node[wanted]
    asking = _Asking(
        tables, opened, growing(tables, opened), late, when, taken.ravel(), threads, deadline, MONEY in model.stages
    )
    found: dict[int, list[Reason]] = {}
    with ThreadPoolExecutor(max_workers=threads or os.cpu_count()) as workers:
        groups = [(node, wanted[nodes == node]) for node in np.unique(nodes).tolist()]
        for part in workers.map(lambda group: asking.node(*group), groups):
            found |= part
            progress(len(found), len(wanted))
    return dict(sorted(found.items()))


@dataclass(frozen=True)
class _Asking:
    """What the questions have in common.

    `when` is (delivery,) the bucket in which each is taken; `money` whether lateness is weighed against cost, which may
    then be the reason for it.
    """

    tables: Tables
    opened: Open
    growing: Growing
    late: Late
    when: Ints
    taken: Floats
    threads: int
    deadline: float
    money: bool

    def node(self, node: int, demands: Ints) -> dict[int, list[Reason]]:
        """Return the reasons of the late demands of a node: each question starts where the one before ended."""
        network = self.opened.variants.network
        above = upstream(network, node)
        part = Slice(self.opened, above, self.taken, node, self.threads)
        limits = lifts(self.tables, self.opened, above, self.growing)
        found: dict[int, list[Reason]] = {}
        start, lots = None, not self.money and _lots(network, above)
        for demand in demands.tolist():
            if time.monotonic() > self.deadline:
                break
            own = self.late.demand == demand
            held = np.bincount(
                self.when[own], weights=self.late.quantity[own], minlength=network.timeline.count
            ).astype(np.float64)
            asked, due = (
                _asked(network, self.opened.deliverable, demand, held),
                max(int(network.demands.due_bucket[demand]), 0),
            )
            question = Question(part, limits, asked, float(self.late.unit_days[demand]), due, lots)
            found[demand], start = question.answer(start)
        return found


def _lots(network: Network, above: Upstream) -> bool:
    """Tell whether anything upstream starts in lots."""
    lane = network.lanes.arc_lane[above.arc]
    parts = (network.processes.lots.sized[above.process], network.supplies.lots.sized[above.supply])
    return any(part.any() for part in (*parts, network.lanes.lots.sized[lane]))


def _counted(network: Network, late: Late) -> Ints:
    """Return the bucket in which each delivery is taken: what came early may as well lie until it is due.

    Where stock has a maximum, early deliveries make room, so that they stay.
    """
    demands = network.demands
    waits = ~np.isfinite(network.nodes.maximum[demands.node[late.demand]])
    return np.where(waits, np.maximum(late.bucket, demands.due_bucket[late.demand]), late.bucket)


def _asked(network: Network, deliverable: Bools, demand: int, taken: Floats) -> Asked:
    """Return what the question needs to know of a demand."""
    demands, bucket = network.demands, np.arange(network.timeline.count)
    allowed = (bucket >= demands.first[demand]) & (bucket < demands.until[demand]) & deliverable[demand]
    return Asked(
        node=int(demands.node[demand]),
        quantity=float(demands.quantity[demand]),
        days=np.append(network.late_days(np.full(len(bucket), demand), bucket), demands.unmet_days[demand]),
        allowed=allowed.astype(np.float64),
        taken=taken,
    )
