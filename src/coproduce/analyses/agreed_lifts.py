"""What was agreed and could be lifted upstream of a demand: borders, reservations, work shares, the frozen horizon."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..calendar import Ints
from ..tables import Tables
from .lift import Lift
from .opened import Open
from .upstream import Upstream


def agreed_lifts(tables: Tables, opened: Open, above: Upstream) -> Iterator[Lift]:
    """Yield every agreement whose rows the opened model has."""
    if "border" in opened.row:
        yield from _borders(tables, opened, above)
    if "reserved" in opened.row:
        for row, quantity in enumerate(tables["reservations"]["quantity"]):
            rows = _bounded(opened, opened.rows("reserved", np.full(opened.count, row), np.arange(opened.count)))
            column = "share" if quantity is None else "quantity"
            yield Lift("reservation", "reservations", row, column, row, rows=rows, row_upper=_endless(rows))
    if "share_least" in opened.row:
        yield from _shares(tables, opened)
    if opened.variants.network.stability.frozen:
        yield _frozen(opened)


def _frozen(opened: Open) -> Lift:
    """Return the lift of the frozen horizon: what the baseline does is free, and so is all else."""
    ends = [*list(opened.row.values())[1:], len(opened.row_upper)]
    frozen = [
        np.arange(first, end)
        for (group, first), end in zip(opened.row.items(), ends, strict=True)
        if group.startswith(("frozen_", "idle_"))
    ]
    every = np.concatenate(frozen)
    rows, low_rows = _bounded(opened, every), every[np.isfinite(opened.row_lower[every])]
    return Lift("frozen", "programme", 0, "frozen_until", 0, rows=rows, row_upper=_endless(rows), low_rows=low_rows)


def _bounded(opened: Open, rows: Ints) -> Ints:
    """Return the rows that have an upper bound to lift."""
    return rows[np.isfinite(opened.row_upper[rows])]


def _endless(rows: Ints) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.full(len(rows), np.inf)


def _shares(tables: Tables, opened: Open) -> Iterator[Lift]:
    periods = opened.variants.network.agreements.shares.firm_all.shape[1]
    for row, (least, most) in enumerate(tables["shares"].select("minimum", "maximum").iter_rows()):
        every = row * periods + np.arange(periods)
        if least is not None:
            yield Lift("share", "shares", row, "minimum", row, low_rows=opened.row["share_least"] + every)
        if most is not None:
            rows = opened.row["share_most"] + every
            yield Lift("share", "shares", row, "maximum", row, rows=rows, row_upper=_endless(rows))


def _borders(tables: Tables, opened: Open, above: Upstream) -> Iterator[Lift]:
    """Yield each border: without it, its lanes have their own amounts, also where its calendar closes it."""
    network, free = opened.variants.network, opened.variants.no_borders.lanes
    borders, lanes, bucket = network.agreements.borders, network.lanes, np.arange(opened.count)
    arcs = np.flatnonzero(above.arc)
    for row, capacity in enumerate(tables["borders"]["capacity"]):
        own = _bounded(opened, opened.rows("border", np.full(opened.count, row), bucket))
        shut = (borders.lane == row)[:, None] & (borders.amount[row] == 0) & (free.amount > 0)
        lane, when = np.nonzero(shut)
        inside = (lanes.first[:, None] <= bucket) & (bucket < lanes.until[:, None]) & shut
        arc, opens = np.nonzero(inside[lanes.arc_lane[arcs]])
        columns = opened.columns("ship", arcs[arc], opens)
        yield Lift(
            "border",
            "borders",
            row,
            "calendar" if capacity is None else "capacity",
            row,
            columns=columns,
            upper=_endless(columns),
            rows=np.concatenate([own, opened.rows("lane_capacity", lane, when)]),
            row_upper=np.concatenate([_endless(own), free.amount[lane, when]]),
        )
