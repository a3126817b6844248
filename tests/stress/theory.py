"""Small systems of inventory theory as programmes: one period a day, demand and disruptions as events."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from random_programmes import tables_of

from coproduce.network import Network
from coproduce.stress.blocks import run
from coproduce.stress.cases import step_of
from coproduce.stress.changes import block_changes
from coproduce.stress.events import Events
from coproduce.stress.periods import period_network
from coproduce.stress.plan import Plan
from coproduce.stress.policy import BaseStock
from coproduce.stress.result import Log
from coproduce.stress.run import no_ranks, prepare
from coproduce.stress.sampling import Risks

DAY = 86400
LANES = 128


def chain(leads: list[int], days: int, opening: Sequence[float] = ()) -> Network:
    """Return a chain of stages with the days that a move to each takes and their stock; the customer is at the last."""
    sites = [f"s{i}" for i in range(len(leads))]
    tables = {
        "programme": [
            {"name": "t", "start": "2026-01-01", "buckets": f"{days} days", "currency": "EUR", "objective": "tiers"}
        ],
        "sites": [{"site": site} for site in sites],
        "items": [{"item": "x", "unit": "piece"}],
        "supplies": [{"supply": "source", "item": "x", "site": "s0", "lead_days": leads[0]}],
        "lanes": [
            {"lane": f"l{i}", "from_site": sites[i - 1], "to_site": sites[i], "lead_days": leads[i]}
            for i in range(1, len(leads))
        ],
        "stocks": [{"item": "x", "site": site, "opening": stock} for site, stock in zip(sites, opening, strict=False)],
        "demands": [{"demand": "d", "item": "x", "site": sites[-1], "quantity": 1, "due": f"2026-01-0{1}"}],
    }
    return period_network(tables_of({name: rows for name, rows in tables.items() if rows}))


def simulated(network: Network, levels: list[float], asked: np.ndarray, cut: np.ndarray | None = None) -> Log:
    """Return every step under base stock with local levels, the first stage first.

    Parameters
    ----------
    asked : (period, replication) demand of each period
    cut : (period, replication) whether the supplier delivers nothing
    """
    days = network.timeline.count
    one = np.ones((1, days))
    plan = Plan(network.timeline, np.zeros((2 + len(levels), days)), network.demands.due)
    reached = [((("asked", 0), 0.0),)] if cut is None else [((("asked", 0), 0.0),), ((("supply", 0), 0.0),)]
    events = [_events(asked, 0)] + ([] if cut is None else [_events(np.where(cut, 0.0, 1.0), 1)])
    risks = Risks(reached=tuple(reached))
    prepared, targets = prepare(network, plan, risks, BaseStock(np.array(levels), one), no_ranks(network))
    joined = Events.join(events)
    changes = block_changes(joined, 0, targets, network.timeline.edges, step_of(network))
    _, trace = run(prepared, changes, traced=True)
    return Log(trace.done, trace.backlog, trace.stock, joined)


def _events(factor: np.ndarray, target: int) -> Events:
    """Return one event for each period and replication whose factor is not 1."""
    period, replication = np.nonzero(factor != 1.0)
    count = len(period)
    return Events(
        replication=replication.astype(np.int64),
        target=np.full(count, target),
        start=period * DAY,
        end=(period + 1) * DAY,
        factor=factor[period, replication],
        delay=np.zeros(count, dtype=np.int64),
        gradual=np.zeros(count, dtype=bool),
    )
