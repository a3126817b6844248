"""Random programmes that grow: milestones, ramps, options and overtime laid over the random programmes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import numpy as np
from programmes import PER, Row, _Draft, tables_of

from coproduce.tables import Tables


class _Grower:
    """Draws growth over the rows of a programme."""

    def __init__(self, seed: int, *, decided: bool) -> None:
        self.draft = _Draft(np.random.default_rng(seed))
        self.rng = np.random.default_rng(seed + 20_000)
        self.rows: dict[str, list[Row]] = self.draft.rows
        self.decided = decided
        self.milestones = [f"m{k}" for k in range(1, int(self.rng.integers(2, 6)))]
        self.options = [f"o{k}" for k in range(1, int(self.rng.integers(2, 5)))]
        self._ramps()
        self._milestones()
        if decided:
            self._options()
        self._tightened()
        self._requirements()

    def yes(self, chance: float) -> bool:
        return bool(self.rng.random() < chance)

    def one(self, options: Any) -> Any:
        return options[int(self.rng.integers(len(options)))]

    def some(self, names: list[str], chance: float) -> str | None:
        chosen = [name for name in names if self.yes(chance)]
        return "; ".join(chosen) or None

    def days(self, share: float) -> float:
        return round(float(self.rng.uniform(0, share)) * self.draft.days, 2)

    def day(self, low: float, high: float) -> Any:
        self.draft.rng = self.rng
        return self.draft._day(low, high)

    def _ramps(self) -> None:
        for name in ("slow", "fast"):
            factors = np.sort(self.rng.uniform(0, 1, 3)).round(2)
            days = np.cumsum(self.rng.integers(1 if name == "slow" else 0, 12, 3) + np.array([0, 1, 1]))
            for after, factor in zip(days.tolist(), factors.tolist(), strict=True):
                self.rows["ramps"].append({"ramp": name, "after_days": int(after), "factor": float(factor)})

    def _milestones(self) -> None:
        for at, name in enumerate(self.milestones):
            row = {"milestone": name, "duration_days": self.days(0.4), "after": self.some(self.milestones[:at], 0.4)}
            row["earliest"] = self.day(-0.1, 0.5) if self.yes(0.4) else None
            row["reached"] = self.day(-0.3, 0.6) if self.yes(0.15) else None
            row["option"] = self.one(self.options) if self.decided and self.yes(0.2) else None
            self.rows["milestones"].append(row)
            if self.decided and self.rows["resources"] and self.yes(0.3):
                resource = self.one(self.rows["resources"])["resource"]
                quantity = round(float(self.rng.uniform(0, 30)), 1)
                self.rows["milestone_loads"].append({"milestone": name, "resource": resource, "quantity": quantity})

    def _options(self) -> None:
        for at, name in enumerate(self.options):
            row: Row = {"option": name, "cost": round(float(self.rng.uniform(0, 300)), 1), "currency": "EUR"}
            row |= {"delay_days": self.days(0.3), "maximum": int(self.one((1, 1, 2, 3)))}
            row["duration_days"] = self.days(0.6) + 0.5 if self.yes(0.3) else None
            row["running_cost"] = 1.5 if self.yes(0.3) else None
            row["after"] = self.some(self.milestones[:1], 0.2) if self._free_of_options(self.milestones[0]) else None
            row["needs"] = self.some(self.options[:at], 0.2)
            row["order_from"] = self.day(-0.1, 0.5) if self.yes(0.2) else None
            row["order_until"] = self.day(0.3, 1.1) if self.yes(0.2) else None
            self.rows["options"].append(row)

    def _free_of_options(self, milestone: str) -> bool:
        return all(row["option"] is None for row in self.rows["milestones"] if row["milestone"] == milestone)

    def _tightened(self) -> None:
        """Leave little of what stands, so that it matters what comes into being."""
        for row in self.rows["resources"]:
            row["capacity"] = round(row["capacity"] * float(self.rng.uniform(0.05, 0.5)), 4)

    def _requirements(self) -> None:
        for table in ("processes", "lanes", "supplies", "resources", "demands"):
            for row in self.rows[table]:
                row["requires"] = self.some(self.milestones, 0.25 if table != "demands" else 0.08)
                if self.decided and table in ("processes", "lanes", "supplies") and self.yes(0.15):
                    row["option"] = self.one(self.options)
        for row in self.rows["processes"]:
            row["ramp"] = self.one(("slow", "fast")) if row["rate_limit"] is not None and self.yes(0.6) else None
        for row in self.rows["resources"]:
            row["ramp"] = self.one(("slow", "fast")) if self.yes(0.3) else None
            if self.yes(0.4):
                row["overtime_capacity"] = round(row["capacity"] * float(self.rng.uniform(0, 1.5)), 3)
                row["overtime_cost"] = round(float(self.rng.uniform(0, 6)), 2)
            row |= {"skill": self.one((None, "welder", "tester")), "capacity_per_person": row["capacity"] / 7}
            free = row["requires"] is None
            if self.decided and self.yes(0.5) and free:
                self.rows["option_capacity"].append(
                    {
                        "option": self.one(self.options), "resource": row["resource"],
                        "capacity": round(row["capacity"] * float(self.rng.uniform(0.5, 4)), 3),
                        "capacity_per": row["capacity_per"] if self.yes(0.7) else self.one(PER[2:]),
                        "ramp": self.one((None, "slow", "fast")),
                    }
                )  # fmt: skip


def growth_rows(seed: int, *, decided: bool = True) -> dict[str, list[Row]]:
    """Return the rows of a random programme that grows; without decisions: dates, ramps and overtime alone."""
    return _Grower(seed, decided=decided).rows


def random_growth(seed: int, *, decided: bool = True) -> Tables:
    """Return a random programme that grows."""
    return tables_of(growth_rows(seed, decided=decided))


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
