"""A programme whose stress test can be solved by hand: two units a day from a supply that may fail at the end.

The plan buys and delivers two units on each of ten days, 20 units by 10 January. If the supply fails on the last two
days, 4 units are missing; they come on the two days after, two each: late by 1 and 2 days, 2 x 1 + 2 x 2 = 6 unit-days.
"""

from __future__ import annotations

from random_programmes import Rows, tables_of

from coproduce import api
from coproduce.results.result import PlanResult

LOSS = 6.0


def failure(risk: str, **more: object) -> dict[str, object]:
    """Return a row of risks: the supply fails on 9 January for two days."""
    about = {"kind": "supplier_failure", "target_table": "supplies", "target": "s"}
    return {"risk": risk, **about, "date": "2026-01-09", "duration_days": 2, **more}


def shop(*risks: dict[str, object], **more: Rows) -> dict[str, Rows]:
    """Return the programme with some risks."""
    return {
        "programme": [
            {"name": "Shop", "start": "2026-01-01", "buckets": "20 days", "currency": "EUR", "objective": "tiers"}
        ],
        "parties": [{"party": "buyer"}],
        "sites": [{"site": "A"}],
        "items": [{"item": "x", "unit": "piece"}],
        "stocks": [{"item": "x", "site": "A", "holding_cost": 365}],
        "supplies": [{"supply": "s", "item": "x", "site": "A", "limit": 2, "limit_per": "day"}],
        "demands": [
            {"demand": "d", "item": "x", "site": "A", "quantity": 20, "due": "2026-01-10", "party": "buyer"},
        ],
        "risks": list(risks),
        **more,
    }


def planned(tables: dict[str, Rows]) -> PlanResult:
    """Return the plan of a programme."""
    return api.plan(tables_of(tables), threads=1)
