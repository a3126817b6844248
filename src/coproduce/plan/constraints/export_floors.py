"""Floors at home: exports are delivered only in buckets by whose end domestic deliveries have reached the floor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ...block import Columns, Limit, Rows, Terms
from ...calendar import Floats, Ints
from ...network import Bools, Network
from ...reach import Reach


def declare(network: Network, reach: Reach) -> Sequence[Columns]:  # noqa: ARG001
    """export_open[f, t] 0 or 1: whether exports may be delivered in t."""
    floors = network.agreements.floors
    if not len(floors.due):
        return []
    entity, bucket = (part.ravel() for part in np.indices(floors.due.shape))
    return [Columns("export_open", entity, bucket, np.zeros(len(entity)), np.ones(len(entity)), integer=True)]


def contribute(network: Network, columns: Mapping[str, Columns]) -> tuple[Sequence[Terms], Sequence[Rows]]:
    """floor[f, t]: domestic deliveries so far - due x export_open >= 0; export[e, t]: delivered <= quantity x open.

    A row of an export is of one floor and one demand or series: tighter than one row for all of them.
    """
    if "export_open" not in columns:
        return [], []
    floors, opened = network.agreements.floors, columns["export_open"]
    terms = [
        Terms("export_open", "floor", "due", opened.entity, opened.bucket, np.arange(len(opened)), -floors.due.ravel()),
        *_exports(network, opened),
    ]
    for kind in ("deliver", "pool"):
        terms += _of_kind(network, columns[kind])
    there = floors.due > 0
    exported = _exporting(network)
    return terms, [
        Rows("floor", np.where(there, 0.0, -np.inf), np.full(there.shape, np.inf), Limit("", "export_floors", "floor")),
        Rows("export", np.full(exported.shape, -np.inf), np.where(exported, 0.0, np.inf)),
    ]


def _heads(network: Network, kind: str) -> tuple[Ints, Floats]:
    """Return (entity,) a demand that stands for each entity of a kind, and the most it is delivered."""
    demands = network.demands
    if kind == "deliver":
        return np.arange(len(demands.node)), demands.quantity
    quantity = np.zeros(len(demands.series_head))
    mine = demands.series >= 0
    np.add.at(quantity, demands.series[mine], demands.quantity[mine])
    return demands.series_head, quantity


def _row(network: Network, floor: Ints, kind: str, entity: Ints) -> Ints:
    """Return the number of the row of an export: floors x (demands, then series)."""
    demands = network.demands
    width = len(demands.node) + len(demands.series_head)
    return floor * width + entity + (len(demands.node) if kind == "pool" else 0)


def _exporting(network: Network) -> Bools:
    """Return (floor x (demand, then series), bucket) where a row is needed: exports of a floor that is above 0."""
    floors = network.agreements.floors
    export = np.concatenate([floors.export[:, _heads(network, kind)[0]] for kind in ("deliver", "pool")], axis=1)
    return (export[:, :, None] & (floors.due > 0)[:, None, :]).reshape(-1, network.timeline.count)


def _exports(network: Network, opened: Columns) -> list[Terms]:
    """Return what an open bucket allows to exports: all that is asked for."""
    floors = network.agreements.floors
    at = opened.position(floors.due.shape)
    terms = []
    for kind in ("deliver", "pool"):
        head, quantity = _heads(network, kind)
        floor, entity, bucket = np.nonzero(floors.export[:, head][:, :, None] & (floors.due > 0)[:, None, :])
        row = _row(network, floor, kind, entity)
        column, allowed = at[floor, bucket], -quantity[entity]
        terms.append(Terms("export_open", "export", f"allowed_{kind}", row, bucket, column, allowed))
    return terms


def _of_kind(network: Network, columns: Columns) -> list[Terms]:
    """Return what deliveries add to the floors that they count for, and to the rows of the exports they are."""
    floors, count = network.agreements.floors, network.timeline.count
    head, _ = _heads(network, columns.kind)
    floor, column = np.nonzero(floors.domestic[:, head[columns.entity]])
    entry = np.repeat(np.arange(len(column)), count - columns.bucket[column])
    when = np.concatenate(
        [np.arange(begin, count) for begin in columns.bucket[column]] or [np.zeros(0, dtype=np.int64)]
    )
    out, own = np.nonzero(floors.export[:, head[columns.entity]] & (floors.due > 0)[:, columns.bucket])
    row = _row(network, out, columns.kind, columns.entity[own])
    return [
        Terms(columns.kind, "floor", "delivered", floor[entry], when, column[entry], np.ones(len(entry))),
        Terms(columns.kind, "export", "delivered", row, columns.bucket[own], own, np.ones(len(own))),
    ]
