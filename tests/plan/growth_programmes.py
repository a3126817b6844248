"""Small random programmes in which milestones, options, ramps and overtime decide what is late."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import numpy as np
from programmes import Row, tables_of

from coproduce.tables import Tables


def short_of_capacity(seed: int) -> Tables:
    """Return a small programme with ample material, so that milestones, options and overtime decide what is late."""
    return tables_of(_Short(np.random.default_rng(seed)).rows)


class _Short:
    """Draws a programme of two processes on two resources that have to grow."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng
        weeks = bool(rng.random() < 0.6)
        self.start = datetime(2026, 1, 5) if weeks else datetime(2026, 1, 1)
        self.length = 7.0 if weeks else 30.0
        self.count = int(rng.integers(4, 7))
        money = bool(rng.random() < 0.25)
        self.rows: dict[str, list[Row]] = {
            "programme": [{"name": "short", "start": self.start, "currency": "EUR", "gap": 1e-9,
                           "buckets": f"{self.count} {'weeks' if weeks else 'months'}",
                           "objective": "money" if money else "tiers",
                           "lead_time_rounding": self.one(("spread", "spread", "up"))}],
            "sites": [{"site": "a"}, {"site": "b"}],
            "items": [{"item": "gear", "unit": "piece"}, {"item": "raw", "unit": "kg"}],
            "calendars": [{"calendar": "c", "factor": 0.5, "start": self.date(0.3), "end": self.date(0.5)}],
            "ramps": [{"ramp": "r", "after_days": d, "factor": f} for d, f in ((0, 0.3), (9, 0.6), (25, 1.0))],
        }  # fmt: skip
        self._milestones()
        self._capacity()
        self._ways()
        self._demands(money)

    def one(self, options: Any) -> Any:
        return options[int(self.rng.integers(len(options)))]

    def yes(self, chance: float) -> bool:
        return bool(self.rng.random() < chance)

    def number(self, low: float, high: float) -> float:
        return round(float(self.rng.uniform(low, high)), 2)

    def date(self, share: float) -> datetime:
        return self.start + timedelta(days=int(share * self.count * self.length))

    def some(self, names: tuple[str, ...], chance: float) -> str | None:
        return "; ".join(name for name in names if self.yes(chance)) or None

    def _milestones(self) -> None:
        days = self.length
        self.rows["milestones"] = [
            {"milestone": "permit", "duration_days": self.number(0, 1.5 * days),
             "earliest": self.date(0.1) if self.yes(0.3) else None,
             "reached": self.date(-0.1) if self.yes(0.2) else None},
            {"milestone": "tooling", "duration_days": self.number(0, days), "after": self.some(("permit",), 0.6),
             "option": "line" if self.yes(0.4) else None},
            {"milestone": "qualified", "duration_days": self.number(0, days), "after": self.some(("permit", "tooling"), 0.5)},  # noqa: E501
        ]  # fmt: skip
        loaded = [name for name in ("tooling", "qualified") if self.yes(0.5)]
        self.rows["milestone_loads"] = [
            {"milestone": name, "resource": "test", "quantity": self.number(1, 20)} for name in loaded
        ]

    def _capacity(self) -> None:
        self.rows["resources"] = [
            {"resource": name, "site": "a", "unit": "hour", "capacity": self.number(2, 14), "capacity_per": "week",
             "calendar": "c" if self.yes(0.4) else None, "cost": self.number(0, 2) if self.yes(0.5) else None,
             "ramp": "r" if self.yes(0.3) else None, "efficiency": self.one((1.0, 0.9)),
             "requires": self.some(("permit", "qualified"), 0.3) if name == "test" else self.some(("permit",), 0.2),
             "overtime_capacity": self.number(0, 6) if self.yes(0.5) else None, "overtime_cost": self.number(0, 9)}
            for name in ("shop", "test")
        ]  # fmt: skip
        self.rows["options"] = [
            {"option": "line", "cost": self.number(0, 400), "delay_days": self.number(0, 2 * self.length),
             "maximum": self.one((1, 2)), "after": self.some(("permit",), 0.4),
             "duration_days": self.number(self.length, 4 * self.length) if self.yes(0.3) else None,
             "running_cost": self.number(0, 3) if self.yes(0.5) else None},
            {"option": "shift", "cost": self.number(0, 200), "delay_days": self.number(0, self.length),
             "needs": self.some(("line",), 0.3), "order_from": self.date(0.2) if self.yes(0.3) else None},
        ]  # fmt: skip
        self.rows["option_capacity"] = [
            {"option": option, "resource": "shop", "capacity": self.number(1, 20), "capacity_per": "week",
             "ramp": "r" if self.yes(0.4) else None}
            for option in ("line", "shift") if self.yes(0.8)
        ]  # fmt: skip

    def _ways(self) -> None:
        self.rows["processes"] = [
            {"process": f"make_{site}", "site": site, "lead_days": self.one((0.0, 3.0, 7.0)), "cost": self.number(0, 5),
             "rate_limit": self.number(3, 15) if self.yes(0.6) else None, "rate_per": "week",
             "requires": self.some(("tooling", "qualified"), 0.4), "option": "line" if self.yes(0.25) else None}
            for site in ("a", "b")
        ]  # fmt: skip
        for row in self.rows["processes"]:
            row["ramp"] = "r" if row["rate_limit"] and self.yes(0.6) else None
            row["minimum_size"] = 4.0 if self.yes(0.15) else None
        names = [row["process"] for row in self.rows["processes"]]
        self.rows["flows"] = [
            {"process": name, "item": item, "quantity": quantity}
            for name in names
            for item, quantity in (("gear", 1.0), ("raw", -1.0))
        ]
        self.rows["loads"] = [
            {"process": name, "resource": resource, "quantity": self.number(0.3, 1.2)}
            for name in names
            for resource in ("shop", "test")
            if self.yes(0.7)
        ]
        self.rows["lanes"] = [
            {"lane": "road", "from_site": "b", "to_site": "a", "item": "gear", "lead_days": 2.0, "cost": 1.0,
             "requires": self.some(("permit", "qualified"), 0.25), "option": "shift" if self.yes(0.15) else None}
        ]  # fmt: skip
        self.rows["supplies"] = [
            {"supply": f"raw_{site}", "item": "raw", "site": site, "price": self.number(1, 9), "limit": 30.0,
             "limit_per": "week", "requires": self.some(("permit",), 0.15), "option": "shift" if self.yes(0.1) else None}  # noqa: E501
            for site in ("a", "b")
        ]  # fmt: skip

    def _demands(self, money: bool) -> None:
        self.rows["demands"] = [
            {"demand": f"d{k}", "item": "gear", "site": self.one("aab"), "quantity": self.number(3, 20),
             "due": self.date(float(self.rng.uniform(0.2, 0.95))), "priority": self.one((1, 1, 2)),
             "requires": self.some(("qualified",), 0.15), "late_cost": self.number(0.1, 3) if money else None,
             "price": self.number(0, 60) if money else None}
            for k in range(int(self.rng.integers(2, 6)))
        ]  # fmt: skip
