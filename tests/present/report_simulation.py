"""Plays a plan for the made-up programme of the report's tests and writes down result rows that balance."""

from __future__ import annotations

import calendar
import math
from datetime import datetime, timedelta

from report_tables import START, Row

from coproduce.tables import RESULT_TABLES


def month_edges(start: datetime, months: int) -> list[datetime]:
    edges = [start]
    for _ in range(months):
        last = edges[-1]
        edges.append(last + timedelta(days=calendar.monthrange(last.year, last.month)[1]))
    return edges


class Simulation:
    """Plays a simple monthly plan and writes down result rows whose balances hold."""

    def __init__(self, months: int, orders: int, scale: float) -> None:
        self.months, self.scale = months, scale
        self.edges = month_edges(START, months)
        self.rows: dict[str, list[Row]] = {name: [] for name in RESULT_TABLES}
        self.demands = self._demands(orders)
        self.left = {row["demand"]: row["quantity"] for row in self.demands}
        self.stock: dict[tuple[str, str], float] = {
            ("drive", "lyon"): 20.0,
            ("drive", "wroclaw"): 6.0,
            ("steel", "lyon"): 60.0,
        }
        for month in range(months):
            self._play(month)

    def _demands(self, orders: int) -> list[Row]:
        kinds = (
            ("ua", "kyiv", "domestic", 1),
            ("fr", "marseille", "partner", 2),
            ("ex", "marseille", "export", 3),
        )
        rows: list[Row] = []
        for number in range(orders):
            prefix, site, kind, priority = kinds[(0, 1, 0, 2)[number % 4]]
            month = 2 + number * (self.months - 2) // max(orders, 1)
            due = self.edges[min(month, self.months - 1)] + timedelta(days=14)
            spare = number % 7 == 6
            rows.append(
                {
                    "demand": f"{prefix}-{number:03d}",
                    "name": f"Tranche {number + 1}",
                    "item": "spares" if spare else "trainset",
                    "site": site,
                    "quantity": 2.0 if spare else 4.0 * self.scale,
                    "due": due,
                    "kind": kind,
                    "priority": priority,
                    "contract": f"C-{priority}",
                }
            )
        return rows

    def _play(self, t: int) -> None:
        start, end = self.edges[t], self.edges[t + 1]
        days = (end - start).days
        rows = self.rows
        rows["buckets"].append({"bucket": t, "start": start, "end": end, "days": float(days)})
        made = {
            ("trainset", "wroclaw"): min(6.0, 1.0 + t / 4) * self.scale,
            ("trainset", "lviv"): min(4.0, max(0.0, (t - 9) / 3)) * self.scale,
            ("spares", "lyon"): 0.5,
            ("drive", "lyon"): min(22.0, 6.0 + 1.5 * t),
        }
        moves: dict[tuple[str, str], float] = {}
        for site in ("wroclaw", "lviv"):
            moves[("drive", site)] = 2 * made[("trainset", site)]
        pending = [row for row in self.demands if self.left[row["demand"]] > 0]
        pending.sort(key=lambda row: (row["priority"], row["due"]))
        served: dict[tuple[str, str], float] = {}
        free = {
            "trainset": made[("trainset", "wroclaw")] + made[("trainset", "lviv")] + self._on_hand("trainset"),
            "spares": made[("spares", "lyon")] + self._on_hand("spares"),
        }
        for row in pending:
            quantity = min(free[row["item"]], self.left[row["demand"]])
            if quantity <= 1e-9 or row["due"] > end + timedelta(days=62):
                continue
            free[row["item"]] -= quantity
            self.left[row["demand"]] -= quantity
            key = (row["item"], row["site"])
            served[key] = served.get(key, 0.0) + quantity
            due_end = next(edge for edge in self.edges[1:] if row["due"] < edge)
            late = float((end - due_end).days) if end > due_end else 0.0
            rows["deliveries"].append({"demand": row["demand"], "bucket": t, "quantity": quantity, "late_days": late})
        self._book(t, days, made, moves, served)
        self._load(t, made)

    def _on_hand(self, item: str) -> float:
        return sum(quantity for (one, _), quantity in self.stock.items() if one == item)

    def _book(self, t: int, days: int, made: Row, moves: Row, served: Row) -> None:
        moved_in: dict[tuple[str, str], float] = {**moves, **served}
        moved_out: dict[tuple[str, str], float] = {("drive", "lyon"): sum(moves.values())}
        for (_, site), quantity in moves.items():
            self._ship(f"lyon-{site}", "drive", "lyon", site, t, quantity)
        for (item, site), quantity in served.items():
            origins = ["lyon"] if item == "spares" else ["wroclaw", "lviv"]
            open_share = quantity
            for origin in origins:
                have = (
                    self.stock.get((item, origin), 0.0)
                    + made.get((item, origin), 0.0)
                    - moved_out.get((item, origin), 0.0)
                )
                part = min(open_share, have) if origin != origins[-1] else open_share
                if part > 0:
                    self._ship(f"{origin}-{site}", item, origin, site, t, part)
                    moved_out[(item, origin)] = moved_out.get((item, origin), 0.0) + part
                    open_share -= part
        bought = 24.0 if t % 2 else 30.0
        self.rows["purchases"].append(
            {
                "supply": "steel.north",
                "item": "steel",
                "site": "lyon",
                "bucket": t,
                "quantity": bought,
                "cost": bought * 2100.0,
            }
        )
        used = {
            ("steel", "lyon"): 1.2 * made[("drive", "lyon")],
            ("drive", "wroclaw"): 2 * made[("trainset", "wroclaw")],
            ("drive", "lviv"): 2 * made[("trainset", "lviv")],
        }
        keys = sorted({*self.stock, *made, *moved_in, *moved_out, *used})
        for item, site in keys:
            key = (item, site)
            row = {
                "item": item,
                "site": site,
                "bucket": t,
                "opening": self.stock.get(key, 0.0),
                "received": bought if item == "steel" else 0.0,
                "produced": made.get(key, 0.0),
                "moved_in": moved_in.get(key, 0.0),
                "consumed": used.get(key, 0.0),
                "moved_out": moved_out.get(key, 0.0),
                "delivered": served.get(key, 0.0),
            }
            row["closing"] = (
                row["opening"]
                + row["received"]
                + row["produced"]
                + row["moved_in"]
                - row["consumed"]
                - row["moved_out"]
                - row["delivered"]
            )
            row["holding_cost"] = max(row["closing"], 0.0) * 2000.0 * days / 365 if key == ("drive", "lyon") else 0.0
            self.stock[key] = row["closing"]
            self.rows["stock"].append(row)
        for process, site, quantity, cost in (
            ("assemble.w", "wroclaw", made[("trainset", "wroclaw")], 4.1e6),
            ("assemble.l", "lviv", made[("trainset", "lviv")], 3.6e6),
        ):
            if quantity:
                self.rows["runs"].append(
                    {
                        "process": process,
                        "site": site,
                        "bucket": t,
                        "quantity": quantity,
                        "cost": quantity * cost,
                    }
                )

    def _ship(self, lane: str, item: str, origin: str, target: str, t: int, quantity: float) -> None:
        if quantity > 0:
            self.rows["shipments"].append(
                {
                    "lane": lane,
                    "item": item,
                    "from_site": origin,
                    "to_site": target,
                    "bucket": t,
                    "quantity": quantity,
                    "cost": quantity * 3000.0,
                }
            )

    def _load(self, t: int, made: Row) -> None:
        hours = {
            "lyon.winding": (1200.0, made[("drive", "lyon")] * 40.0),
            "wroclaw.assembly": (9000.0, made[("trainset", "wroclaw")] / self.scale * 1400.0),
            "wroclaw.test": (
                6.0,
                min(6.0, made[("trainset", "wroclaw")] / self.scale + (1.0 if t % 3 else 0.0)),
            ),
            "lviv.assembly": (6000.0 if t >= 8 else 0.0, made[("trainset", "lviv")] / self.scale * 1450.0),
            "lviv.test": (4.0, made[("trainset", "lviv")] / self.scale),
        }
        for resource, (capacity, used) in hours.items():
            firm = min(used, capacity / 2) if t < 3 else 0.0
            self.rows["resource_load"].append(
                {
                    "resource": resource,
                    "site": resource.split(".")[0],
                    "bucket": t,
                    "capacity": capacity,
                    "firm": firm,
                    "planned": used - firm,
                    "utilisation": used / capacity if capacity else None,
                }
            )

    def service(self) -> list[Row]:
        by_demand: dict[str, list[Row]] = {}
        for row in self.rows["deliveries"]:
            by_demand.setdefault(row["demand"], []).append(row)
        horizon_end = self.edges[-1] + (self.edges[-1] - self.edges[-2])
        rows = []
        for demand in self.demands:
            given = by_demand.get(demand["demand"], [])
            on_time = math.fsum(row["quantity"] for row in given if not row["late_days"])
            late = math.fsum(row["quantity"] for row in given if row["late_days"])
            unmet = max(demand["quantity"] - on_time - late, 0.0)
            unmet = unmet if unmet > 1e-9 else 0.0
            due_end = next(edge for edge in self.edges[1:] if demand["due"] < edge)
            wait = float((horizon_end - due_end).days)
            ends = [self.edges[row["bucket"] + 1] for row in given]
            rows.append(
                {
                    **{name: demand[name] for name in ("demand", "item", "site", "kind", "priority", "due")},
                    "status": "short" if unmet else "late" if late else "on_time",
                    "asked": demand["quantity"],
                    "on_time": on_time,
                    "late": late,
                    "unmet": unmet,
                    "first_delivery": min(ends, default=None),
                    "last_delivery": max(ends, default=None),
                    "late_days": wait if unmet else max((row["late_days"] for row in given), default=0.0),
                    "late_unit_days": math.fsum(row["quantity"] * row["late_days"] for row in given) + unmet * wait,
                    "earliest_possible": self.edges[1],
                }
            )
        return rows


def cost_rows(rows: dict[str, list[Row]]) -> list[Row]:
    def total(table: str, entity: str, amount: str) -> dict[str, float]:
        sums: dict[str, float] = {}
        for row in rows[table]:
            sums[row[entity]] = sums.get(row[entity], 0.0) + row[amount]
        return sums

    parts = (
        ("process", "runs", "process", "cost"),
        ("transport", "shipments", "lane", "cost"),
        ("purchase", "purchases", "supply", "cost"),
    )
    costs = [
        {"kind": kind, "entity": entity, "amount": amount}
        for kind, *where in parts
        for entity, amount in total(*where).items()
    ]
    holding = math.fsum(row["holding_cost"] for row in rows["stock"])
    return [
        *costs,
        {"kind": "holding", "entity": "drive/lyon", "amount": holding},
        {"kind": "terminal_value", "entity": "drive/lyon", "amount": -150000.0},
    ]


def bottleneck_rows(edges: list[datetime]) -> list[Row]:
    months = len(edges) - 1

    def row(
        entity: str,
        bucket: int,
        one_more: float,
        one_less: float | None,
        stage: str,
        unit: str,
        limit: float,
        binding: int,
    ) -> Row:
        first = max(0, min(bucket if bucket >= 0 else months - binding, months - 1))
        return {
            "kind": "resource",
            "entity": entity,
            "site": entity.split(".")[0],
            "bucket": bucket,
            "stage": stage,
            "unit": unit,
            "limit": limit,
            "one_more": one_more,
            "one_less": one_less,
            "buckets_binding": binding,
            "first_binding": edges[first],
            "last_binding": edges[-1],
            "file": "programme.xlsx",
            "cell": "resources!G4",
        }

    rows = [
        row("wroclaw.test", -1, -310.0, 355.0, "tier_1", "weighted late unit-days per slot", 6.0, min(14, months)),
        row(
            "wroclaw.test",
            min(20, months - 1),
            -62.0,
            62.0,
            "tier_1",
            "weighted late unit-days per slot",
            6.0,
            min(14, months),
        ),
        row("lviv.test", -1, -145.5, None, "tier_1", "weighted late unit-days per slot", 4.0, min(10, months)),
        row("wroclaw.test", -1, -120000.0, 131000.0, "cost", "EUR per slot", 6.0, min(14, months)),
    ]
    rows.append(
        {
            **row("steel.north", min(3, months - 1), -4.0, 4.5, "tier_2", "weighted late unit-days per t", 90.0, 1),
            "kind": "supply",
            "site": "lyon",
        }
    )
    return rows


def reason_rows(service: list[Row], edges: list[datetime]) -> list[Row]:
    """Give the late demands reasons of every shape: enough alone, two that belong together, none found, too late."""
    behind = [row for row in service if row["status"] != "on_time"]
    rows: list[Row] = []
    for number, demand in enumerate(behind):
        lateness = demand["late_unit_days"]
        common = {
            "demand": demand["demand"],
            "first": edges[0],
            "last": edges[min(2, len(edges) - 1)],
            "file": "programme.xlsx",
        }
        test = {"kind": "resource", "entity": "wroclaw.test", "site": "wroclaw", "cell": "resources!G4 (capacity)"}
        lane = {"kind": "lead_time", "entity": "lyon-wroclaw", "site": "lyon", "cell": "lanes!F2 (lead_days)"}
        match number % 4:
            case 0:
                found = [
                    {**test, "saved": lateness, "left": 0.0, "enough": True},
                    {**lane, "saved": lateness / 2, "left": None, "enough": False},
                ]
            case 1:
                found = [
                    {**test, "saved": lateness / 4, "left": lateness * 3 / 4, "enough": False},
                    {**lane, "saved": 0.0, "left": 0.0, "enough": False},
                ]
            case 2:
                found = [{"kind": "before_start", "saved": lateness, "left": 0.0, "enough": False, "file": None}]
            case _:
                found = []
        rows += [{**common, **row, "rank": rank} for rank, row in enumerate(found, start=1)]
    return rows
