"""The replay: what the rows of a plan and the input's own movements do to every item and site."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from ..tables import Tables
from .arrays import Bools, Floats, Ints, floats, positions, spans, total
from .clock import ALWAYS, NEVER, Clock, lead_seconds
from .lots import LotSizes
from .rows import Nodes, PlanRows
from .shares import Shares, batches, lead_shares, whole_shares


@dataclass(frozen=True)
class Movements:
    """Units per item and site and bucket, (nodes, buckets) each; `opening` is (nodes,)."""

    opening: Floats
    received: Floats
    produced: Floats
    moved_in: Floats
    consumed: Floats
    moved_out: Floats
    delivered: Floats
    stood_in: Floats
    stands_in: Floats
    written_off: Floats
    firm_consumed: Floats

    @cached_property
    def inflow(self) -> Floats:
        """(nodes, buckets) units that come in."""
        return self.received + self.produced + self.moved_in + self.stood_in

    @cached_property
    def outflow(self) -> Floats:
        """(nodes, buckets) units that leave."""
        return self.consumed + self.moved_out + self.delivered + self.stands_in + self.written_off

    @cached_property
    def closing(self) -> Floats:
        """(nodes, buckets) stock at the end of every bucket."""
        net = self.inflow - self.outflow
        return self.opening[:, None] + np.cumsum(net, axis=1)

    @cached_property
    def opening_by_bucket(self) -> Floats:
        """(nodes, buckets) stock at the start of every bucket."""
        return np.concatenate([self.opening[:, None], self.closing[:, :-1]], axis=1)

    @cached_property
    def throughput(self) -> Floats:
        """(nodes, buckets) opening stock and all that has come in so far: the terms that make up a stock."""
        come_in: Floats = np.cumsum(np.abs(self.inflow), axis=1)
        return self.opening[:, None] + come_in


def lines_of_runs(lines: Ints, processes: int, runs: Ints) -> tuple[Ints, Ints]:
    """Pair each run with every line of its process.

    Parameters
    ----------
    lines : (lines,) process of every line
    runs : (runs,) process of every run

    Returns
    -------
    run, line : (pairs,) positions in `runs` and in `lines`
    """
    count = np.bincount(lines, minlength=processes).astype(np.int64)
    grouped, first = np.argsort(lines, kind="stable").astype(np.int64), np.cumsum(count) - count
    run, rank = spans(count[runs])
    return run, grouped[first[runs[run]] + rank]


def sharing(clock: Clock, bucket: Ints, lead: Ints, how: tuple[str, bool], *, incoming: bool) -> Shares:
    """Share out by rounding and whether it is a lot, which leaves at the start of its bucket and arrives whole."""
    rounding, together = how
    if rounding == "up":
        return whole_shares(clock, bucket, lead, last=incoming)
    if together:
        return whole_shares(clock, bucket, lead, last=False)
    return lead_shares(clock, bucket, lead)


@dataclass(frozen=True)
class Spreader:
    """Adds events to a table of nodes and buckets after their lead time."""

    clock: Clock
    rounding: str
    nodes: int

    def add(self, node: Ints, bucket: Ints, lead: Ints, amount: Floats, together: Bools, *, incoming: bool) -> Floats:
        """Return the (nodes, buckets) sums of what leaves in `bucket`, together or spread, and arrives `lead` later."""
        result = np.zeros((self.nodes, self.clock.count))
        for whole in (False, True):
            at = np.flatnonzero(together == whole)
            result += self._add(node[at], bucket[at], lead[at], amount[at], whole, incoming=incoming)
        return result

    def _add(self, node: Ints, bucket: Ints, lead: Ints, amount: Floats, together: bool, *, incoming: bool) -> Floats:
        flat = np.zeros(self.nodes * self.clock.count)
        edges = self.clock.edges
        for part in batches(self.clock, edges[bucket] + lead, edges[bucket + 1] + lead):
            leads, lead_at = np.unique(lead[part], return_inverse=True)
            pairs, pair = np.unique(lead_at * self.clock.count + bucket[part], return_inverse=True)
            lead_of, bucket_of = np.divmod(pairs, self.clock.count)
            shares = sharing(self.clock, bucket_of, leads[lead_of], (self.rounding, together), incoming=incoming)
            event, there, share = shares.spread(pair)
            np.add.at(flat, node[part][event] * self.clock.count + there, amount[part][event] * share)
        return flat.reshape(self.nodes, self.clock.count)

    def at_instant(self, node: Ints, instant: Ints, amount: Floats) -> Floats:
        """Return the (nodes, buckets) sums of what falls at one instant, if that lies in the horizon."""
        bucket = self.clock.bucket(instant)
        inside = (bucket >= 0) & (bucket < self.clock.count)
        return self.at_once(node[inside], bucket[inside], amount[inside])

    def at_once(self, node: Ints, bucket: Ints, amount: Floats) -> Floats:
        """Return the (nodes, buckets) sums of what falls in the bucket itself."""
        size = self.nodes * self.clock.count
        return total(size, node * self.clock.count + bucket, amount).reshape(self.nodes, self.clock.count)


@dataclass(frozen=True)
class Flows:
    """The flows table as arrays, (flows,) each: units per run after yield, times in seconds."""

    process: Ints
    node: Ints
    units: Floats
    output: Bools
    from_end: Bools
    offset: Ints
    open_from: Ints
    open_until: Ints

    @classmethod
    def of(cls, tables: Tables, clock: Clock, nodes: Nodes) -> Flows:
        """Read the table."""
        processes = tables["processes"]
        flows = tables["flows"].join(
            processes.select("process", "site", "yield_rate", "post_days"),
            on="process",
            how="left",
            maintain_order="left",
        )
        quantity = floats(flows["quantity"])
        output = quantity > 0
        anchor = flows["offset_from"]
        post = np.where(output, lead_seconds(floats(flows["post_days"])), 0)
        return cls(
            process=positions(flows["process"], processes["process"]),
            node=nodes.find(flows["item"], flows["site"]),
            units=np.abs(quantity) * np.where(output, floats(flows["yield_rate"], 1.0), 1.0),
            output=output,
            from_end=np.where(anchor.is_null(), output, (anchor == "end").fill_null(False)).astype(bool),
            offset=lead_seconds(floats(flows["offset_days"])) + post,
            open_from=clock.seconds(flows["start_from"], ALWAYS),
            open_until=clock.seconds(flows["start_until"], NEVER),
        )

    def belongs(self, flow: Ints, start: Ints) -> Bools:
        """Tell whether each flow belongs to a run that starts at `start`."""
        return (self.open_from[flow] <= start) & (start < self.open_until[flow])


def _planned_flows(
    tables: Tables, clock: Clock, plan: PlanRows, flows: Flows, spreader: Spreader
) -> tuple[Floats, Floats]:
    """Return output and input of planned runs."""
    lead = lead_seconds(floats(tables["processes"]["lead_days"]))
    runs = plan.runs
    run, flow = lines_of_runs(flows.process, len(lead), runs.entity)
    mine = flows.belongs(flow, clock.edges[runs.bucket[run]])
    run, flow = run[mine], flow[mine]
    delay = flows.offset[flow] + np.where(flows.from_end[flow], lead[flows.process[flow]], 0)
    amount = runs.quantity[run] * flows.units[flow]
    out = flows.output[flow]
    whole = LotSizes.of(tables, "processes").together[runs.entity[run]]
    made, used = (
        spreader.add(
            flows.node[flow[side]], runs.bucket[run[side]], delay[side], amount[side], whole[side], incoming=incoming
        )
        for side, incoming in ((out, True), (~out, False))
    )
    return made, used


def _firm_flows(tables: Tables, clock: Clock, flows: Flows, spreader: Spreader) -> tuple[Floats, Floats]:
    """Return output and input of runs under way and firm runs."""
    wip, started, ended = wip_times(tables, clock)
    quantity = floats(tables["wip"]["quantity"])
    run, flow = lines_of_runs(flows.process, len(tables["processes"]), wip)
    mine = flows.belongs(flow, started[run])
    run, flow = run[mine], flow[mine]
    instant = np.where(flows.from_end[flow], ended[run], started[run]) + flows.offset[flow]
    amount = quantity[run] * flows.units[flow]
    out = flows.output[flow]
    made, used = (spreader.at_instant(flows.node[flow[side]], instant[side], amount[side]) for side in (out, ~out))
    return made, used


def wip_times(tables: Tables, clock: Clock) -> tuple[Ints, Ints, Ints]:
    """Return the process, the start and the end in seconds of every run under way, (wip,) each."""
    wip, processes = tables["wip"], tables["processes"]
    process = positions(wip["process"], processes["process"])
    started = clock.seconds(wip["started"], 0)
    planned_end = started + lead_seconds(floats(processes["lead_days"]))[process]
    return process, started, np.where(wip["ends"].is_null(), planned_end, clock.seconds(wip["ends"], 0))


def _opening(tables: Tables, nodes: Nodes) -> Floats:
    stocks = tables["stocks"]
    at = nodes.find(stocks["item"], stocks["site"])
    return total(nodes.count, at, floats(stocks["opening"]))


def _received(tables: Tables, clock: Clock, plan: PlanRows, nodes: Nodes, spreader: Spreader) -> Floats:
    """Return receipts on order and purchases that arrive."""
    receipts, supplies = tables["receipts"], tables["supplies"]
    on_order = spreader.at_instant(
        nodes.find(receipts["item"], receipts["site"]),
        clock.seconds(receipts["date"], NEVER),
        floats(receipts["quantity"]),
    )
    bought = plan.purchases
    node = nodes.find(supplies["item"], supplies["site"])[bought.entity]
    lead = lead_seconds(floats(supplies["lead_days"]))[bought.entity]
    whole = LotSizes.of(tables, "supplies").together[bought.entity]
    return on_order + spreader.add(node, bought.bucket, lead, bought.quantity, whole, incoming=True)


def _moved(tables: Tables, plan: PlanRows, nodes: Nodes, spreader: Spreader) -> tuple[Floats, Floats]:
    """Return arrivals and departures over lanes."""
    lanes, sent = tables["lanes"], plan.shipments
    item = plan.shipped_item * len(nodes.sites)
    leaves, arrives = (
        nodes.at(item + positions(lanes[end], nodes.sites)[sent.entity]) for end in ("from_site", "to_site")
    )
    lead = lead_seconds(floats(lanes["lead_days"]))[sent.entity]
    whole = LotSizes.of(tables, "lanes").together[sent.entity]
    moved_in = spreader.add(arrives, sent.bucket, lead, sent.quantity, whole, incoming=True)
    return moved_in, spreader.at_once(leaves, sent.bucket, sent.quantity)


def _delivered(demands: pl.DataFrame, plan: PlanRows, nodes: Nodes, spreader: Spreader) -> Floats:
    handed = plan.deliveries
    node = nodes.find(demands["item"], demands["site"])[handed.entity]
    return spreader.at_once(node, handed.bucket, handed.quantity)


def replay(tables: Tables, clock: Clock, plan: PlanRows, nodes: Nodes) -> Movements:
    """Carry out the plan on the input tables, from the opening stock on."""
    spreader = Spreader(clock, tables.programme.lead_time_rounding, nodes.count)
    flows = Flows.of(tables, clock, nodes)
    made, used = _planned_flows(tables, clock, plan, flows, spreader)
    firm_made, firm_used = _firm_flows(tables, clock, flows, spreader)
    changed = plan.changes.replayed(nodes, clock.count)
    moved_in, moved_out = _moved(tables, plan, nodes, spreader)
    return Movements(
        opening=_opening(tables, nodes),
        received=_received(tables, clock, plan, nodes, spreader),
        produced=made + firm_made,
        moved_in=moved_in,
        consumed=used + firm_used,
        moved_out=moved_out,
        delivered=_delivered(tables["demands"], plan, nodes, spreader),
        stood_in=changed.stood_in,
        stands_in=changed.stands_in,
        written_off=changed.written_off,
        firm_consumed=firm_used,
    )
