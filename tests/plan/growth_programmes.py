"""Random programmes that grow: milestones, ramps, options and overtime laid over the random programmes."""

from __future__ import annotations

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
