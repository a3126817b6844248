"""A chain of three sites that delivers in time with room to spare, and causes of lateness to plant in it.

Weeks from Monday 5 January 2026. Ore (40 a week, a week under way) is made into parts at a (40 a week, a week),
carried to b (40 a week, a week), fitted with bolts into kits (a week) and carried to c (a week): the first kits arrive
in the sixth week, 40 a week, so that the 120 that are due by the tenth are there in the eighth.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

START = datetime(2026, 1, 5)
Rows = dict[str, list[dict[str, Any]]]


def day(days: float) -> datetime:
    """Return the date a number of days after the start."""
    return START + timedelta(days=days)


def chain() -> Rows:
    """Return the chain without any cause of lateness."""
    return {
        "programme": [{"name": "planted", "start": START, "buckets": "16 weeks", "currency": "EUR"}],
        "sites": [{"site": site} for site in "abc"],
        "items": [{"item": item, "unit": "piece"} for item in ("ore", "part", "bolt", "kit")],
        "processes": [
            {"process": "make", "site": "a", "lead_days": 7.0, "rate_limit": 40.0, "rate_per": "week"},
            {"process": "fit", "site": "b", "lead_days": 7.0},
        ],
        "flows": [
            {"process": "make", "item": "ore", "quantity": -1.0},
            {"process": "make", "item": "part", "quantity": 1.0},
            {"process": "fit", "item": "part", "quantity": -1.0},
            {"process": "fit", "item": "bolt", "quantity": -1.0},
            {"process": "fit", "item": "kit", "quantity": 1.0},
        ],
        "resources": [
            {"resource": "press", "site": "a", "unit": "hour", "capacity": 50.0, "capacity_per": "week"},
            {"resource": "bench", "site": "b", "unit": "hour", "capacity": 50.0, "capacity_per": "week"},
        ],
        "loads": [
            {"process": "make", "resource": "press", "quantity": 1.0, "until_days": 0.0},
            {"process": "fit", "resource": "bench", "quantity": 1.0, "until_days": 0.0},
        ],
        "lanes": [
            {"lane": "ab", "from_site": "a", "to_site": "b", "item": "part", "lead_days": 7.0, "capacity": 40.0,
             "capacity_per": "week"},
            {"lane": "bc", "from_site": "b", "to_site": "c", "item": "kit", "lead_days": 7.0, "capacity": 80.0,
             "capacity_per": "week"},
        ],
        "supplies": [
            {"supply": "mine", "item": "ore", "site": "a", "lead_days": 7.0, "limit": 40.0, "limit_per": "week"},
            {"supply": "bolts", "item": "bolt", "site": "b", "lead_days": 7.0, "limit": 80.0, "limit_per": "week"},
        ],
        "stocks": [{"item": "part", "site": "b", "opening": 0.0}],
        "calendars": [
            {"calendar": "shut", "start": day(0), "end": day(63), "factor": 0.0},
        ],
        "demands": [
            {"demand": "other", "item": "kit", "site": "c", "quantity": 20.0, "due": day(62), "priority": 1},
            {"demand": "target", "item": "kit", "site": "c", "quantity": 100.0, "due": day(69), "priority": 1},
        ],
    }  # fmt: skip


@dataclass(frozen=True)
class Cause:
    """A cell of the chain that makes the target late, what it is without it, and what must be said of it."""

    table: str
    row: int
    column: str
    value: Any
    healthy: Any
    kind: str
    entity: str

    @property
    def name(self) -> str:
        """A name for the test."""
        return f"{self.entity}-{self.column}"


CAUSES = (
    Cause("resources", 0, "capacity", 5.0, 50.0, "resource", "press"),
    Cause("resources", 0, "available_from", day(42), None, "window", "press"),
    Cause("resources", 0, "available_until", day(14), None, "window", "press"),
    Cause("resources", 0, "calendar", "shut", None, "calendar", "press"),
    Cause("processes", 0, "rate_limit", 5.0, 40.0, "rate", "make"),
    Cause("processes", 0, "start_from", day(42), None, "window", "make"),
    Cause("processes", 0, "calendar", "shut", None, "calendar", "make"),
    Cause("processes", 0, "lead_days", 49.0, 7.0, "lead_time", "make"),
    Cause("processes", 0, "post_days", 49.0, None, "lead_time", "make"),
    Cause("processes", 1, "start_until", day(14), None, "window", "fit"),
    Cause("supplies", 0, "limit", 5.0, 40.0, "supply", "mine"),
    Cause("supplies", 0, "total_limit", 60.0, None, "supply_total", "mine"),
    Cause("supplies", 0, "order_from", day(42), None, "window", "mine"),
    Cause("supplies", 0, "order_until", day(0), None, "window", "mine"),
    Cause("supplies", 0, "lead_days", 49.0, 7.0, "lead_time", "mine"),
    Cause("supplies", 1, "calendar", "shut", None, "calendar", "bolts"),
    Cause("lanes", 0, "capacity", 5.0, 40.0, "lane", "ab"),
    Cause("lanes", 0, "start_from", day(42), None, "window", "ab"),
    Cause("lanes", 0, "lead_days", 49.0, 7.0, "lead_time", "ab"),
    Cause("lanes", 1, "calendar", "shut", None, "calendar", "bc"),
    Cause("stocks", 0, "final_min", 460.0, None, "stock_minimum", "part/b"),
)  # fmt: skip

# Limits of the healthy chain and what stands in their place when one of them is lifted by hand.
LIMITS = (
    ("resources", 0, "capacity", 1e6), ("resources", 1, "capacity", 1e6), ("processes", 0, "rate_limit", None),
    ("processes", 0, "lead_days", 0.0), ("processes", 1, "lead_days", 0.0), ("supplies", 0, "limit", None),
    ("supplies", 0, "lead_days", 0.0), ("supplies", 1, "limit", None), ("supplies", 1, "lead_days", 0.0),
    ("lanes", 0, "capacity", None), ("lanes", 0, "lead_days", 0.0), ("lanes", 1, "capacity", None),
    ("lanes", 1, "lead_days", 0.0),
)  # fmt: skip


def planted(*cells: tuple[str, int, str, Any]) -> Rows:
    """Return the chain with some cells changed."""
    rows = deepcopy(chain())
    for table, row, column, value in cells:
        rows[table][row][column] = value
    return rows
