"""Which late demands the waiting of contracts for money holds back, where they could be earlier but for agreements."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from ..analyses.short_of_money import short_of_money
from ..analyses.upstream import upstream
from ..calendar import Floats
from ..compile import compile_network
from ..errors import NoPlanError, UnboundedError
from ..network import Bools, Network
from ..plan.assemble import Model, assemble
from ..plan.solve import Infeasible, Options, solve
from ..tables import Tables
from .served import served


@dataclass(frozen=True)
class Waiting:
    """What is known of contracts that wait.

    Attributes
    ----------
    short : (pool, bucket) as of `short_of_money`
    gains : (demand,) whether the plan in which nobody waits has less lateness of it; None where that was not asked
    """

    network: Network
    short: Bools
    gains: Bools | None

    @classmethod
    def nobody(cls, network: Network) -> Waiting:
        """Return what is known where nobody is held back."""
        return cls(network, np.zeros((len(network.cash.pools.contract), network.timeline.count), dtype=bool), None)

    def holding(self, demand: int, due: int) -> list[int]:
        """Return the contracts short of money until a bucket with which a demand shares what it is made of."""
        pools = self.network.cash.pools
        binding = self.short[:, : due + 1].any(axis=1)
        if not binding.any() or (self.gains is not None and not self.gains[demand]):
            return []
        above = upstream(self.network, int(self.network.demands.node[demand]))
        shared = (pools.process & above.process).any(axis=1) | (pools.node & above.touched).any(axis=1)
        return [int(contract) for contract in pools.contract[shared & binding]]


def waiting(tables: Tables, network: Network, model: Model, x: Floats, threads: int, deadline: float) -> Waiting:
    """Return what holds demands back for want of money.

    Where the least cost is looked for, a demand may be late because that is cheaper, money or not: such a programme is
    planned once more without waiting, in the time that is left.
    """
    short = short_of_money(model, x)
    if not (network.money and short.any()):
        return Waiting(network, short, None)
    free = _late_without(tables, threads, deadline)
    ours = _late_unit_days(network, model, x)
    return Waiting(network, short, None if free is None else free < ours - 1e-6 * (1 + ours))


def _late_without(tables: Tables, threads: int, deadline: float) -> Floats | None:
    """Return (demand,) late unit-days of the plan in which no contract waits; None where there is none in time."""
    contracts = tables["contracts"]
    free = pl.lit("nothing").cast(contracts.schema["plan_keeps"]).alias("plan_keeps")
    network = compile_network(replace(tables, frames={**tables.frames, "contracts": contracts.with_columns(free)}))
    model, programme = assemble(network), tables.programme
    options = Options(programme.gap, deadline - time.monotonic(), threads, programme.tier_tolerance, bottlenecks=0)
    try:
        return _late_unit_days(network, model, solve(model, options).x)
    except (Infeasible, NoPlanError, UnboundedError):
        return None


def _late_unit_days(network: Network, model: Model, x: Floats) -> Floats:
    given = served(network, model, x)
    late = np.bincount(given.demand, weights=given.quantity * given.late_days, minlength=len(given.unmet))
    return late + given.unmet * network.demands.unmet_days
