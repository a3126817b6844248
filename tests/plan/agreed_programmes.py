"""Random programmes with agreements of every kind, drawn from a seed on top of the random programmes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
from programmes import DAYS_OF, PER, random_lots, random_programme, tables_of

from coproduce.tables import Tables

Row = dict[str, Any]
PARTIES = ("p1", "p2", "p3")
FAMILIES = ("f1", "f2")
# One of so many seeds draws on a programme with lots.
LOTS = 5


def random_agreements(seed: int) -> Tables:
    """Return the random programme with agreements that belongs to a seed."""
    tables = random_lots(seed) if seed % LOTS == 0 else random_programme(seed)
    rows = {name: frame.to_dicts() for name, frame in tables.frames.items()}
    return tables_of(_Agreed(np.random.default_rng(seed + 50_000), rows).rows)


class _Agreed:
    """Draws agreements on the rows of a programme."""

    def __init__(self, rng: np.random.Generator, rows: dict[str, list[Row]]) -> None:
        self.rng, self.rows = rng, rows
        self.start = rows["programme"][0]["start"]
        self.items = [row["item"] for row in rows["items"]]
        rows["parties"] = [{"party": party} for party in PARTIES]
        self._mark()
        for draw in (self._shares, self._sets, self._fair, self._floors, self._reserved, self._borders, self._transit):
            draw()

    def _yes(self, chance: float) -> bool:
        return bool(self.rng.random() < chance)

    def _one(self, options: Any) -> Any:
        return options[int(self.rng.integers(len(options)))]

    def _number(self, low: float, high: float) -> float:
        return round(float(self.rng.uniform(low, high)), 2)

    def _mark(self) -> None:
        """Give sites and demands their parties, items families and values, demands their kinds."""
        for row in self.rows["sites"]:
            row["party"] = self._one((*PARTIES[:2], None))
        for row in self.rows["items"]:
            row |= {"family": self._one((*FAMILIES, None)), "unit_value": self._number(1, 50)}
            row["currency"] = self._one((None, "USD"))
        for row in self.rows["demands"]:
            row |= {"party": self._one((*PARTIES, None)), "kind": self._one(("domestic", "domestic", "export"))}
        for row in self.rows["processes"]:
            row["work_value"] = self._number(0, 80) if self._yes(0.3) else None
        for row in self.rows["resources"]:
            row |= {"kind": self._one(("machine", "people", "power")), "unit": self._one(("hours", "Hour", "kWh"))}

    def _scope(self, empty: float = 0.4) -> Row:
        if self._yes(empty):
            return {}
        if self._yes(0.5):
            return {"item": self._one(self.items[:2])}
        return {"family": self._one(FAMILIES)}

    def _dates(self) -> Row:
        days = sorted(float(day) for day in self.rng.uniform(-5, 80, size=2))
        begin, end = (self.start + timedelta(days=round(day)) for day in days)
        return {"start": begin if self._yes(0.3) else None, "end": end if self._yes(0.3) else None}

    def _rate(self, low: float, high: float) -> tuple[float, str]:
        per = self._one(PER)
        return round(float(self.rng.uniform(low, high)) * DAYS_OF[per] / 60, 4), per

    def _shares(self) -> None:
        for k in range(self.rng.integers(0, 3)):
            least = self._number(0, 0.9)
            whose = {"party": self._one(PARTIES[:2])} if self._yes(0.5) else {"country": self._one(("FR", "IT"))}
            both = self._yes(0.4)
            self.rows["shares"].append({
                "share": f"w{k}", **whose, **self._scope(), **self._dates(),
                "measure": self._one(("value", "hours")),
                "minimum": least if both or self._yes(0.5) else None,
                "maximum": min(1.0, least + self._number(0, 0.4)) if both or self._yes(0.5) else None,
                "tolerance": self._one((0.0, 0.0, 0.1)), "per": self._one(("horizon", "year")),
            })  # fmt: skip

    def _sets(self) -> None:
        if self._yes(0.4) and len(self.rows["demands"]) > 1:
            self.rows["sets"].append({"set": "together"})
            size = int(self.rng.integers(2, min(4, len(self.rows["demands"])) + 1))
            for at in self.rng.permutation(len(self.rows["demands"]))[:size].tolist():
                self.rows["demands"][at]["set"] = "together"

    def _fair(self) -> None:
        for k in range(self._one((0, 1, 1, 2))):
            self.rows["fair_shares"].append({
                "rule": f"r{k}", "priority": int(self._one((1, 1, 2))), **self._scope(0.6),
                "tolerance": self._one((0.0, 0.05, 0.3)),
            })  # fmt: skip

    def _floors(self) -> None:
        if not self._yes(0.5):
            return
        quantity, per = self._rate(5, 60)
        by_share = self._yes(0.5)
        self.rows["export_floors"].append({
            "floor": "home", **self._scope(0.0), "share": self._one((0.5, 0.8, 1.0)) if by_share else None,
            "quantity": None if by_share else quantity, "quantity_per": per,
        })  # fmt: skip

    def _reserved(self) -> None:
        processes = [row["process"] for row in self.rows["processes"]]
        for k, resource in enumerate(self.rows["resources"]):
            if not processes or not self._yes(0.5):
                continue
            quantity, per = self._rate(10, 300)
            by_share = self._yes(0.5)
            named = self._yes(0.6)
            self.rows["reservations"].append({
                "reservation": f"v{k}", "resource": resource["resource"], **self._dates(),
                "processes": "; ".join(processes[: self.rng.integers(1, 3)]) if named else None,
                "party": None if named else self._one(PARTIES),
                "share": self._number(0.1, 0.9) if by_share else None,
                "quantity": None if by_share else quantity, "quantity_per": per,
            })  # fmt: skip

    def _borders(self) -> None:
        calendars = sorted({row["calendar"] for row in self.rows["calendars"]})
        for border in ("north", "south"):
            if self._yes(0.6):
                capacity, per = self._rate(10, 200)
                self.rows["borders"].append({
                    "border": border, "capacity": capacity if self._yes(0.8) else None, "capacity_per": per,
                    "calendar": self._one(calendars) if calendars and self._yes(0.4) else None,
                })  # fmt: skip
        for row in self.rows["lanes"]:
            row["border"] = self._one(("north", "south", "east", None))

    def _transit(self) -> None:
        if self._yes(0.4):
            self.rows["transit_limits"].append({
                "limit": "near", **self._scope(0.0), "days": self._number(0, 15) if self._yes(0.7) else None,
                "crossings": self._number(0, 1.2) if self._yes(0.6) else None,
            })  # fmt: skip
