"""A small programme and a plan of it made by hand; every figure is derived in the comments.

Bucket edges in days: 0, 7, 14, 21, 28 (four weeks of February 2026, which begins on a Sunday), 59, 89 (March, April).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import polars as pl

from coproduce.tables import INPUT_TABLES, RESULT_TABLES, Tables

Row = dict[str, Any]
Frames = dict[str, list[Row]]

START = datetime(2026, 2, 1)
ENDS = (7, 14, 21, 28, 59, 89)


def day(number: float) -> datetime:
    """Return the date a number of days after the start."""
    return START + timedelta(days=number)


def checked(frames: Frames) -> Tables:
    """Return input tables with defaults filled in, as checking would leave them."""
    return Tables({name: _input_frame(name, rows) for name, rows in frames.items()})


def _input_frame(name: str, rows: list[Row]) -> pl.DataFrame:
    columns = INPUT_TABLES[name].columns
    filled = [{column: row.get(column, columns[column].default) for column in columns} for row in rows]
    return pl.DataFrame(filled, schema=INPUT_TABLES[name].empty().schema)


def results(frames: Frames) -> dict[str, pl.DataFrame]:
    """Return result tables from rows."""
    return {name: pl.DataFrame(rows, schema=RESULT_TABLES[name].empty().schema) for name, rows in frames.items()}


def programme(objective: str = "tiers") -> Frames:
    """Return two sites, a forge with a press, a supply of bolts, a lane, and four demands for gears."""
    return {
        "programme": [
            {
                "name": "gears",
                "start": START,
                "buckets": "4 weeks, 2 months",
                "currency": "EUR",
                "objective": objective,
                "gap": 0.02,
            }
        ],
        "sites": [{"site": "A"}, {"site": "B"}],
        "items": [{"item": "bolt", "unit": "piece"}, {"item": "gear", "unit": "piece", "transport_size": 2.0}],
        # 2 bolts at the start make a gear a week later, 8 of 10 of them good.
        "processes": [
            {
                "process": "forge",
                "site": "A",
                "lead_days": 7.0,
                "yield_rate": 0.8,
                "cost": 10.0,
                "rate_limit": 2.0,
                "rate_per": "day",
            },
            {"process": "survey", "site": "A"},
        ],
        "flows": [
            {"process": "forge", "item": "bolt", "line": 1, "quantity": -2.0},
            {"process": "forge", "item": "gear", "line": 1, "quantity": 1.0},
        ],
        "resources": [
            {
                "resource": "press",
                "site": "A",
                "unit": "hours",
                "capacity": 10.0,
                "capacity_per": "day",
                "calendar": "week",
                "cost": 3.0,
            }
        ],
        "loads": [{"process": "forge", "resource": "press", "line": 1, "quantity": 4.0}],
        "calendars": [{"calendar": "week", "factor": 0.0, "weekdays": "67"}],
        "lanes": [
            {
                "lane": "road",
                "from_site": "A",
                "to_site": "B",
                "lead_days": 7.0,
                "cost": 1.0,
                "capacity": 4.0,
                "capacity_per": "day",
            }
        ],
        # February has 28 days: 28 a month are 7 a week.
        "supplies": [
            {
                "supply": "bolts",
                "item": "bolt",
                "site": "A",
                "price": 4.0,
                "currency": "USD",
                "lead_days": 3.5,
                "limit": 28.0,
                "total_limit": 6.0,
            }
        ],
        "exchange_rates": [
            {"currency": "USD", "rate": 9.0},
            {"currency": "USD", "date": day(-20), "rate": 0.7},
            {"currency": "USD", "date": day(-10), "rate": 0.5},
            {"currency": "USD", "date": day(10), "rate": 8.0},
        ],
        "stocks": [
            {"item": "bolt", "site": "A", "opening": 40.0, "holding_cost": 0.365, "minimum": 21.0, "final_min": 21.0},
            {"item": "gear", "site": "B", "terminal_value": 5.0, "maximum": 1.0},
        ],
        "receipts": [{"receipt": "r1", "item": "bolt", "site": "A", "quantity": 5.0, "date": day(8)}],
        "wip": [{"wip": "w1", "process": "forge", "quantity": 10.0, "started": day(-2), "ends": day(9)}],
        "demands": [
            _demand("overdue", site="A", quantity=1.0, due=day(-1), weight=2.0),
            _demand("in_time", quantity=8.0, due=day(25), price=3.0, earliest=day(15)),
            _demand("late", quantity=4.0, due=day(10), priority=2, late_cost=2.0, maximum_late_days=14.0),
            _demand("short", quantity=6.0, due=day(60), priority=2, late_cost=1.0, unmet_cost=5.0),
        ],
    }


def _demand(name: str, site: str = "B", **cells: Any) -> Row:
    return {"demand": name, "item": "gear", "site": site, **cells}


def plan(objective: str = "tiers") -> Frames:
    """Return the plan: 15 runs, 6 bolts bought, 16 gears sent and delivered as far as they go."""
    return {
        "buckets": [
            {"bucket": at, "start": day(begin), "end": day(end), "days": end - begin}
            for at, (begin, end) in enumerate(zip((0, *ENDS), ENDS, strict=False))
        ],
        # 10 x 10 + 40 hours x 3; 5 x 10 + 20 hours x 3
        "runs": [
            {"process": "forge", "site": "A", "bucket": 0, "quantity": 10.0, "cost": 220.0},
            {"process": "forge", "site": "A", "bucket": 3, "quantity": 5.0, "cost": 110.0},
        ],
        "shipments": [
            {**_ROAD, "bucket": 2, "quantity": 12.0, "cost": 12.0},
            {**_ROAD, "bucket": 4, "quantity": 4.0, "cost": 4.0},
        ],
        # 4 dollars at 0.5
        "purchases": [{"supply": "bolts", "item": "bolt", "site": "A", "bucket": 0, "quantity": 6.0, "cost": 12.0}],
        "stock": [*_bolts_at_a(), *_gears_at_a(), *_gears_at_b()],
        "resource_load": _press(),
        "deliveries": [
            # Overdue since day -1: to the end of its bucket, day 14, are 15 days.
            {"demand": "overdue", "bucket": 1, "quantity": 1.0, "late_days": 15.0},
            {"demand": "in_time", "bucket": 3, "quantity": 8.0, "late_days": 0.0},
            # From the end of the due bucket, day 14, to day 28.
            {"demand": "late", "bucket": 3, "quantity": 4.0, "late_days": 14.0},
            {"demand": "short", "bucket": 4, "quantity": 3.0, "late_days": 0.0},
        ],
        "demand_service": _service(),
        "costs": _costs(objective),
        "tiers": _stages(objective),
        "bottlenecks": [
            _limit("resource", "press", 0, 50.0, objective),
            _limit("supply_total", "bolts", -1, 6.0, objective),
            _limit("stock_maximum", "gear/B", 5, 1.0, objective),
        ],
        "reasons": [
            _reason("late", 1, "resource", "press", saved=56.0, left=0.0, enough=True),
            _reason("late", 2, "lead_time", "road", saved=28.0, left=None),
            _reason("short", 1, "material", "bolt/A", saved=60.0, left=30.0),
            _reason("short", 2, "before_start", None, saved=None, left=30.0),
        ],
    }


def _reason(demand: str, rank: int, kind: str, entity: str | None, **cells: Any) -> Row:
    return {"demand": demand, "rank": rank, "kind": kind, "entity": entity, "first": day(0), "last": day(14),
            "enough": False, **cells}  # fmt: skip


_ROAD = {"lane": "road", "item": "gear", "from_site": "A", "to_site": "B"}


def _stock(item: str, site: str, closing: list[float], rate: float, **columns: list[float]) -> list[Row]:
    lengths = (7, 7, 7, 7, 31, 30)
    rows = []
    for at, end in enumerate(closing):
        row: Row = {"item": item, "site": site, "bucket": at, "opening": closing[at - 1] if at else 0.0}
        for column in ("received", "produced", "moved_in", "consumed", "moved_out", "delivered"):
            row[column] = columns.get(column, [0.0] * 6)[at]
        rows.append({**row, "closing": end, "holding_cost": rate * end * lengths[at] / 365})
    return rows


def _bolts_at_a() -> list[Row]:
    # Ordered over days [0, 7), there over [3.5, 10.5): half of 6 in each week; the receipt of day 8 in the second.
    rows = _stock(
        "bolt",
        "A",
        [23.0, 31.0, 31.0, 21.0, 21.0, 21.0],
        0.365,
        received=[3.0, 8.0, 0.0, 0.0, 0.0, 0.0],
        consumed=[20.0, 0.0, 0.0, 10.0, 0.0, 0.0],
    )
    rows[0]["opening"] = 40.0
    return rows


def _gears_at_a() -> list[Row]:
    # Firm runs end on day 9: 8 good gears. Runs of the first week end over [7, 14): 8; those of the fourth: 4.
    return _stock(
        "gear",
        "A",
        [0.0, 15.0, 3.0, 3.0, 3.0, 3.0],
        0.0,
        produced=[0.0, 16.0, 0.0, 0.0, 4.0, 0.0],
        moved_out=[0.0, 0.0, 12.0, 0.0, 4.0, 0.0],
        delivered=[0.0, 1.0, 0.0, 0.0, 0.0, 0.0],
    )


def _gears_at_b() -> list[Row]:
    # Sent over March, days [28, 59), there over [35, 66): 24 of 31 days in March, 7 in April.
    return _stock(
        "gear",
        "B",
        [0.0, 0.0, 0.0, 0.0, 4 * 24 / 31 - 3, 1.0],
        0.0,
        moved_in=[0.0, 0.0, 0.0, 12.0, 4 * 24 / 31, 4 * 7 / 31],
        delivered=[0.0, 0.0, 0.0, 12.0, 3.0, 0.0],
    )


def _press() -> list[Row]:
    # Five working days of 10 hours a week; March and April 2026 have 22 each.
    capacity = (50.0, 50.0, 50.0, 50.0, 220.0, 220.0)
    # 40 hours of the firm runs over the 11 days from -2 to 9: 7 days of them in the first week, 2 in the second.
    firm = (280 / 11, 80 / 11, 0.0, 0.0, 0.0, 0.0)
    # 4 hours a run over its week: of runs started evenly in a week one half falls in it, one half in the next.
    planned = (20.0, 20.0, 0.0, 10.0, 10.0, 0.0)
    rows = zip(capacity, firm, planned, strict=True)
    return [
        {
            "resource": "press",
            "site": "A",
            "bucket": at,
            "capacity": most,
            "firm": under_way,
            "planned": load,
            "overtime": 0.0,
            "utilisation": (under_way + load) / most,
        }
        for at, (most, under_way, load) in enumerate(rows)
    ]


def _service() -> list[Row]:
    # Unmet units of `short`: a bucket of 30 days after day 89 ends on day 119, its due bucket on day 89: 30 days.
    served = (
        ("overdue", "A", 1, day(-1), "late", 1.0, 0.0, 1.0, 0.0, day(14), 15.0, 15.0),
        ("in_time", "B", 1, day(25), "on_time", 8.0, 8.0, 0.0, 0.0, day(28), 0.0, 0.0),
        ("late", "B", 2, day(10), "late", 4.0, 0.0, 4.0, 0.0, day(28), 14.0, 56.0),
        ("short", "B", 2, day(60), "short", 6.0, 3.0, 0.0, 3.0, day(59), 30.0, 90.0),
    )
    names = ("demand", "site", "priority", "due", "status", "asked", "on_time", "late", "unmet")
    rows = []
    for cells in served:
        row: Row = dict(zip(names, cells[:9], strict=True))
        dates = {"first_delivery": cells[9], "last_delivery": cells[9], "earliest_possible": day(14)}
        lateness = {"late_days": cells[10], "late_unit_days": cells[11]}
        rows.append({**row, "item": "gear", "kind": "domestic", **dates, **lateness})
    return rows


# 15 runs x 10; 60 hours x 3; 16 gears x 1; 6 bolts x 2;
# 0.001 a day x (23 x 7 + 31 x 7 + 31 x 7 + 21 x 7 + 21 x 31 + 21 x 30 = 2023 bolt-days); 1 gear x 5
_COSTS = (
    ("process", "forge", 150.0),
    ("resource", "press", 180.0),
    ("transport", "road", 16.0),
    ("purchase", "bolts", 12.0),
    ("holding", "bolt/A", 2.023),
    ("terminal_value", "gear/B", -5.0),
)
# 56 unit-days x 2; 90 x 1; 3 unmet x 5; 8 delivered x 3
_MONEY = (
    ("lateness", "late", 112.0),
    ("lateness", "short", 90.0),
    ("unmet", "short", 15.0),
    ("income", "in_time", -24.0),
)


def _costs(objective: str) -> list[Row]:
    rows = _COSTS + (_MONEY if objective == "money" else ())
    return [{"kind": kind, "entity": entity, "amount": amount} for kind, entity, amount in rows]


def _stages(objective: str) -> list[Row]:
    # Tier 1: 15 days x weight 2; tier 2: 56 + 90. Tidy: 2023 bolt-days, 330 gear-days at A
    # (15 x 7 + 3 x 7 + 3 x 7 + 3 x 31 + 3 x 30), 33 at B (3/31 x 31 + 1 x 30), 6 bought, 16 sent, 15 runs,
    # 3 gears delivered to `short` at the end of March, 30 days before its due bucket ends.
    tiers = [_stage("tier_1", 30.0), _stage("tier_2", 146.0), _stage("cost", 355.023)]
    stages = [_stage("money", 355.023 + 193.0)] if objective == "money" else tiers
    return [*stages, _stage("tidy", 2513.0)]


def _stage(name: str, value: float) -> Row:
    return {
        "stage": name,
        "unit": "unit of the stage",
        "value": value,
        "bound": value * 0.99,
        "gap": 0.01,
        "seconds": 0.1,
        "status": "optimal",
    }


def _limit(kind: str, entity: str, bucket: int, limit: float, objective: str) -> Row:
    return {
        "kind": kind,
        "entity": entity,
        "site": "A",
        "bucket": bucket,
        "stage": "money" if objective == "money" else "tier_2",
        "unit": "unit-days",
        "limit": limit,
        "one_more": -1.0,
        "file": "memory",
        "cell": "resources!C2",
    }
