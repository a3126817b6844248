"""A made-up audited plan for the tests of the report: three countries, five sites, trainsets in monthly buckets."""

from __future__ import annotations

import polars as pl
from report_simulation import Simulation, bottleneck_rows, cost_rows, reason_rows
from report_tables import EVIDENCE, ITEMS, LANES, RESOURCES, SITES, SOURCES, START, STOCKS, SUPPLIES, Row

from coproduce.errors import Origin, Problem, Severity
from coproduce.results.claims import claims
from coproduce.results.register import register
from coproduce.results.result import PlanResult
from coproduce.tables import INPUT_TABLES, RESULT_TABLES, SheetOrigin, Tables, TableSpec


def frame(spec: TableSpec, rows: list[Row]) -> pl.DataFrame:
    """Make a checked frame: declared types, defaults filled in."""
    filled = [{name: row.get(name, column.default) for name, column in spec.columns.items()} for row in rows]
    return pl.DataFrame(filled, schema={name: column.dtype for name, column in spec.columns.items()})


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
    rows["costs"] = cost_rows(rows)
    rows["reasons"] = reason_rows(rows["demand_service"], play.edges)
    rows["bottlenecks"] = bottleneck_rows(play.edges)
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
    frames |= {"register": register(tables), "claims": claims(tables)}
    service = rows["demand_service"]
    count = {status: sum(row["status"] == status for row in service) for status in ("on_time", "late", "short")}
    summary = {
        "name": inputs["programme"][0]["name"],
        "status": "optimal",
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
