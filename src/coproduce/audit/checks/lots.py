"""Checks that runs, orders, shipments and deliveries keep the sizes that the input asks for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..arrays import Bools, Floats, floats
from ..case import Case
from ..judge import Rule
from ..lots import LotSizes
from ..report import Check
from ..rows import Rows

LEAST_DELIVERY = Rule("A218", "deliveries are not smaller than their demand allows", "units")
ALL_OR_NOTHING = Rule("A219", "demands for all or nothing get all in one bucket, or nothing", "units")


@dataclass(frozen=True)
class _Rules:
    """What is checked of one result table; `table` and `columns` name its rows, `source` the table of the sizes."""

    table: str
    columns: tuple[str, ...]
    source: str
    counted: Rule
    sizes: Rule
    multiples: Rule


def _rules(table: str, columns: tuple[str, ...], source: str, first: int, words: tuple[str, str], unit: str) -> _Rules:
    many, one = words
    return _Rules(
        table,
        columns,
        source,
        Rule(f"A{first}", f"{many} have a number of lots where it matters", "rows"),
        Rule(f"A{first + 1}", f"{many} fit their number of lots, by the smallest and largest of their {one}", unit),
        Rule(f"A{first + 2}", f"{many} are multiples where their {one} asks for it", unit),
    )


RULES = (
    _rules("runs", ("process",), "processes", 209, ("runs", "process"), "runs"),
    _rules("purchases", ("supply",), "supplies", 212, ("purchases", "supply"), "units"),
    _rules("shipments", ("lane", "item"), "lanes", 215, ("shipments", "lane"), "units"),
)


def checks(case: Case) -> Iterator[Check]:
    """Check lots table by table, then deliveries."""
    plan = case.plan
    for rules, rows in zip(RULES, (plan.runs, plan.purchases, plan.shipments), strict=True):
        yield from _lots(case, rules, rows)
    yield from _deliveries(case)


def _lots(case: Case, rules: _Rules, rows: Rows) -> Iterator[Check]:
    sizes, entity, quantity = LotSizes.of(case.tables, rules.source), rows.entity, rows.quantity
    row_words = case.row_place(rules.table, *rules.columns)

    def place(at: int) -> str:
        return row_words(int(rows.at[at]))

    counted, lots = sizes.counted[entity], rows.lots
    yield rules.counted.none(counted & np.isnan(lots), place)
    known = counted & ~np.isnan(lots)
    number = np.where(known, lots, 0.0)
    least = number * sizes.least[entity]
    most = np.where(number > 0, number * np.where(number > 0, sizes.most[entity], 0.0), 0.0)
    off = np.where(known, np.maximum(least - quantity, quantity - most), 0.0)
    yield rules.sizes.on(off, np.maximum(quantity, least), place)
    yield rules.multiples.on(_off_multiple(quantity, sizes.multiple[entity]), quantity, place)


def _off_multiple(quantity: Floats, multiple: Floats) -> Floats:
    """Return how far quantities are from the nearest multiple; 0 where there is none."""
    step = np.where(multiple > 0, multiple, 1.0)
    return np.where(multiple > 0, np.abs(quantity - np.rint(quantity / step) * step), 0.0)


def _deliveries(case: Case) -> Iterator[Check]:
    demands, rows, asked = case.tables["demands"], case.plan.deliveries, case.served.asked
    row_words = case.row_place("deliveries", "demand")

    def place(at: int) -> str:
        return row_words(int(rows.at[at]))

    least = np.minimum(floats(demands["minimum_shipment"]), asked)[rows.entity]
    some: Bools = rows.quantity > 0
    yield LEAST_DELIVERY.on(np.where(some, least - rows.quantity, 0.0), least, place)
    whole = demands["all_or_nothing"].to_numpy().astype(bool)[rows.entity]
    quantity = asked[rows.entity]
    yield ALL_OR_NOTHING.on(np.where(whole & some, np.abs(quantity - rows.quantity), 0.0), quantity, place)
