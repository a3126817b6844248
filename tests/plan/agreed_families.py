"""The tiny programmes of the families of agreements, for the expected texts of their blocks: three weeks each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from programmes import tables_of

from coproduce.tables import Tables

Row = dict[str, Any]
PART = {"item": "part", "unit": "piece"}
LANE = {"from_site": "b", "to_site": "a", "lead_days": 7.0}


def week(days: float) -> datetime:
    return datetime(2026, 1, 5) + timedelta(days=days)


def programme(**rows: list[Row]) -> Tables:
    base = {
        "programme": [{"name": "tiny", "currency": "EUR", "start": week(0), "buckets": "3 weeks"}],
        "parties": [{"party": "p"}, {"party": "q"}],
        "sites": [{"site": "a", "country": "FR", "party": "p"}, {"site": "b", "country": "UA", "party": "q"}],
        "items": [PART],
        "stocks": [{"item": "part", "site": "a", "opening": 9.0}],
    }
    return tables_of(base | rows)


def wanted(demand: str, quantity: float, due: float, **more: Any) -> Row:
    return {"demand": demand, "item": "part", "site": "a", "quantity": quantity, "due": week(due), **more}


def made(**rows: list[Row]) -> Tables:
    """Return a programme that makes parts at a (two hours a run) and b (three), on a bench each of 40 hours a week."""
    bench = {"unit": "hour", "capacity": 40.0, "capacity_per": "week"}
    return programme(
        processes=[{"process": "at_a", "site": "a", "work_value": 5.0, "start_from": week(14)},
                   {"process": "at_b", "site": "b", "work_value": 4.0, "start_from": week(14)}],
        flows=[{"process": f"at_{site}", "item": "part", "quantity": 1.0} for site in "ab"],
        resources=[{"resource": f"bench_{site}", "site": site, **bench} for site in "ab"],
        loads=[{"process": "at_a", "resource": "bench_a", "quantity": 2.0},
               {"process": "at_b", "resource": "bench_b", "quantity": 3.0}],
        stocks=[{"item": "part", "site": site, "terminal_value": 1.0, "maximum": 99.0} for site in "ab"],
        **rows,
    )  # fmt: skip


def work_shares() -> Tables:
    return made(
        wip=[{"wip": "w", "process": "at_b", "quantity": 2.0, "started": week(1)}],
        shares=[
            {"share": "v", "country": "FR", "minimum": 0.5, "tolerance": 0.1},
            {"share": "h", "party": "q", "measure": "hours", "maximum": 0.25},
        ],
    )


def reservations() -> Tables:
    return made(
        wip=[{"wip": "w", "process": "at_b", "quantity": 2.0, "started": week(1)}],
        reservations=[
            {"reservation": "r", "resource": "bench_b", "processes": "at_a", "share": 0.25},
            {"reservation": "s", "resource": "bench_a", "party": "q", "quantity": 2.0, "quantity_per": "day",
             "start": week(14)},
        ],
    )  # fmt: skip


def sets() -> Tables:
    demands = [wanted("d1", 4.0, 1, set="s"), wanted("d2", 2.0, 8, set="s", earliest=week(14)), wanted("d3", 1.0, 1)]
    return programme(demands=demands, sets=[{"set": "s"}])


def fair_shares() -> Tables:
    demands = [
        wanted("d1", 4.0, 1, party="p"),
        wanted("d2", 2.0, 8, party="p"),
        wanted("d3", 5.0, 8, party="q", earliest=week(14)),
        wanted("d4", 1.0, 1),
    ]
    return programme(demands=demands, fair_shares=[{"rule": "r", "tolerance": 0.5}])


def export_floors() -> Tables:
    demands = [
        wanted("d1", 4.0, 8, earliest=week(14)),
        *(wanted(f"h{k}", 1.0, 8, kind="domestic", weight=2.0) for k in range(3)),
        wanted("x", 5.0, 15, kind="export"),
    ]
    return programme(demands=demands, export_floors=[{"floor": "f", "item": "part", "share": 0.5}])


def borders() -> Tables:
    return programme(
        items=[PART | {"transport_size": 0.5}],
        stocks=[{"item": "part", "site": "b", "opening": 9.0}],
        lanes=[LANE | {"lane": "l", "border": "north"}, LANE | {"lane": "m", "border": "north", "start_from": week(7)},
               LANE | {"lane": "n", "border": "east", "start_from": week(7)}],
        borders=[{"border": "north", "capacity": 2.0, "capacity_per": "day", "calendar": "c"}],
        calendars=[{"calendar": "c", "start": week(0), "end": week(7), "factor": 0.0}],
        demands=[wanted("d", 5.0, 15)],
    )  # fmt: skip


def transit() -> Tables:
    return programme(
        stocks=[{"item": "part", "site": "b", "opening": 9.0}],
        lanes=[LANE | {"lane": "l", "border": "north", "start_until": week(7)},
               LANE | {"lane": "m", "lead_days": 3.0, "start_from": week(14)}],
        transit_limits=[{"limit": "t", "item": "part", "days": 4.0, "crossings": 0.5}],
        demands=[wanted("d", 5.0, 15)],
    )  # fmt: skip


def origin_limits(scope: str = "programme", **tables: list[Row]) -> Tables:
    return programme(**{**_origins(scope), **tables})


def earmarks() -> Tables:
    """Return the same programme with what is set aside for the contract, told by the bucket of its arrival."""
    demand = wanted("d", 5.0, 15) | {"contract": "c"}
    return origin_limits("contract", demands=[demand])


def _origins(scope: str) -> dict[str, list[Row]]:
    return {
        "contracts": [{"contract": "c", "buyers": "p", "item": "part"}],
        "items": [PART, {"item": "core", "unit": "piece", "component_cost": 4.0},
               {"item": "case", "unit": "piece", "component_cost": 2.0}],
        "processes": [{"process": "join", "site": "a", "start_from": week(14)},
                   {"process": "cast", "site": "b", "start_from": week(14), "yield_rate": 0.5}],
        "flows": [{"process": "join", "item": "part", "quantity": 1.0},
               {"process": "join", "item": "core", "quantity": -2.0},
               {"process": "join", "item": "case", "quantity": -3.0},
               {"process": "cast", "item": "case", "quantity": 1.0}],
        "supplies": [{"supply": "near", "item": "core", "site": "a", "origin": "FR", "order_from": week(14)},
                  {"supply": "far", "item": "core", "site": "a", "origin": "US", "order_from": week(14)}],
        "lanes": [LANE | {"lane": "l", "lead_days": 0.0, "item": "case"}],
        "stocks": [{"item": "core", "site": "a", "opening": 6.0}],
        "receipts": [{"receipt": "r", "item": "case", "site": "a", "quantity": 5.0, "date": week(8), "origin": "FR"}],
        "wip": [{"wip": "w", "process": "join", "quantity": 1.0, "started": week(8)}],
        "origin_limits": [{"limit": "o", "contract": "c", "countries": "FR", "share": 0.25, "scope": scope}],
        "demands": [wanted("d", 5.0, 15)],
    }  # fmt: skip


PROGRAMMES: dict[str, Callable[[], Tables]] = {
    "work_shares": work_shares,
    "sets": sets,
    "fair_shares": fair_shares,
    "export_floors": export_floors,
    "reservations": reservations,
    "borders": borders,
    "transit": transit,
    "earmarks": earmarks,
    "origin_limits": origin_limits,
}
