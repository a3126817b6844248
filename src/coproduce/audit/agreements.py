"""What was agreed on against what a plan does: value, limits and departure of every agreement, slot by slot."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from ..tables import Tables
from .agreed_work import Span, spans_of, taken_by, work_done
from .arrays import Bools, Floats, floats, positions, total
from .capacity import amounts
from .case import Case
from .clock import ALWAYS, NEVER
from .earmarks import own, own_share
from .judge import TOLERANCE
from .origin import origin_share


@dataclass(frozen=True)
class Slot:
    """One agreement in one stretch of time.

    Attributes
    ----------
    first, last : instants, seconds
    value, least, most : as in the table `agreements`; NaN for none
    excess : by how much the agreement is broken, in units of the plan; 0 or less where it is kept
    scale : largest amount that enters it
    size : the least amount that the value is a share of; infinite where it is no share
    """

    kind: str
    table: str
    row: int
    first: int
    last: int
    value: float
    least: float
    most: float
    excess: float
    scale: float
    size: float = np.inf


def slots(case: Case) -> Iterator[Slot]:
    """Yield every agreement in every stretch of time for which it can be judged by itself."""
    for part in (_shares, _sets, _fair, _floors, _reserved, _borders, _transit, _origin):
        yield from part(case)


def covers(tables: Tables, row: dict[str, object], items: pl.Series) -> Bools:
    """Tell which items the scope of a row covers."""
    if row["item"] is not None:
        return (items == row["item"]).to_numpy()
    if row["family"] is None:
        return np.ones(len(items), dtype=bool)
    members = tables["items"].filter(family=row["family"])["item"]
    return items.is_in(members.implode()).to_numpy()


def _edges(case: Case, span: Span) -> tuple[int, int]:
    return int(case.clock.edges[span[0]]), int(case.clock.edges[span[-1] + 1])


def _shares(case: Case) -> Iterator[Slot]:
    for at, row in enumerate(case.tables["shares"].iter_rows(named=True)):
        least = np.nan if row["minimum"] is None else row["minimum"] - row["tolerance"]
        most = np.nan if row["maximum"] is None else row["maximum"] + row["tolerance"]
        whole, own = work_done(case, row, own=False), work_done(case, row, own=True)
        for span in spans_of(case.clock, row):
            everything, part = float(whole[span].sum()), float(own[span].sum())
            excess = float(np.nanmax([least * everything - part, part - most * everything, -np.inf]))
            value = part / everything if everything > TOLERANCE else np.nan
            yield Slot("share", "shares", at, *_edges(case, span), value, least, most, excess, everything, everything)


def _delivered(case: Case) -> Floats:
    return case.plan.deliveries.by_bucket(len(case.tables["demands"]), case.clock.count)


def _sets(case: Case) -> Iterator[Slot]:
    demands, delivered = case.tables["demands"], _delivered(case)
    quantity = floats(demands["quantity"])
    for at, name in enumerate(case.tables["sets"]["set"]):
        mine = np.flatnonzero((demands["set"] == name).fill_null(False).to_numpy() & (quantity > 0))
        shares = delivered[mine] / quantity[mine, None]
        excess = max((_beyond(shares[:, t], quantity[mine], 0.0) for t in range(case.clock.count)), default=0.0)
        value = float(shares[0].sum()) if len(mine) else np.nan
        ends = 0, int(case.clock.horizon)
        sizes = float(quantity[mine].max(initial=0.0)), float(quantity[mine].min(initial=np.inf))
        yield Slot("set", "sets", at, *ends, value, np.nan, np.nan, excess, *sizes)


def _fair(case: Case) -> Iterator[Slot]:
    demands, delivered = case.tables["demands"], _delivered(case)
    quantity, due = floats(demands["quantity"]), case.clock.bucket(case.clock.seconds(demands["due"], 0))
    for at, row in enumerate(case.tables["fair_shares"].iter_rows(named=True)):
        inside = covers(case.tables, row, demands["item"]) & (demands["priority"] == row["priority"]).to_numpy()
        parties = demands["party"].filter(pl.Series(inside)).drop_nulls().unique().sort().to_list()
        for t in range(case.clock.count):
            counted = inside & (due <= t)
            sizes, got = [], []
            for party in parties:
                mine = counted & (demands["party"] == party).fill_null(False).to_numpy()
                if quantity[mine].sum() > 0:
                    sizes.append(quantity[mine].sum())
                    got.append(delivered[mine, : t + 1].sum())
            size, shares = np.array(sizes), np.array(got) / np.array(sizes)
            value = float(shares.max(initial=0.0) - shares.min(initial=np.inf)) if len(shares) else 0.0
            excess = _beyond(shares, size, row["tolerance"])
            ends = int(case.clock.edges[t]), int(case.clock.edges[t + 1])
            scale = float(size.max(initial=0.0)), float(size.min(initial=np.inf))
            yield Slot("fair_share", "fair_shares", at, *ends, value, np.nan, row["tolerance"], excess, *scale)


def _beyond(shares: Floats, sizes: Floats, tolerance: float) -> float:
    """Return by how many units the most different shares of a pair differ by more than the tolerance."""
    over = [
        (one - other - tolerance) / (1 / size + 1 / against)
        for one, size in zip(shares, sizes, strict=True)
        for other, against in zip(shares, sizes, strict=True)
    ]
    return max(over, default=0.0)


def _floors(case: Case) -> Iterator[Slot]:
    demands, delivered = case.tables["demands"], _delivered(case)
    quantity, due = floats(demands["quantity"]), case.clock.bucket(case.clock.seconds(demands["due"], 0))
    for at, row in enumerate(case.tables["export_floors"].iter_rows(named=True)):
        inside = covers(case.tables, row, demands["item"])
        home, away = (inside & (demands["kind"] == kind).to_numpy() for kind in ("domestic", "export"))
        for t in range(case.clock.count):
            floor = float(quantity[home & (due <= t)].sum())
            if row["quantity"] is None:
                floor *= row["share"]
            else:
                end = case.clock.edges[t + 1]
                so_far = case.rates.between(None, row["quantity_per"], np.array(0), np.asarray(end))
                floor = min(floor, row["quantity"] * float(so_far))
            got = float(delivered[home, : t + 1].sum())
            sent = delivered[away, t] > TOLERANCE * np.maximum(1.0, quantity[away])
            bound = bool(sent.any()) and floor > 0
            ends = int(case.clock.edges[t]), int(case.clock.edges[t + 1])
            excess, least = (floor - got, floor) if bound else (0.0, np.nan)
            yield Slot("export_floor", "export_floors", at, *ends, got, least, np.nan, excess, max(got, floor))


def _reserved(case: Case) -> Iterator[Slot]:
    processes, sites = case.tables["processes"], case.tables["sites"]
    runs_by = dict(sites.select("site", "party").iter_rows())
    for at, row in enumerate(case.tables["reservations"].iter_rows(named=True)):
        named = {name.strip() for name in (row["processes"] or "").split(";")}
        others = np.array(
            [
                process not in named if row["processes"] else runs_by[site] != row["party"]
                for process, site in processes.select("process", "site").iter_rows()
            ],
            dtype=bool,
        )
        resource = case.tables["resources"]["resource"].to_list().index(row["resource"])
        (planned, firm), clock = taken_by(case, others), case.clock
        capacity = case.use.capacity[resource]
        kept = (row["share"] or 0.0) * capacity
        if row["quantity"] is not None:
            kept = row["quantity"] * case.rates.between(None, row["quantity_per"], clock.edges[:-1], clock.edges[1:])
        most = np.maximum(capacity - kept - firm[resource], 0.0)
        begin, end = (clock.seconds(pl.Series([row[name]], dtype=pl.Datetime("us")), empty)[0]
                      for name, empty in (("start", ALWAYS), ("end", NEVER)))  # fmt: skip
        open_ = (begin <= clock.edges[:-1]) & (clock.edges[:-1] < end)
        limit = np.where(open_, most, np.inf)
        yield from _loaded("reservation", "reservations", at, case, planned[resource], limit)


def _loaded(kind: str, table: str, at: int, case: Case, load: Floats, most: Floats) -> Iterator[Slot]:
    """Yield the slots of a load that has a limit in every bucket, infinite for none."""
    for t in range(case.clock.count):
        ends = int(case.clock.edges[t]), int(case.clock.edges[t + 1])
        limit, scale = (float(most[t]), float(max(load[t], most[t]))) if np.isfinite(most[t]) else (np.nan, 0.0)
        excess = float(load[t]) - limit if np.isfinite(limit) else 0.0
        yield Slot(kind, table, at, *ends, float(load[t]), np.nan, limit, excess, scale)


def _borders(case: Case) -> Iterator[Slot]:
    frame, sent = case.tables["borders"], case.plan.shipments
    if frame.is_empty():
        return
    size = floats(case.tables["items"]["transport_size"], 1.0)[case.plan.shipped_item]
    border = positions(case.tables["lanes"]["border"], frame["border"])[sent.entity]
    rate = floats(frame["capacity"], np.nan)
    most = amounts(case.rates, case.clock, rate, frame["capacity_per"], frame["calendar"])
    own = border >= 0
    where = border[own] * case.clock.count + sent.bucket[own]
    count = len(frame) * case.clock.count
    taken, units = (
        total(count, where, part[own]).reshape(most.shape) for part in (sent.quantity * size, sent.quantity)
    )
    for at in range(len(frame)):
        for slot in _loaded("border", "borders", at, case, taken[at], most[at]):
            t = int(case.clock.bucket(np.array([slot.first]))[0])
            # A closed border lets nothing through, not even what takes no room; there units are counted.
            yield slot if most[at, t] > 0 else replace(slot, excess=float(units[at, t]))


def _transit(case: Case) -> Iterator[Slot]:
    demands, lanes, sent = case.tables["demands"], case.tables["lanes"], case.plan.shipments
    got = _delivered(case).sum(axis=1)
    days = floats(lanes["lead_days"])
    crossed = lanes["border"].is_not_null().to_numpy().astype(np.float64)
    for at, row in enumerate(case.tables["transit_limits"].iter_rows(named=True)):
        delivered = float(got[covers(case.tables, row, demands["item"])].sum())
        covered = covers(case.tables, row, case.tables["items"]["item"])[case.plan.shipped_item]
        for name, per_lane in (("days", days), ("crossings", crossed)):
            if row[name] is None:
                continue
            moved = float((sent.quantity * per_lane[sent.entity] * covered).sum())
            value = moved / delivered if delivered > TOLERANCE else np.nan
            ends, excess = (0, int(case.clock.horizon)), moved - row[name] * delivered
            scale = max(moved, delivered)
            yield Slot(
                f"transit_{name}", "transit_limits", at, *ends, value, np.nan, row[name], excess, scale, delivered
            )


def _origin(case: Case) -> Iterator[Slot]:
    for at, row in enumerate(case.tables["origin_limits"].iter_rows(named=True)):
        found = own_share(case, row) if own(row) else origin_share(case, row)
        value = found.outside / found.used if found.used > TOLERANCE else np.nan
        ends, excess = (0, int(case.clock.horizon)), found.outside - row["share"] * found.used
        scale = max(found.outside, found.used)
        yield Slot("origin_limit", "origin_limits", at, *ends, value, np.nan, row["share"], excess, scale, found.used)
