"""Random programmes with every feature of the stress test, their random plans and random risks."""

from __future__ import annotations

import random

import numpy as np
import polars as pl

from coproduce.check import check
from coproduce.compile import compile_network
from coproduce.read import from_frames
from coproduce.stress.activities import activities_of
from coproduce.stress.plan import Plan
from coproduce.tables import Tables

Rows = list[dict[str, object]]


def frames_of(tables: dict[str, Rows]) -> dict[str, pl.DataFrame]:
    """Return rows as frames; columns that a row leaves out are empty."""
    result = {}
    for name, rows in tables.items():
        if rows:
            columns = list(dict.fromkeys(column for row in rows for column in row))
            text = {c: [None if row.get(c) is None else str(row[c]) for row in rows] for c in columns}
            result[name] = pl.DataFrame(text, schema=dict.fromkeys(columns, pl.String))
    return result


def tables_of(tables: dict[str, Rows]) -> Tables:
    """Return checked tables."""
    return check(from_frames(frames_of(tables))).unwrap()


def random_tables(seed: int) -> dict[str, Rows]:
    """Return a programme of three levels at three sites with every feature and all kinds of risk."""
    rng = random.Random(seed)
    buckets = rng.choice(["3 weeks, 2 months", "5 weeks", "10 days, 3 weeks", "12 hours, 30 days"])
    start = "2026-03-01" if "month" not in buckets else "2026-03-11"  # three weeks before a month
    t: dict[str, Rows] = {
        "programme": [
            {
                "name": "r",
                "start": start,
                "buckets": buckets,
                "currency": "EUR",
                "objective": "tiers",
                "lead_time_rounding": rng.choice(["spread", "spread", "up"]),
            }
        ],
        "parties": [{"party": "P1"}, {"party": "P2"}],
        "sites": [
            {"site": s, "party": rng.choice(["P1", "P2"]), "zone": z}
            for s, z in (("A", "Z1"), ("B", "Z1"), ("C", "Z2"))
        ],
        "items": [
            {"item": i, "unit": "piece", "transport_size": rng.choice([0, 1, 2])}
            for i in ("raw", "alloy", "part", "board", "product", "scrap")
        ],
        "calendars": [{"calendar": "week", "factor": rng.choice([0, 0.3]), "weekdays": "67"}],
    }

    def days(most: float) -> float:
        return rng.choice([0, 0, 1, 2, 0.5, 3.25, round(rng.uniform(0, most), 2)])

    t["supplies"] = [
        {
            "supply": f"s{i}",
            "item": item,
            "site": site,
            "party": rng.choice(["P1", "P2"]),
            "lead_days": days(12),
            "limit": rng.choice([None, 40, 90]),
            "total_limit": rng.choice([None, None, 150]),
            "calendar": rng.choice([None, "week"]),
            "fallback_rank": 1 if i == 1 else None,
            "detection_days": rng.choice([0, 2]) if i == 1 else None,
            "switch_days": rng.choice([0, 1, 5]) if i == 1 else None,
            "minimum_size": rng.choice([None, None, 2]),
        }
        for i, (item, site) in enumerate([("raw", "A"), ("raw", "A"), ("alloy", "A"), ("board", "B")])
    ]
    t["processes"] = [
        {
            "process": name,
            "site": site,
            "lead_days": days(9),
            "yield_rate": rng.choice([1, 0.9]),
            "rate_limit": rng.choice([None, None, 60]),
            "fallback_rank": rank,
            "detection_days": rng.choice([0, 1, 3]) if rank else None,
            "switch_days": rng.choice([0, 2]) if rank else None,
            "post_days": rng.choice([0, 0, 1]),
        }
        for name, site, rank in (
            ("cut", "A", None),
            ("cut2", "A", 1),
            ("weld", "B", None),
            ("make", "B", None),
            ("make2", "B", 2),
            ("fix", "C", None),
        )
    ]
    t["flows"] = [
        {"process": "cut", "item": "raw", "quantity": -2},
        {"process": "cut", "item": "alloy", "quantity": -0.5, "offset_days": rng.choice([0, 0, 1.5])},
        {"process": "cut", "item": "part", "quantity": 1},
        {"process": "cut", "item": "scrap", "quantity": 0.25},
        {"process": "cut2", "item": "raw", "quantity": -3},
        {"process": "cut2", "item": "part", "quantity": 2},
        {"process": "weld", "item": "part", "quantity": -1},
        {
            "process": "weld",
            "item": "board",
            "quantity": -2,
            "start_from": rng.choice([None, "2026-03-20"]),
            "start_until": rng.choice([None, "2026-03-29"]),
        },
        {"process": "weld", "item": "alloy", "quantity": 3},
        {"process": "make", "item": "part", "quantity": -2},
        {"process": "make", "item": "board", "quantity": -1},
        {"process": "make", "item": "product", "quantity": 1},
        {"process": "make2", "item": "part", "quantity": -1},
        {"process": "make2", "item": "product", "quantity": 0.5},
        {"process": "fix", "item": "product", "quantity": -1, "offset_days": 0},
        {"process": "fix", "item": "product", "line": 2, "quantity": 1, "offset_from": "end", "offset_days": 2},
    ]
    t["resources"] = [
        {
            "resource": "mill",
            "site": "A",
            "unit": "hour",
            "capacity": rng.choice([60, 200]),
            "calendar": rng.choice([None, "week"]),
        },
        {"resource": "team", "site": "B", "unit": "hour", "capacity": rng.choice([50, 150]), "kind": "people"},
        {"resource": "grid", "site": "B", "unit": "MWh", "capacity": 90, "kind": "power"},
        {"resource": "diesel", "site": "B", "unit": "MWh", "capacity": 30, "kind": "backup_power"},
    ]
    t["loads"] = [
        {"process": "cut", "resource": "mill", "quantity": 1.5, "until_days": rng.choice([None, 4, 10])},
        {
            "process": "cut2",
            "resource": "mill",
            "quantity": rng.choice([0, 2]),
            "from_days": rng.choice([0, 1]),
            "setup_quantity": 4,
        },
        {"process": "make", "resource": "team", "quantity": 1, "setup_quantity": rng.choice([None, None, 3])},
        {"process": "make", "resource": "grid", "quantity": 0.8, "until_days": 3},
        {"process": "make2", "resource": "team", "quantity": 2},
    ]
    t["lanes"] = [
        {
            "lane": "road",
            "from_site": "A",
            "to_site": "B",
            "lead_days": days(4),
            "capacity": rng.choice([None, 80]),
            "border": "x",
        },
        {
            "lane": "rail",
            "from_site": "A",
            "to_site": "B",
            "lead_days": days(9),
            "fallback_rank": 1,
            "detection_days": 1,
            "switch_days": rng.choice([0, 1]),
        },
        {
            "lane": "out",
            "from_site": "B",
            "to_site": "C",
            "lead_days": days(3),
            "capacity": rng.choice([None, 40]),
            "border": "x",
            "calendar": rng.choice([None, "week"]),
        },
    ]
    t["stocks"] = [
        {"item": "raw", "site": "A", "opening": 20},
        {
            "item": "part",
            "site": "B",
            "opening": rng.choice([0, 15]),
            "minimum": rng.choice([None, 6]),
            "minimum_from": "2026-03-14",
        },
    ]
    t["receipts"] = [{"receipt": "r1", "item": "board", "site": "B", "quantity": 12, "date": "2026-03-14 06:00"}]
    t["wip"] = [{"wip": "w1", "process": "make", "quantity": 5, "started": "2026-03-12"}]
    t["demands"] = [
        {
            "demand": f"d{i}",
            "item": item,
            "site": site,
            "quantity": rng.choice([8, 15, 30]),
            "priority": rng.choice([1, 2]),
            "due": rng.choice(["2026-03-12", "2026-03-18", "2026-03-25"]),
        }
        for i, (item, site) in enumerate(
            [("product", "B"), ("product", "C"), ("product", "C"), ("part", "B"), ("alloy", "B")]
        )
    ]
    t["risks"] = random_risks(rng)
    _size_lots(t, random.Random(f"lots {seed}"))
    return t


def _size_lots(t: dict[str, Rows], rng: random.Random) -> None:
    """Let some activities start in lots, a few of them larger than a day of any limit."""
    for table in ("supplies", "processes", "lanes"):
        for row in t[table]:
            row["minimum_size"] = rng.choice([None, None, None, 2, 5, 9])
            row["multiple_size"] = rng.choice([None, None, None, 1, 2.5])


_TARGETS = {
    "power_outage": [("zones", "Z1"), ("sites", "B"), ("zones", "Z2")],
    "site_damage": [("sites", "A"), ("resources", "team"), ("sites", "C")],
    "supplier_failure": [("supplies", "s0"), ("parties", "P1"), ("items", "raw")],
    "closure": [("lanes", "road"), ("borders", "x")],
    "customs_delay": [("borders", "x"), ("lanes", "out"), ("supplies", "s2")],
    "partner_withdrawal": [("parties", "P2")],
    "late_milestone": [("processes", "weld"), ("supplies", "s3")],
    "yield_loss": [("processes", "cut"), ("items", "product")],
    "demand_surge": [("items", "product"), ("demands", "d0")],
    "late_payment": [("parties", "P1")],
}


def random_risks(rng: random.Random) -> Rows:
    """Return a risk of every kind, often enough that every replication meets some."""
    rows: Rows = []
    for kind, targets in _TARGETS.items():
        table, target = rng.choice(targets)
        row: dict[str, object] = {"risk": kind, "kind": kind, "target_table": table, "target": target}
        dated = kind in ("late_milestone", "partner_withdrawal") or rng.random() < 0.2
        row |= {"date": "2026-03-15", "probability": 0.7} if dated else {"rate": rng.choice([20, 60])}
        row |= (
            rng.choice(
                [
                    {"duration_days": 2.6},
                    {"duration": "exponential", "duration_days": 3},
                    {"duration": "lognormal", "duration_days": 4, "duration_deviation": 3},
                    {"duration": "uniform", "duration_low": 0.2, "duration_high": 6},
                    {"duration": "triangular", "duration_low": 1, "duration_days": 2, "duration_high": 9},
                ]
            )
            if kind != "late_milestone"
            else {"duration_days": 6}
        )
        row["severity"] = rng.choice([1.3, 2]) if kind == "demand_surge" else rng.choice([0, 0.4, 0.7])
        row["recovery"] = rng.choice([None, "step", "gradual"])
        if kind == "customs_delay":
            row["delay_days"] = rng.choice([1, 2.5])
        rows.append(row)
    shared = {"rate": 30, "duration_days": 1.5, "cause": "storm"}
    rows.append({"risk": "storm1", "kind": "closure", "target_table": "lanes", "target": "rail", **shared})
    rows.append(
        {"risk": "storm2", "kind": "site_damage", "target_table": "sites", "target": "B", "cause_share": 0.6, **shared}
    )
    return rows


def random_plan(tables: Tables, seed: int) -> Plan:
    """Return a plan of random quantities: whether it is feasible does not matter to the rules."""
    network = compile_network(tables)
    rng = np.random.default_rng(seed)
    shape = (activities_of(network).count, network.timeline.count)
    quantity = rng.uniform(0, 12, shape) * (rng.random(shape) < 0.8)
    lots = rng.integers(0, 3, shape) * (quantity > 0)
    return Plan(network.timeline, quantity, network.demands.due, lots.astype(np.float64))
