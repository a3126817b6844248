"""Programmes for the benchmark of the stress test: ten nodes with every feature, and several hundred stages."""

from __future__ import annotations

import random
from collections.abc import Mapping

import polars as pl

from coproduce.check import check
from coproduce.read import from_frames
from coproduce.tables import Tables

Rows = list[dict[str, object]]


def as_tables(tables: Mapping[str, Rows]) -> Tables:
    """Return checked tables of rows; columns that a row leaves out are empty."""
    frames = {}
    for name, rows in tables.items():
        columns = list(dict.fromkeys(column for row in rows for column in row))
        texts = {c: [None if row.get(c) is None else str(row[c]) for row in rows] for c in columns}
        frames[name] = pl.DataFrame(texts, schema=dict.fromkeys(columns, pl.String))
    return check(from_frames(frames)).unwrap()


def _head(buckets: str) -> dict[str, Rows]:
    return {
        "programme": [
            {"name": "bench", "start": "2026-01-01", "buckets": buckets, "currency": "EUR", "objective": "tiers"}
        ],
        "parties": [{"party": "east"}, {"party": "west"}],
    }


def small() -> Tables:
    """Return ten item-site pairs with every feature of the kernel and every kind of risk, for one year."""
    return as_tables(_head("12 months") | _small_network() | {"risks": _small_risks(), "demands": _small_demands()})


def _small_network() -> dict[str, Rows]:
    return {
        "sites": [
            {"site": "A", "party": "east", "zone": "grid"},
            {"site": "B", "party": "east", "zone": "grid"},
            {"site": "C", "party": "west"},
        ],
        "items": [{"item": i, "unit": "piece"} for i in ("raw", "alloy", "part", "board", "product", "spare", "scrap")],
        "supplies": [
            {"supply": "mine", "item": "raw", "site": "A", "party": "east", "lead_days": 10, "limit": 700},
            {
                "supply": "trader",
                "item": "raw",
                "site": "A",
                "party": "west",
                "lead_days": 3,
                "limit": 300,
                "total_limit": 350,
                "price": 9,
                "fallback_rank": 1,
                "detection_days": 2,
                "switch_days": 3,
            },
            {"supply": "smelter", "item": "alloy", "site": "A", "lead_days": 5, "price": 1, "limit": 420},
            {"supply": "fab", "item": "board", "site": "B", "lead_days": 30, "limit": 400, "total_limit": 3600},
        ],
        "processes": [
            {"process": "cut", "site": "A", "lead_days": 4, "yield_rate": 0.95},
            {
                "process": "cut2",
                "site": "A",
                "lead_days": 2,
                "cost": 50,
                "rate_limit": 100,
                "fallback_rank": 1,
                "detection_days": 3,
            },
            {"process": "make", "site": "B", "lead_days": 6},
            {"process": "mend", "site": "B", "lead_days": 2},
        ],
        "flows": [
            {"process": "cut", "item": "raw", "quantity": -2},
            {"process": "cut", "item": "alloy", "quantity": -1},
            {"process": "cut", "item": "part", "quantity": 1},
            {"process": "cut", "item": "scrap", "quantity": 0.2},
            {"process": "cut2", "item": "raw", "quantity": -3},
            {"process": "cut2", "item": "part", "quantity": 1},
            {"process": "make", "item": "part", "quantity": -1},
            {"process": "make", "item": "board", "quantity": -1, "offset_days": 1},
            {"process": "make", "item": "product", "quantity": 1},
            {"process": "mend", "item": "part", "quantity": -0.5},
            {"process": "mend", "item": "spare", "quantity": 1},
        ],
        "resources": [
            {"resource": "mill", "site": "A", "unit": "hour", "capacity": 620},
            {"resource": "team", "site": "B", "unit": "hour", "capacity": 900, "kind": "people"},
            {"resource": "supply", "site": "B", "unit": "MWh", "capacity": 400, "kind": "power"},
            {"resource": "diesel", "site": "B", "unit": "MWh", "capacity": 120, "kind": "backup_power"},
        ],
        "loads": [
            {"process": "cut", "resource": "mill", "quantity": 2},
            {"process": "cut2", "resource": "mill", "quantity": 2},
            {"process": "make", "resource": "team", "quantity": 3},
            {"process": "make", "resource": "supply", "quantity": 1, "until_days": 1},
            {"process": "mend", "resource": "team", "quantity": 1, "setup_quantity": 30},
        ],
        "lanes": [
            {
                "lane": "road",
                "from_site": "A",
                "to_site": "B",
                "item": "part",
                "lead_days": 2,
                "capacity": 320,
                "border": "x",
            },
            {
                "lane": "rail",
                "from_site": "A",
                "to_site": "B",
                "item": "part",
                "lead_days": 7,
                "cost": 2,
                "fallback_rank": 1,
                "detection_days": 1,
            },
            {"lane": "out", "from_site": "B", "to_site": "C", "lead_days": 3, "capacity": 320, "border": "x"},
        ],
        "stocks": [
            {"item": "raw", "site": "A", "opening": 400},
            {"item": "alloy", "site": "A", "opening": 150},
            {"item": "part", "site": "B", "opening": 200, "minimum": 40},
            {"item": "board", "site": "B", "opening": 250},
        ],
        "receipts": [{"receipt": "r", "item": "board", "site": "B", "quantity": 80, "date": "2026-01-20"}],
        "wip": [{"wip": "w", "process": "make", "quantity": 30, "started": "2025-12-29"}],
    }


def _small_demands() -> Rows:
    asked = (("product", "C", 500, 1), ("spare", "C", 180, 2), ("product", "B", 60, 3))
    return [
        {
            "demand": f"{item}_{site}_{month}",
            "item": item,
            "site": site,
            "quantity": quantity,
            "priority": priority,
            "due": f"2026-{month:02}-28",
        }
        for item, site, quantity, priority in asked
        for month in (3, 6, 9, 12)
    ]


def _small_risks() -> Rows:
    return [
        {
            "risk": "cuts",
            "kind": "power_outage",
            "target_table": "zones",
            "target": "grid",
            "rate": 3,
            "severity": 0.3,
            "duration": "exponential",
            "duration_days": 3,
            "season": "10; 11; 12; 1; 2; 3",
        },
        {
            "risk": "strike",
            "kind": "site_damage",
            "target_table": "sites",
            "target": "A",
            "rate": 1,
            "duration": "lognormal",
            "duration_days": 12,
            "duration_deviation": 8,
        },
        {
            "risk": "mine_stops",
            "kind": "supplier_failure",
            "target_table": "supplies",
            "target": "mine",
            "rate": 1.5,
            "duration": "triangular",
            "duration_low": 5,
            "duration_days": 15,
            "duration_high": 40,
        },
        {
            "risk": "border",
            "kind": "closure",
            "target_table": "borders",
            "target": "x",
            "rate": 2,
            "duration": "uniform",
            "duration_low": 2,
            "duration_high": 10,
        },
        {
            "risk": "queue",
            "kind": "customs_delay",
            "target_table": "lanes",
            "target": "out",
            "rate": 4,
            "duration_days": 5,
            "delay_days": 4,
        },
        {
            "risk": "west_leaves",
            "kind": "partner_withdrawal",
            "target_table": "parties",
            "target": "west",
            "date": "2026-06-01",
            "probability": 0.1,
        },
        {
            "risk": "permit",
            "kind": "late_milestone",
            "target_table": "processes",
            "target": "mend",
            "date": "2026-02-15",
            "duration_days": 60,
            "probability": 0.5,
        },
        {
            "risk": "scrap",
            "kind": "yield_loss",
            "target_table": "processes",
            "target": "cut",
            "rate": 2,
            "duration_days": 10,
            "severity": 0.8,
        },
        {
            "risk": "surge",
            "kind": "demand_surge",
            "target_table": "items",
            "target": "product",
            "rate": 1,
            "duration_days": 30,
            "severity": 1.3,
        },
        {
            "risk": "unpaid",
            "kind": "late_payment",
            "target_table": "parties",
            "target": "west",
            "rate": 1,
            "duration_days": 30,
        },
        {
            "risk": "storm_road",
            "kind": "closure",
            "target_table": "lanes",
            "target": "road",
            "rate": 2,
            "duration_days": 2,
            "cause": "storm",
        },
        {
            "risk": "storm_b",
            "kind": "site_damage",
            "target_table": "sites",
            "target": "B",
            "rate": 2,
            "duration_days": 2,
            "cause": "storm",
            "cause_share": 0.5,
        },
    ]


def large(stages: int = 320, sites: int = 8, seed: int = 1) -> Tables:
    """Return an assembly network: each stage takes two or three items of the level below, also from other sites."""
    rng = random.Random(seed)
    levels = 8
    per_level = stages // levels
    places = [f"S{i}" for i in range(sites)]
    tables = _head("6 months")
    tables["sites"] = [
        {"site": s, "party": rng.choice(["east", "west"]), "zone": f"Z{i % 3}"} for i, s in enumerate(places)
    ]
    names = [[f"i{level}_{n}" for n in range(per_level)] for level in range(levels)]
    home = {item: rng.choice(places) for level in names for item in level}
    tables["items"] = [{"item": item, "unit": "piece"} for level in names for item in level]
    tables["supplies"] = [
        {
            "supply": f"b_{item}",
            "item": item,
            "site": home[item],
            "lead_days": rng.randint(1, 9),
            "party": rng.choice(["east", "west"]),
        }
        for item in names[0]
    ]
    tables["processes"], tables["flows"], tables["lanes"], tables["loads"] = [], [], [], []
    tables["resources"] = [{"resource": f"m{s}", "site": s, "unit": "hour", "capacity": 40000} for s in places]
    carried: set[tuple[str, str]] = set()
    for level in range(1, levels):
        for item in names[level]:
            site = home[item]
            tables["processes"].append({"process": f"make_{item}", "site": site, "lead_days": rng.randint(1, 3)})
            tables["flows"].append({"process": f"make_{item}", "item": item, "quantity": 1})
            tables["loads"].append({"process": f"make_{item}", "resource": f"m{site}", "quantity": 1, "until_days": 1})
            for part in rng.sample(names[level - 1], rng.randint(2, 3)):
                tables["flows"].append({"process": f"make_{item}", "item": part, "quantity": -1})
                if home[part] != site and (part, site) not in carried:
                    carried.add((part, site))
                    tables["lanes"].append(
                        {
                            "lane": f"l_{part}_{site}",
                            "from_site": home[part],
                            "to_site": site,
                            "item": part,
                            "lead_days": rng.randint(1, 4),
                            "capacity": 100000,
                            "border": rng.choice(["x", "y"]),
                        }
                    )
    tables["demands"] = [
        {"demand": f"d_{item}", "item": item, "site": home[item], "quantity": 60, "due": "2026-06-20"}
        for item in names[-1]
    ]
    tables["risks"] = [
        {
            "risk": f"cut{z}",
            "kind": "power_outage",
            "target_table": "zones",
            "target": f"Z{z}",
            "rate": 8,
            "severity": 0.4,
            "duration_days": 2,
        }
        for z in range(3)
    ] + [
        {
            "risk": f"border_{b}",
            "kind": "closure",
            "target_table": "borders",
            "target": b,
            "rate": 4,
            "duration_days": 4,
        }
        for b in ("x", "y")
    ]
    return as_tables(tables)
