"""Versions of items: which stands in for which from when, when one becomes obsolete, what writing it off loses."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from ..calendar import NEVER, Floats, Ints, Timeline
from ..network import Bools, Nodes, Versions
from ..tables import Tables
from .index import positions


@dataclass(frozen=True)
class Pairs:
    """Items that stand in for others, (pair,) each; chains are followed, and hold from their latest date on.

    `since` is in seconds from the start.
    """

    new: Ints
    old: Ints
    since: Ints


def stand_ins(items: pl.DataFrame, since: Ints) -> Pairs:
    """Return every newer version with each older one that it stands in for; `since` is (item,) from when."""
    older = np.where(items["stands_in"].to_numpy(), positions(items["replaces"], items["item"]), -1)
    found: list[tuple[int, int, int]] = []
    for new in np.flatnonzero(older >= 0).tolist():
        at, latest, seen = new, -NEVER, {new}
        while older[at] >= 0 and int(older[at]) not in seen:
            latest, at = max(latest, int(since[at])), int(older[at])
            seen.add(at)
            found.append((new, at, latest))
    new_item, old_item, date = np.array(found, dtype=np.int64).reshape(-1, 3).T
    return Pairs(new_item, old_item, date)


def read_pairs(tables: Tables, timeline: Timeline) -> Pairs:
    """Return the pairs of a programme."""
    items = tables["items"]
    return stand_ins(items, timeline.seconds_of(items["stands_in_from"], -NEVER))


def read_versions(
    tables: Tables, timeline: Timeline, pairs: Pairs, codes: Ints, sites: int, unit_value: Floats, recovered: Floats
) -> Versions:
    """Return the versions at every node.

    Parameters
    ----------
    codes : (node,) item x sites + site
    unit_value : (item,) what a unit is worth in stock
    recovered : (stock,) what a unit brings that is written off
    """
    item, site = codes // sites, codes % sites
    obsolete = timeline.first_open(timeline.seconds_of(tables["items"]["obsolete_from"], NEVER))[item]
    stocks, loss = tables["stocks"], unit_value[item]
    of_stock = positions(stocks["item"], tables["items"]["item"])
    at = np.searchsorted(codes, of_stock * sites + positions(stocks["site"], tables["sites"]["site"]))
    loss[at] -= recovered
    disposable = np.zeros(len(codes), dtype=bool)
    disposable[at] = stocks["write_off_value"].is_not_null().to_numpy()
    which, old = (part.astype(np.int64) for part in np.nonzero(pairs.old[:, None] == item))
    wanted = pairs.new[which] * sites + site[old]
    new = np.minimum(np.searchsorted(codes, wanted), len(codes) - 1).astype(np.int64)
    there = codes[new] == wanted if len(codes) else np.zeros(0, dtype=bool)
    return Versions(
        new=new[there],
        old=old[there],
        first=timeline.first_open(pairs.since[which][there]),
        obsolete=np.minimum(obsolete, timeline.count),
        disposable=disposable,
        loss=loss,
    )


def used_nodes(pairs: Pairs, sites: int, used: Ints) -> Ints:
    """Return the codes at which newer versions can be of use: where the old ones are delivered or taken in."""
    item, site = used // sites, used % sites
    which, at = np.nonzero(pairs.old[:, None] == item)
    return pairs.new[which] * sites + site[at]


def spread_versions(pairs: Pairs, known: Bools, sites: int, *, wanted: bool) -> None:
    """Mark, in place, what stand-ins make present (old where new is) or wanted (new where old is)."""
    by_item = known.reshape(-1, sites)
    sources, targets = (pairs.old, pairs.new) if wanted else (pairs.new, pairs.old)
    for source, target in zip(sources.tolist(), targets.tolist(), strict=True):
        by_item[target] |= by_item[source]


def until_obsolete(nodes: Nodes, versions: Versions, count: int) -> Nodes:
    """Return nodes without what the end of the horizon asks of items that are obsolete by then."""
    ends = versions.obsolete < count
    return replace(
        nodes,
        final_minimum=np.where(ends, 0.0, nodes.final_minimum),
        terminal_value=np.where(ends, 0.0, nodes.terminal_value),
    )
