"""The baseline against the plan, from the input alone: what was done before and is done now, and at what price."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from ..tables import Tables
from .arrays import Bools, Floats, Ints, floats, positions
from .clock import ALWAYS, Clock
from .lots import LotSizes
from .rows import PlanRows, Rows

TABLES = {"run": "processes", "order": "supplies", "shipment": "lanes", "delivery": "demands"}


@dataclass(frozen=True)
class Compared:
    """One kind of activity, by entity (of shipments by lane and item) and bucket.

    Attributes
    ----------
    entity, item : (pairs,) position in the table of the kind, and of the item moved; -1 where there is none
    before, after : (pairs, buckets) runs or units
    behind : (pairs, buckets) units promised by the end of the bucket and not delivered; 0 for other kinds
    cost : (pairs, buckets) by the price on changes
    largest : (pairs, buckets) the largest quantity that enters
    scale : (pairs, buckets) price x that
    """

    entity: Ints
    item: Ints
    before: Floats
    after: Floats
    behind: Floats
    cost: Floats
    largest: Floats
    scale: Floats


@dataclass(frozen=True)
class Against:
    """The plan against the baseline.

    Attributes
    ----------
    kinds : by kind of activity
    covered, frozen : (buckets,) whether the baseline covers all of it, and whether the plan must repeat it there
    """

    kinds: Mapping[str, Compared]
    covered: Bools
    frozen: Bools


def against(tables: Tables, clock: Clock, plan: PlanRows, prices: Mapping[str, Floats]) -> Against:
    """Compare a plan with the baseline.

    Parameters
    ----------
    prices : by kind of activity, the price on changes of every entity in the programme's currency
    """
    covered = _covered(tables["baseline"], clock)
    lanes = np.stack([plan.shipments.entity, plan.shipped_item])
    rows: dict[str, tuple[Rows, Ints]] = {
        "run": (plan.runs, _alone(plan.runs)),
        "order": (plan.purchases, _alone(plan.purchases)),
        "shipment": (plan.shipments, lanes),
        "delivery": (plan.deliveries, _alone(plan.deliveries)),
    }
    kinds = {kind: _compared(tables, clock, kind, *rows[kind], prices[kind], covered) for kind in TABLES}
    until = clock.seconds(tables["programme"]["frozen_until"], ALWAYS)[0]
    return Against(kinds, covered, (clock.edges[:-1] < until) & covered.any())


def _alone(rows: Rows) -> Ints:
    return np.stack([rows.entity, np.full(len(rows.entity), -1, dtype=np.int64)])


def _covered(baseline: pl.DataFrame, clock: Clock) -> Bools:
    span = baseline.filter(kind="horizon")
    span = span if span.height else baseline
    if span.is_empty():
        return np.zeros(clock.count, dtype=bool)
    first, last = clock.seconds(span["start"], 0).min(), clock.seconds(span["end"], 0).max()
    covered: Bools = (first <= clock.edges[:-1]) & (clock.edges[1:] <= last)
    return covered


def _compared(
    tables: Tables, clock: Clock, kind: str, rows: Rows, keys: Ints, prices: Floats, covered: Bools
) -> Compared:
    frame = tables["baseline"].filter(kind=kind)
    ids = tables[TABLES[kind]]
    entity = positions(frame["entity"], ids[ids.columns[0]])
    item = positions(frame["item"], tables["items"]["item"]) if kind == "shipment" else np.full(len(frame), -1)
    known = (entity >= 0) & ((item >= 0) | (kind != "shipment"))
    frame, named = frame.filter(pl.Series(known)), np.stack([entity, item])[:, known].astype(np.int64)
    pairs, at = np.unique(np.concatenate([keys, named], axis=1), axis=1, return_inverse=True)
    at = at.reshape(-1)
    before, after = np.zeros((pairs.shape[1], clock.count)), np.zeros((pairs.shape[1], clock.count))
    np.add.at(after, (at[: len(rows.bucket)], rows.bucket), rows.quantity)
    np.add.at(before, at[len(rows.bucket) :], _placed(tables, clock, kind, frame, named[0]))
    if kind == "delivery":
        asked = floats(tables["demands"]["quantity"])[pairs[0], None]
        promised, given = np.minimum(before.cumsum(axis=1), asked), after.cumsum(axis=1)
        behind, per_unit = np.maximum(promised - given, 0.0), np.append(clock.days[1:], clock.days[-1])
        cost, size = behind * per_unit, np.maximum(before.cumsum(axis=1), given)
    else:
        behind = np.zeros_like(before)
        per_unit = np.ones(clock.count)
        cost, size = np.where(covered, np.abs(after - before), 0.0), np.maximum(after, before)
    price = prices[pairs[0], None]
    scale = price * np.maximum(size, 1.0) * per_unit
    return Compared(pairs[0], pairs[1], before, after, behind, price * cost, size, scale)


def _placed(tables: Tables, clock: Clock, kind: str, frame: pl.DataFrame, entity: Ints) -> Floats:
    """(rows, buckets) what each row of the baseline does in every bucket: by overlap, or all at once."""
    begin, end = clock.seconds(frame["start"], 0), clock.seconds(frame["end"], 0)
    low, high = clock.edges[:-1], clock.edges[1:]
    met = np.minimum(end[:, None], high) - np.maximum(begin[:, None], low)
    share = np.maximum(met, 0) / np.maximum(end - begin, 1)[:, None]
    moment = end - 1 if kind == "delivery" else begin
    whole = (low <= moment[:, None]) & (moment[:, None] < high)
    together = _sized(tables) if kind == "delivery" else LotSizes.of(tables, TABLES[kind]).together
    placed: Floats = floats(frame["quantity"])[:, None] * np.where(together[entity, None], whole, share)
    return placed


def _sized(tables: Tables) -> Bools:
    """(demands,) whether deliveries have a least size."""
    demands = tables["demands"]
    sized: Bools = ((floats(demands["minimum_shipment"]) > 0) | demands["all_or_nothing"].to_numpy()) & (
        floats(demands["quantity"]) > 0
    )
    return sized
