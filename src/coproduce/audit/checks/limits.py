"""Checks that runs, shipments and purchases keep their windows and their limits."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from ..arrays import Bools, Floats, floats, total
from ..capacity import amounts
from ..case import Case
from ..clock import ALWAYS, NEVER
from ..grown import rates_in_force
from ..judge import Rule
from ..report import Check
from ..rows import Rows

RUN_WINDOW = Rule("A201", "runs start only while their process is open", "runs")
RUN_RATE = Rule("A202", "runs keep the rate limit and the calendar of their process in every bucket", "runs")
LANE_WINDOW = Rule("A203", "shipments depart only while their lane is open", "units")
LANE_ITEM = Rule("A204", "lanes carry only the items they may carry", "units")
LANE_CAPACITY = Rule("A205", "shipments keep the capacity and the calendar of their lane in every bucket", "lane units")
ORDER_WINDOW = Rule("A206", "purchases are ordered only while their supply is open", "units")
ORDER_LIMIT = Rule("A207", "purchases keep the limit of their supply in every bucket", "units")
ORDER_TOTAL = Rule("A208", "purchases keep the total limit of their supply", "units")


def checks(case: Case) -> Iterator[Check]:
    """Check windows and limits of processes, lanes and supplies."""
    yield from _processes(case)
    yield from _lanes(case)
    yield from _supplies(case)


def open_buckets(case: Case, opens: pl.Series, closes: pl.Series) -> Bools:
    """Tell whether the window of each row is open at the start of each bucket, (rows, buckets)."""
    starts = case.clock.edges[:-1]
    first, until = case.clock.seconds(opens, ALWAYS), case.clock.seconds(closes, NEVER)
    return (first[:, None] <= starts) & (starts < until[:, None])


def rate_amounts(case: Case) -> Floats:
    """Return the most runs, (processes, buckets)."""
    return rates_in_force(case.growth, case.rates)


def lane_amounts(case: Case) -> Floats:
    """Return the most lane units departing, (lanes, buckets)."""
    frame = case.tables["lanes"]
    rate = floats(frame["capacity"], np.nan)
    return amounts(case.rates, case.clock, rate, frame["capacity_per"], frame["calendar"])


def supply_amounts(case: Case) -> Floats:
    """Return the most units ordered, (supplies, buckets)."""
    frame = case.tables["supplies"]
    rate = floats(frame["limit"], np.nan)
    return amounts(case.rates, case.clock, rate, frame["limit_per"], frame["calendar"])


def _window(case: Case, rule: Rule, rows: Rows, open_: Bools, table: str, columns: tuple[str, ...]) -> Check:
    closed = ~open_[rows.entity, rows.bucket]
    place = case.row_place(table, *columns)
    return rule.on(np.where(closed, rows.quantity, 0.0), 0.0, lambda at: place(int(rows.at[at])))


def _within(case: Case, rule: Rule, used: Floats, amount: Floats, table: str, word: str) -> Check:
    scale = np.maximum(np.abs(used), np.where(np.isfinite(amount), amount, 0.0))
    return rule.on(used - amount, scale, case.entity_place(table, word))


def _processes(case: Case) -> Iterator[Check]:
    frame, runs = case.tables["processes"], case.plan.runs
    open_ = open_buckets(case, frame["start_from"], frame["start_until"])
    yield _window(case, RUN_WINDOW, runs, open_, "runs", ("process",))
    started = runs.by_bucket(len(frame), case.clock.count)
    yield _within(case, RUN_RATE, started, rate_amounts(case), "processes", "process")


def _lanes(case: Case) -> Iterator[Check]:
    frame, sent, item = case.tables["lanes"], case.plan.shipments, case.plan.shipped_item
    open_ = open_buckets(case, frame["start_from"], frame["start_until"])
    yield _window(case, LANE_WINDOW, sent, open_, "shipments", ("lane", "item"))
    items = case.tables["items"]
    only = frame["item"][sent.entity]
    wrong = (only != items["item"][item]).fill_null(False).to_numpy()
    place = case.row_place("shipments", "lane", "item")
    yield LANE_ITEM.on(np.where(wrong, sent.quantity, 0.0), 0.0, lambda at: place(int(sent.at[at])))
    size, most = floats(items["transport_size"], 1.0)[item], lane_amounts(case)
    taken = sent.by_bucket(len(frame), case.clock.count, size)
    # A closed lane carries nothing, not even what takes no room; there units are counted.
    units = sent.by_bucket(len(frame), case.clock.count)
    taken = np.where(most > 0, taken, np.maximum(taken, units))
    yield _within(case, LANE_CAPACITY, taken, most, "lanes", "lane")


def _supplies(case: Case) -> Iterator[Check]:
    frame, bought = case.tables["supplies"], case.plan.purchases
    open_ = open_buckets(case, frame["order_from"], frame["order_until"])
    yield _window(case, ORDER_WINDOW, bought, open_, "purchases", ("supply",))
    ordered = bought.by_bucket(len(frame), case.clock.count)
    yield _within(case, ORDER_LIMIT, ordered, supply_amounts(case), "supplies", "supply")
    most = floats(frame["total_limit"], np.inf)
    altogether = total(len(frame), bought.entity, bought.quantity)
    yield ORDER_TOTAL.on(altogether - most, altogether, case.id_place("supplies", "supply"))
