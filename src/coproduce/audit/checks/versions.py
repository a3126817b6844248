"""Checks that newer versions are given only where they may be, and that nothing of an obsolete item goes on."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from ..arrays import Bools, Floats, floats, positions
from ..case import Case
from ..clock import ALWAYS, NEVER
from ..judge import Rule
from ..money import write_off_loss
from ..report import Check
from ..versions import allowed_from, obsolete_buckets

ALLOWED = Rule("A971", "only newer versions stand in, in buckets that begin on their date or later", "units")
DELIVERED = Rule("A972", "no demand gets more of newer versions than it gets at all of its item at its site", "units")
TAKEN_IN = Rule("A973", "no more of newer versions is taken in than runs take in at all", "units")
NEWER = Rule("A974", "deliveries say how much of them is of newer versions", "units")
USED = Rule("A975", "nothing of an obsolete item is used or delivered but by firm runs", "units")
MADE = Rule("A976", "nothing obsolete is ordered or moved, and no run that makes it starts", "kinds")
LEFT = Rule("A977", "nothing of an obsolete item is left", "units")
DISPOSED = Rule("A978", "only what is obsolete or has a write-off value is written off", "units")
LOSS = Rule("A979", "write-offs lose the value of their units less what these bring", "currency")
FLOW = Rule("A980", "versions over time are the sums of the plan", "units")
CHANGES = Rule("A981", "the changes of versions are those of the plan", "units")
_FLOWS = ("produced", "delivered", "used", "written_off", "closing")


def checks(case: Case) -> Iterator[Check]:
    """Check stand-ins, obsolete items, write-offs, and what is summed up of them."""
    yield _allowed(case)
    yield from _given_to_demands(case)
    yield _taken_in(case)
    yield from _obsolete(case)
    yield from _write_offs(case)
    sums = _sums(case)
    yield _flow(case, sums)
    yield _changes(case, sums)


def _allowed(case: Case) -> Check:
    frame, starts = case.frames["stand_ins"], case.clock.edges[:-1]
    since = allowed_from(case.tables, case.clock)
    bucket = np.clip(frame["bucket"].fill_null(-1).to_numpy(), 0, case.clock.count - 1)
    pairs = zip(frame["given"], frame["item"], strict=True)
    first = np.array([since.get(pair, NEVER) for pair in pairs], dtype=np.int64)
    early = np.where(starts[bucket] >= first, 0.0, floats(frame["quantity"]))
    return ALLOWED.on(early, 0.0, case.row_place("stand_ins", "item", "given", "site"))


def _taken_in(case: Case) -> Check:
    runs = case.frames["stand_ins"].filter(pl.col("demand").is_null())
    node, bucket = case.nodes.find(runs["item"], runs["site"]), runs["bucket"].fill_null(-1)
    known = case.known(node, bucket)
    taken = np.zeros(case.moves.consumed.shape)
    np.add.at(taken, (node[known], bucket.to_numpy()[known]), floats(runs["quantity"])[known])
    return TAKEN_IN.on(taken - case.moves.consumed, taken, case.node_place)


def _given_to_demands(case: Case) -> Iterator[Check]:
    frame, demands, count = case.frames["stand_ins"], case.tables["demands"], case.clock.count
    given = frame.filter(pl.col("demand").is_not_null())
    facts = demands.select("demand", asked="item", where="site")
    placed = given.join(facts, on="demand", how="left", maintain_order="left")
    same = ((placed["asked"] == placed["item"]) & (placed["where"] == placed["site"])).fill_null(False).to_numpy()
    demand = np.where(same, positions(given["demand"], demands["demand"]), -1)
    at = case.known(demand, given["bucket"].fill_null(-1))
    units = np.zeros((demands.height, count))
    quantity = floats(given["quantity"])
    np.add.at(units, (demand[at], given["bucket"].to_numpy()[at]), quantity[at])
    rows = case.plan.deliveries
    delivered = rows.by_bucket(demands.height, count)
    words = case.entity_place("demands", "demand")

    def place(one: int) -> str:
        return words(one) if one < units.size else "stand_ins of an item or site that is not the demand's"

    excess = np.append((units - delivered).ravel(), quantity.sum() - units.sum())
    yield DELIVERED.on(excess, np.append(np.maximum(units, delivered).ravel(), quantity.sum()), place)
    stated = floats(case.frames["deliveries"]["newer"])[rows.at]
    row_words = case.row_place("deliveries", "demand")
    expected = units[rows.entity, rows.bucket]
    yield NEWER.equal(stated, expected, lambda one: row_words(int(rows.at[one])), rows.quantity)


def _items_of_nodes(case: Case) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return case.nodes.keys // max(len(case.nodes.sites), 1)


def _obsolete(case: Case) -> Iterator[Check]:
    ends, moves = obsolete_buckets(case.tables, case.clock, _items_of_nodes(case)), case.moves
    own = moves.consumed - moves.firm_consumed + moves.delivered - moves.stood_in
    yield USED.on(np.where(ends, own, 0.0), moves.consumed + moves.delivered, case.node_place)
    begun = _begun(case)
    yield MADE.none(begun, lambda at: f"a {('run', 'purchase', 'shipment')[at]} of an obsolete item")
    yield LEFT.on(np.where(ends, moves.closing, 0.0), moves.throughput, case.node_place)


def _begun(case: Case) -> Bools:
    """Tell whether any run, order and shipment begins of what is obsolete then."""
    tables, plan = case.tables, case.plan
    ids = tables["items"]["item"]
    every = obsolete_buckets(tables, case.clock, np.arange(len(ids)))
    bought = positions(tables["supplies"]["item"], ids)[plan.purchases.entity]
    makes = _makes(case, every)
    begins = (
        (makes[plan.runs.entity, plan.runs.bucket], plan.runs.quantity),
        (every[bought, plan.purchases.bucket], plan.purchases.quantity),
        (every[plan.shipped_item, plan.shipments.bucket], plan.shipments.quantity),
    )
    return np.array([bool((obsolete & (quantity > 0)).any()) for obsolete, quantity in begins])


def _makes(case: Case, every: Bools) -> Bools:
    """Tell, (processes, buckets), whether a run that starts there makes something obsolete."""
    tables, starts = case.tables, case.clock.edges[:-1]
    flows = tables["flows"].filter(pl.col("quantity") > 0)
    process = positions(flows["process"], tables["processes"]["process"])
    first, until = case.clock.seconds(flows["start_from"], ALWAYS), case.clock.seconds(flows["start_until"], NEVER)
    belongs = (first[:, None] <= starts) & (starts < until[:, None])
    makes = np.zeros((len(tables["processes"]), case.clock.count), dtype=bool)
    np.logical_or.at(makes, process, every[positions(flows["item"], tables["items"]["item"])] & belongs)
    return makes


def _write_offs(case: Case) -> Iterator[Check]:
    frame, tables = case.frames["write_offs"], case.tables
    item = positions(frame["item"], tables["items"]["item"])
    bucket = np.clip(frame["bucket"].to_numpy(), 0, case.clock.count - 1)
    ends = obsolete_buckets(tables, case.clock, item)[np.arange(len(item)), bucket]
    key = pl.concat_str("item", "site", separator="/")
    valued = tables["stocks"].filter(pl.col("write_off_value").is_not_null()).select(key=key)["key"]
    has = positions(frame.select(key=key)["key"], valued) >= 0
    place = case.row_place("write_offs", "item", "site")
    yield DISPOSED.on(np.where(ends | has, 0.0, floats(frame["quantity"])), 0.0, place)
    yield LOSS.equal(floats(frame["loss"]), write_off_loss(tables, frame), place)


def _sums(case: Case) -> dict[str, Floats]:
    """Return (items, buckets) units of every version, wherever they are given."""
    moves, frame, ids = case.moves, case.frames["stand_ins"], case.tables["items"]["item"]
    of_node = _items_of_nodes(case)

    def summed(values: Floats) -> Floats:
        result = np.zeros((len(ids), case.clock.count))
        np.add.at(result, of_node, values)
        return result

    sums = {name: summed(getattr(moves, name)) for name in ("produced", "delivered", "written_off", "closing")}
    sums |= {"used": summed(moves.consumed), "scale": summed(moves.throughput)}
    old, new, bucket = positions(frame["item"], ids), positions(frame["given"], ids), frame["bucket"].fill_null(-1)
    at = case.known(np.minimum(old, new), bucket)
    quantity, to_runs, when = floats(frame["quantity"]), frame["demand"].is_null().to_numpy(), bucket.to_numpy()
    for name, chosen in (("used", at[to_runs[at]]), ("delivered", at[~to_runs[at]])):
        np.add.at(sums[name], (old[chosen], when[chosen]), -quantity[chosen])
        np.add.at(sums[name], (new[chosen], when[chosen]), quantity[chosen])
    sums["stood_in"] = np.zeros(sums["used"].shape)
    np.add.at(sums["stood_in"], (new[at], when[at]), quantity[at])
    return sums


def _flow(case: Case, sums: dict[str, Floats]) -> Check:
    frame = case.frames["version_flow"]
    item = positions(frame["item"], case.tables["items"]["item"])
    at = case.known(item, frame["bucket"])
    cell = item[at], frame["bucket"].to_numpy()[at]
    off = np.array([np.abs(floats(frame[name])[at] - sums[name][cell]) for name in _FLOWS]).reshape(len(_FLOWS), -1)
    place = case.row_place("version_flow", "item")
    return FLOW.on(off.max(axis=0, initial=0.0), sums["scale"][cell], lambda one: place(int(at[one])))


def _changes(case: Case, sums: dict[str, Floats]) -> Check:
    """Compare the units of every change with their sums, from the cut-in that the plan states."""
    frame, ids = case.frames["versions"], case.tables["items"]["item"]
    old, new = positions(frame["old"], ids), positions(frame["new"], ids)
    cut_in = case.clock.seconds(frame["cut_in"], NEVER)
    later = case.clock.edges[:-1] >= cut_in[:, None]
    own = sums["delivered"] + sums["used"]
    expected = {
        "run_out": np.where(later, own[old], 0.0).sum(axis=1),
        "stood_in": sums["stood_in"][new].sum(axis=1),
        "written_off": sums["written_off"][old].sum(axis=1),
        "left": sums["closing"][old][:, -1],
    }
    off = [np.abs(floats(frame[name]) - units) for name, units in expected.items()]
    # Nothing of the new version is delivered or used before its cut-in.
    off.append(np.where(later, 0.0, own[new]).sum(axis=1))
    scale = sums["scale"][old].max(axis=1, initial=0.0) + sums["scale"][new].max(axis=1, initial=0.0)
    place = case.row_place("versions", "old", "new")
    return CHANGES.on(np.array(off).max(axis=0, initial=0.0), scale, place)
