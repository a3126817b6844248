"""A made-up audited plan for the tests of the report: three countries, five sites, trainsets in monthly buckets."""

from __future__ import annotations

import calendar
import math
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from coproduce.errors import Origin, Problem, Severity
from coproduce.results.result import PlanResult
from coproduce.tables import INPUT_TABLES, RESULT_TABLES, SheetOrigin, Tables, TableSpec

Row = dict[str, Any]


def frame(spec: TableSpec, rows: list[Row]) -> pl.DataFrame:
    """Make a checked frame: declared types, defaults filled in."""
    filled = [{name: row.get(name, column.default) for name, column in spec.columns.items()} for row in rows]
    return pl.DataFrame(filled, schema={name: column.dtype for name, column in spec.columns.items()})


def month_edges(start: datetime, months: int) -> list[datetime]:
    edges = [start]
    for _ in range(months):
        last = edges[-1]
        edges.append(last + timedelta(days=calendar.monthrange(last.year, last.month)[1]))
    return edges


START = datetime(2027, 1, 1)

SITES: list[Row] = [
    {
        "site": "lyon",
        "name": "Lyon drive works",
        "party": "rhone",
        "country": "FR",
        "latitude": 45.76,
        "longitude": 4.84,
    },
    {
        "site": "wroclaw",
        "name": "Wrocław assembly",
        "party": "silesia",
        "country": "PL",
        "latitude": 51.11,
        "longitude": 17.03,
    },
    {
        "site": "lviv",
        "name": "Lviv assembly",
        "party": "halych",
        "country": "UA",
        "latitude": 49.84,
        "longitude": 24.03,
    },
    {"site": "kyiv", "name": "Kyiv depot", "country": "UA", "latitude": 50.45, "longitude": 30.52},
    {"site": "marseille", "name": "Marseille port", "country": "FR", "latitude": 43.30, "longitude": 5.37},
]
ITEMS: list[Row] = [
    {
        "item": "trainset",
        "name": "Regional trainset",
        "unit": "trainset",
        "kind": "product",
        "family": "trains",
        "transport_size": 4.0,
    },
    {"item": "spares", "name": "Spare parts set", "unit": "set", "kind": "spare", "family": "spares"},
    {"item": "drive", "name": "Traction drive", "unit": "piece", "kind": "component"},
    {"item": "steel", "name": "Electrical steel", "unit": "t", "kind": "material"},
]
RESOURCES: list[Row] = [
    {"resource": "lyon.winding", "name": "Winding lines", "site": "lyon", "unit": "h", "capacity": 1200.0},
    {
        "resource": "wroclaw.assembly",
        "name": "Assembly hours",
        "site": "wroclaw",
        "kind": "people",
        "unit": "h",
        "capacity": 9000.0,
    },
    {
        "resource": "wroclaw.test",
        "name": "Test track slots",
        "site": "wroclaw",
        "kind": "test",
        "unit": "slot",
        "capacity": 6.0,
    },
    {
        "resource": "lviv.assembly",
        "name": "Assembly hours",
        "site": "lviv",
        "kind": "people",
        "unit": "h",
        "capacity": 6000.0,
        "available_from": datetime(2027, 9, 1),
    },
    {
        "resource": "lviv.test",
        "name": "Test bench slots",
        "site": "lviv",
        "kind": "test",
        "unit": "slot",
        "capacity": 4.0,
    },
]
LANES: list[Row] = [
    {
        "lane": "lyon-wroclaw",
        "name": "Road, Lyon to Wrocław",
        "from_site": "lyon",
        "to_site": "wroclaw",
        "lead_days": 5.0,
        "cost": 300.0,
        "mode": "road",
    },
    {
        "lane": "lyon-lviv",
        "name": "Road, Lyon to Lviv",
        "from_site": "lyon",
        "to_site": "lviv",
        "lead_days": 9.0,
        "cost": 520.0,
        "border": "medyka",
        "mode": "road",
    },
    {
        "lane": "wroclaw-kyiv",
        "name": "Rail, Wrocław to Kyiv",
        "from_site": "wroclaw",
        "to_site": "kyiv",
        "lead_days": 7.0,
        "cost": 9000.0,
        "border": "medyka",
        "mode": "rail",
    },
    {
        "lane": "lviv-kyiv",
        "name": "Rail, Lviv to Kyiv",
        "from_site": "lviv",
        "to_site": "kyiv",
        "lead_days": 2.0,
        "cost": 3000.0,
        "mode": "rail",
    },
    {
        "lane": "wroclaw-marseille",
        "name": "Rail, Wrocław to Marseille",
        "from_site": "wroclaw",
        "to_site": "marseille",
        "lead_days": 6.0,
        "cost": 8000.0,
        "mode": "rail",
    },
    {
        "lane": "lviv-marseille",
        "name": "Rail, Lviv to Marseille",
        "from_site": "lviv",
        "to_site": "marseille",
        "lead_days": 14.0,
        "cost": 15000.0,
        "border": "medyka",
    },
]
SUPPLIES: list[Row] = [
    {
        "supply": "steel.north",
        "name": "Steel, northern mill",
        "item": "steel",
        "site": "lyon",
        "origin": "SE",
        "price": 2100.0,
        "lead_days": 60.0,
        "limit": 90.0,
    },
]
STOCKS: list[Row] = [
    {
        "item": "drive",
        "site": "lyon",
        "opening": 20.0,
        "minimum": 8.0,
        "minimum_from": datetime(2027, 6, 1),
        "holding_cost": 2000.0,
        "maximum": 90.0,
    },
    {"item": "drive", "site": "wroclaw", "opening": 6.0},
    {"item": "steel", "site": "lyon", "opening": 60.0},
]
SOURCES: list[Row] = [
    {
        "source": "loi",
        "publisher": "Joint programme office",
        "title": "Letter of intent on regional trainsets",
        "published": datetime(2026, 2, 4),
        "url": "https://example.org/letter?id=1&part=2",
        "reliability": "high",
    },
    {
        "source": "report",
        "publisher": "Rail observatory",
        "title": "Plant capacities 2026",
        "published": datetime(2026, 6, 30),
        "reliability": "medium",
    },
]
EVIDENCE: list[Row] = [
    {
        "table": "resources",
        "key": "wroclaw.*",
        "column": "capacity",
        "confidence": "cited",
        "source": "report",
        "as_published": "9,000 hours and six test runs a month",
        "low": 5.0,
        "high": 9500.0,
    },
    {
        "table": "resources",
        "key": "lviv.assembly",
        "column": "capacity",
        "confidence": "estimated",
        "source": "report",
        "as_published": "two thirds of Wrocław",
        "derivation": "9000 h x 2/3",
        "low": 4800.0,
        "high": 6600.0,
    },
    {
        "table": "demands",
        "key": "ua-*",
        "column": "quantity",
        "confidence": "cited",
        "source": "loi",
        "as_published": "three trainsets a month",
    },
    {
        "table": "lanes",
        "key": "*",
        "column": "lead_days",
        "confidence": "assumed",
        "derivation": "Usual transit plus two days at a border",
    },
    {
        "table": "supplies",
        "key": "steel.north",
        "column": "price",
        "confidence": "estimated",
        "source": "report",
        "low": 1900.0,
        "high": 2600.0,
    },
]


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


def _costs(rows: dict[str, list[Row]]) -> list[Row]:
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


def _bottlenecks(edges: list[datetime]) -> list[Row]:
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


def make_result(
    *,
    months: int = 36,
    orders: int = 60,
    scale: float = 1.0,
    hostile: str = "",
    coordinates: bool = True,
    evidence: bool = True,
    demands: bool = True,
) -> PlanResult:
    """Make a plan; `hostile` is put into every name, `scale` above 1 makes capacity larger and every order with it."""
    play = Simulation(months, orders if demands else 0, scale)
    rows = play.rows
    rows["demand_service"] = play.service()
    rows["costs"] = _costs(rows)
    rows["bottlenecks"] = _bottlenecks(play.edges)
    rows["tiers"] = [
        {
            "stage": "tier_1",
            "unit": "weighted late unit-days",
            "value": 5120.0,
            "bound": 5120.0,
            "gap": 0.0,
            "seconds": 0.8,
            "status": "optimal",
        },
        {
            "stage": "tier_2",
            "unit": "weighted late unit-days",
            "value": 8100.25,
            "bound": 8099.9,
            "gap": 4.3e-5,
            "seconds": 0.6,
            "status": "optimal",
        },
        {
            "stage": "cost",
            "unit": "EUR",
            "value": sum(row["amount"] for row in rows["costs"]),
            "bound": sum(row["amount"] for row in rows["costs"]),
            "gap": 0.0,
            "seconds": 1.1,
            "status": "optimal",
        },
    ]
    inputs: dict[str, list[Row]] = {
        "programme": [
            {
                "name": "Regional trainset programme" + hostile,
                "start": START,
                "buckets": f"{months} months",
                "currency": "EUR",
                "description": "Three countries assemble regional trainsets on two sites instead of one." + hostile,
            }
        ],
        "parties": [
            {"party": "rhone", "name": "Rhône Drives", "country": "FR"},
            {"party": "silesia", "name": "Silesia Rail", "country": "PL"},
            {"party": "halych", "name": "Halych Trains", "country": "UA"},
        ],
        "sites": [dict(row) for row in SITES],
        "items": [dict(row) for row in ITEMS],
        "resources": [dict(row) for row in RESOURCES],
        "lanes": [dict(row) for row in LANES],
        "supplies": [dict(row) for row in SUPPLIES],
        "stocks": STOCKS,
        "demands": play.demands,
        "processes": [
            {
                "process": "assemble.w",
                "name": "Assembly in Wrocław",
                "site": "wroclaw",
                "kind": "assemble",
                "lead_days": 20.0,
            },
            {
                "process": "assemble.l",
                "name": "Assembly in Lviv",
                "site": "lviv",
                "kind": "assemble",
                "lead_days": 24.0,
            },
        ],
        "sources": SOURCES if evidence else [],
        "evidence": EVIDENCE if evidence else [],
    }
    for table in ("sites", "items", "resources", "lanes", "supplies", "demands"):
        for row in inputs[table]:
            row["name"] = (row.get("name") or "") + hostile
            if not coordinates:
                row.pop("latitude", None)
                row.pop("longitude", None)
    tables = Tables(
        {name: frame(spec, inputs.get(name, [])) for name, spec in INPUT_TABLES.items()},
        {
            "resources": SheetOrigin(
                "programme.xlsx",
                "resources",
                pl.int_range(2, 2 + len(RESOURCES), eager=True).to_numpy(),
                {"capacity": 6},
            )
        },
    )
    frames = {name: frame(spec, rows[name]) for name, spec in RESULT_TABLES.items()}
    service = rows["demand_service"]
    count = {status: sum(row["status"] == status for row in service) for status in ("on_time", "late", "short")}
    summary = {
        "name": inputs["programme"][0]["name"],
        "status": "planned",
        "objective_mode": "tiers",
        "tiers": rows["tiers"],
        "objective": 5120.0,
        "bound": 5120.0,
        "gap": 4.3e-5,
        "demands": len(service),
        **count,
        "asked": sum(row["asked"] for row in service),
        "delivered": sum(row["on_time"] + row["late"] for row in service),
        "late_unit_days": sum(row["late_unit_days"] for row in service),
        "lateness_days": sum(row["late_days"] for row in service),
        "audit": "passed",
        "columns": 8211,
        "rows": 4102,
        "nonzeros": 30211,
        "seconds": {
            "read": 0.11,
            "check": 0.2,
            "compile": 0.1,
            "build": 0.05,
            "solve": 2.5,
            "audit": 0.3,
            "write": 0.2,
        },
        "input_hash": "9f2c41d07ab3" * 4,
        "version": "0.1.0",
        "currency": "EUR",
        "lead_time_rounding": "spread",
        "horizon": {"start": "2027-01-01", "end": play.edges[-1].date().isoformat(), "buckets": months},
        "cost": sum(row["amount"] for row in rows["costs"]),
        "evidence": {"cited": 31, "estimated": 12, "assumed": 26, "without": 58}
        if evidence
        else {"cited": 0, "estimated": 0, "assumed": 0, "without": 127},
    }
    problems = (
        Problem(
            "W301",
            Severity.WARNING,
            Origin("programme.xlsx", "lanes", 4, "lead_days", 5),
            "transit time over a border has no buffer" + hostile,
            hint="see the remark of the source",
        ),
    )
    return PlanResult(tables, frames, summary, problems)
