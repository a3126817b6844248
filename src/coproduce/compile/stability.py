"""From the table of the baseline to arrays: an earlier plan, mapped by dates to the buckets of this one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from ..calendar import NEVER, Floats, Ints, Timeline
from ..network import Bools, Demands, Lanes, Processes, Supplies
from ..stability import Earlier, Stability
from ..tables import Tables
from .index import floats, positions


@dataclass(frozen=True)
class Prices:
    """Prices on changes, in the programme's currency: per process, supply, lane and demand."""

    run: Floats
    buy: Floats
    ship: Floats
    deliver: Floats


@dataclass(frozen=True)
class _Mapped:
    """Rows of one kind, each with its entity and its share in every bucket that it meets.

    Attributes
    ----------
    entity, bucket, quantity, row : (part,)
    """

    entity: Ints
    bucket: Ints
    quantity: Floats
    row: Ints

    def earlier(self, entities: int, count: int, price: Floats) -> Earlier:
        """Return what the rows add up to."""
        quantity, row = np.zeros((entities, count)), np.full((entities, count), -1, dtype=np.int64)
        np.add.at(quantity, (self.entity, self.bucket), self.quantity)
        order = np.argsort(self.quantity, kind="stable")
        row[self.entity[order], self.bucket[order]] = self.row[order]
        return Earlier(quantity, row, price)


@dataclass(frozen=True)
class Mapping:
    """What the baseline is mapped to; `arc_item` is (arc,) the position of the item of every arc."""

    tables: Tables
    timeline: Timeline
    processes: Processes
    supplies: Supplies
    lanes: Lanes
    demands: Demands
    arc_item: Ints

    def stability(self, prices: Prices) -> Stability:
        """Return the baseline, kind by kind."""
        count, lanes, demands = self.timeline.count, self.lanes, self.demands
        covered = self._covered()
        runs = self._of("run", "processes", self.processes.lots.whole)
        orders = self._of("order", "supplies", self.supplies.lots.whole)
        delivered = self._of("delivery", "demands", demands.least > 0, last=True)
        deliver = delivered.earlier(len(demands.node), count, prices.deliver)
        return Stability(
            run=runs.earlier(len(self.processes.site), count, prices.run),
            buy=orders.earlier(len(self.supplies.node), count, prices.buy),
            ship=self._shipped().earlier(len(lanes.arc_lane), count, prices.ship[lanes.arc_lane]),
            deliver=deliver,
            promised=np.minimum(np.cumsum(deliver.quantity, axis=1), demands.quantity[:, None]),
            covered=covered,
            frozen=self._frozen(covered),
        )

    def _covered(self) -> Bools:
        """Return (bucket,) whether the baseline covers all of it."""
        frame, edges = self.tables["baseline"], self.timeline.edges
        if frame.is_empty():
            return np.zeros(self.timeline.count, dtype=bool)
        span = frame.filter(kind="horizon") if (frame["kind"] == "horizon").any() else frame
        first, last = self.timeline.seconds_of(span["start"], 0).min(), self.timeline.seconds_of(span["end"], 0).max()
        covered: Bools = (edges[:-1] >= first) & (edges[1:] <= last)
        return covered

    def _frozen(self, covered: Bools) -> int:
        """Return the number of frozen buckets; none without a baseline."""
        until = self.timeline.seconds_of(self.tables["programme"]["frozen_until"], -NEVER)
        return int(self.timeline.first_open(until)[0]) if covered.any() else 0

    def _rows(self, kind: str) -> pl.DataFrame:
        return self.tables["baseline"].with_row_index("row").filter((pl.col("kind") == kind) & (pl.col("quantity") > 0))

    def _of(self, kind: str, table: str, whole: Bools, *, last: bool = False) -> _Mapped:
        """Return the rows of a kind that name an entity of a table."""
        frame, ids = self._rows(kind), self.tables[table]
        return self._spread(frame, positions(frame["entity"], ids[ids.columns[0]]), whole, last=last)

    def _shipped(self) -> _Mapped:
        """Return the rows of shipments by arc."""
        frame, items, lanes = self._rows("shipment"), self.tables["items"]["item"], self.lanes
        lane = positions(frame["entity"], self.tables["lanes"]["lane"])
        item = positions(frame["item"], items)
        known = {pair: at for at, pair in enumerate(zip(lanes.arc_lane.tolist(), self.arc_item.tolist(), strict=True))}
        arc = [known.get(pair, -1) for pair in zip(lane.tolist(), item.tolist(), strict=True)]
        return self._spread(frame, np.array(arc, dtype=np.int64), lanes.lots.whole[lanes.arc_lane], last=False)

    def _spread(self, frame: pl.DataFrame, entity: Ints, whole: Bools, *, last: bool) -> _Mapped:
        """Return the share of each row in each bucket by overlap; what comes whole is in its first, or last, bucket."""
        known = np.flatnonzero(entity >= 0)
        entity, frame = entity[known], frame[known.tolist()]
        begin, end = self.timeline.seconds_of(frame["start"], 0), self.timeline.seconds_of(frame["end"], 0)
        at_once = whole[entity] if len(whole) else np.zeros(len(entity), dtype=bool)
        instant = np.maximum(end - 1, begin) if last else begin
        begin, end = np.where(at_once, instant, begin), np.where(at_once, instant + 1, end)
        edges = self.timeline.edges
        first = np.maximum(self.timeline.bucket_of(begin), 0)
        until = np.minimum(self.timeline.bucket_of(end - 1) + 1, self.timeline.count)
        sizes = np.maximum(until - first, 0)
        part = np.repeat(np.arange(len(entity)), sizes)
        bucket = np.arange(len(part)) - (np.cumsum(sizes) - sizes)[part] + first[part]
        overlap = np.minimum(end[part], edges[bucket + 1]) - np.maximum(begin[part], edges[bucket])
        share = overlap / np.maximum(end - begin, 1)[part]
        row = frame["row"].to_numpy().astype(np.int64)
        return _Mapped(entity[part], bucket.astype(np.int64), floats(frame["quantity"], 0.0)[part] * share, row[part])


def told_apart_by(stable: Stability) -> Bools:
    """Return (demand,) whether it must be served by itself: frozen deliveries, or a price on what was promised."""
    apart: Bools = stable.kept("deliver").any(axis=1) | stable.owed()
    return apart
