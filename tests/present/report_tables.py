"""Input tables of the made-up programme of the report's tests: three countries, five sites, trainsets."""

from __future__ import annotations

from datetime import datetime
from typing import Any

Row = dict[str, Any]

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
