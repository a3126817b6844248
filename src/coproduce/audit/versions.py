"""Versions: what the plan gives in place of older items and writes off, and what the input allows of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from ..tables import RESULT_TABLES, Tables
from .arrays import Bools, Floats, Ints, floats, positions, total
from .clock import ALWAYS, NEVER, Clock

if TYPE_CHECKING:
    from .rows import Nodes


def given(frames: Mapping[str, pl.DataFrame], table: str) -> pl.DataFrame:
    """Return a result table; empty where a plan has none."""
    return frames[table] if table in frames else RESULT_TABLES[table].empty()


@dataclass(frozen=True)
class Replayed:
    """Units by node and bucket, (nodes, buckets) each."""

    stood_in: Floats
    stands_in: Floats
    written_off: Floats


@dataclass(frozen=True)
class Changes:
    """The result tables of stand-ins and write-offs."""

    stand_ins: pl.DataFrame
    write_offs: pl.DataFrame

    @classmethod
    def of(cls, frames: Mapping[str, pl.DataFrame]) -> Changes:
        """Take the tables out of a plan."""
        return cls(given(frames, "stand_ins"), given(frames, "write_offs"))

    def replayed(self, nodes: Nodes, buckets: int) -> Replayed:
        """Sum what stands in and is written off at every node; rows that name something unknown are left out."""
        instead, written = self.stand_ins, self.write_offs
        old, new = nodes.find(instead["item"], instead["site"]), nodes.find(instead["given"], instead["site"])
        return Replayed(
            _summed(nodes.count, buckets, np.where(new >= 0, old, -1), instead),
            _summed(nodes.count, buckets, np.where(old >= 0, new, -1), instead),
            _summed(nodes.count, buckets, nodes.find(written["item"], written["site"]), written),
        )


def _summed(nodes: int, buckets: int, node: Ints, frame: pl.DataFrame) -> Floats:
    bucket = frame["bucket"].fill_null(-1).to_numpy()
    at = np.flatnonzero((node >= 0) & (bucket >= 0) & (bucket < buckets))
    units = total(nodes * buckets, node[at] * buckets + bucket[at], floats(frame["quantity"])[at])
    return units.reshape(nodes, buckets)


def allowed_from(tables: Tables, clock: Clock) -> dict[tuple[str, str], int]:
    """Return, by newer and older item, the instant from which buckets that begin then or later may stand in."""
    items = tables["items"]
    since = dict(zip(items["item"], clock.seconds(items["stands_in_from"], ALWAYS).tolist(), strict=True))
    rows = items.filter(pl.col("stands_in") & pl.col("replaces").is_not_null())
    older = dict(rows.select("item", "replaces").iter_rows())
    found: dict[tuple[str, str], int] = {}
    for new in older:
        link, date = new, ALWAYS
        for _ in range(len(older)):  # a chain has no more links than there are items that stand in
            if link not in older:
                break
            date, link = max(date, since[link]), older[link]
            found.setdefault((new, link), date)
    return found


def obsolete_buckets(tables: Tables, clock: Clock, items: Ints) -> Bools:
    """(items, buckets) whether items, by position, are obsolete: the bucket begins at or after the date."""
    since = np.append(clock.seconds(tables["items"]["obsolete_from"], NEVER), NEVER)
    obsolete: Bools = clock.edges[:-1] >= since[items][:, None]
    return obsolete


def losses(tables: Tables, worth: Floats, recovered: Floats, item: pl.Series, site: pl.Series) -> Floats:
    """Return what a unit loses that is written off: its value less what it brings.

    Parameters
    ----------
    worth : (items,) value of a unit
    recovered : (stocks,) what a unit brings
    """
    key = pl.concat_str("item", "site", separator="/")
    asked = pl.DataFrame({"item": item, "site": site}).select(key=key)["key"]
    row = positions(asked, tables["stocks"].select(key=key)["key"])
    brings = np.append(recovered, 0.0)[row]
    lost: Floats = np.append(worth, 0.0)[positions(item, tables["items"]["item"])] - brings
    return lost
