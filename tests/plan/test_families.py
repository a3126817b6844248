"""What every constraint family hands in for a tiny programme, against a text worked out by hand from docs/model.md.

The texts are kept in `expected/NAME.txt`; the lines at their head, after `#`, say what the programme is and why the
numbers are so. A line of columns reads `what@bucket in [lower, upper]: coefficients by stage`, one of terms
`row@bucket += coefficient column@bucket`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from agreed_families import PROGRAMMES as AGREED
from cash_family import cash
from programmes import tables_of
from stable_families import stable

from coproduce.block import Columns, Family, Rows, Terms
from coproduce.compile import compile_network
from coproduce.network import Network
from coproduce.plan.families import families
from coproduce.reach import reach
from coproduce.tables import Tables

EXPECTED = Path(__file__).parent / "expected"
WEEKS = {"start": datetime(2026, 1, 5), "buckets": "3 weeks"}  # edges at 0, 7, 14, 21 days
MONTHS = {"start": datetime(2026, 1, 25), "buckets": "1 week, 2 months"}  # edges at 0, 7, 35, 66 days
Row = dict[str, Any]
PART = {"item": "part", "unit": "piece"}


def programme(time: Row, **rows: list[Row]) -> Tables:
    base = {
        "programme": [{"name": "tiny", "currency": "EUR", **time}],
        "sites": [{"site": "a"}, {"site": "b"}],
        "items": [PART],
    }
    return tables_of(base | rows)


def week(days: float) -> datetime:
    return datetime(2026, 1, 5) + timedelta(days=days)


def month(days: float) -> datetime:
    return datetime(2026, 1, 25) + timedelta(days=days)


def wanted(demand: str, quantity: float, due: datetime, **more: Any) -> Row:
    return {"demand": demand, "item": "part", "site": "a", "quantity": quantity, "due": due, **more}


def backlog() -> Tables:
    alike = {"weight": 2.0, "price": 3.0, "late_cost": 0.5, "unmet_cost": 10.0}
    demands = [
        wanted("e1", 4.0, month(1), **alike),
        wanted("e2", 5.0, month(10), **alike),
        wanted("e3", 6.0, month(40), earliest=month(10), **alike),
    ]
    return programme(MONTHS, stocks=[{"item": "part", "site": "a", "opening": 9.0}], demands=demands)


def deliveries() -> Tables:
    demands = [
        wanted("d1", 8.0, month(10), weight=2.0, price=3.0, late_cost=0.5, unmet_cost=10.0),
        wanted("d2", 5.0, month(-2), priority=3, maximum_late_days=37.0),
        wanted("d3", 1.0, month(9), earliest=month(8)),
    ]
    return programme(MONTHS, stocks=[{"item": "part", "site": "a", "opening": 9.0}], demands=demands)


def purchases() -> Tables:
    supplies = [
        {"supply": "s", "item": "part", "site": "a", "price": 2.0, "lead_days": 10.0, "limit": 7.0,
         "limit_per": "week", "total_limit": 12.0},
        {"supply": "t", "item": "part", "site": "a", "price": 5.0, "order_from": week(14)},
    ]  # fmt: skip
    return programme(WEEKS, supplies=supplies, demands=[wanted("d", 5.0, week(15))])


def resources() -> Tables:
    return programme(
        WEEKS,
        processes=[{"process": "p", "site": "a", "lead_days": 14.0}],
        flows=[{"process": "p", "item": "part", "quantity": 1.0}],
        resources=[{"resource": "r", "site": "a", "unit": "hour", "capacity": 40.0, "capacity_per": "week",
                    "efficiency": 0.5, "calendar": "c"}],
        loads=[{"process": "p", "resource": "r", "quantity": 6.0}],
        calendars=[{"calendar": "c", "start": week(7), "end": week(14), "factor": 0.25}],
        wip=[{"wip": "w", "process": "p", "quantity": 1.0, "started": week(0)}],
    )  # fmt: skip


def growing() -> Tables:
    resource = {"site": "a", "unit": "hour", "capacity_per": "week"}
    return programme(
        WEEKS,
        processes=[{"process": "p", "site": "a", "rate_limit": 4.0, "rate_per": "week", "option": "o"},
                   {"process": "t", "site": "a", "rate_limit": 4.0, "rate_per": "week", "ramp": "half", "requires": "m"}],  # noqa: E501
        flows=[{"process": name, "item": "part", "quantity": 1.0} for name in "pt"],
        resources=[
            resource | {"resource": "r", "capacity": 40.0, "cost": 2.0, "overtime_capacity": 5.0, "overtime_cost": 3.0},
            resource | {"resource": "q", "capacity": 6.0, "requires": "m"},
        ],
        loads=[{"process": "p", "resource": "r", "quantity": 6.0}],
        milestones=[{"milestone": "m", "duration_days": 7.0}],
        milestone_loads=[{"milestone": "m", "resource": "r", "quantity": 4.0}],
        ramps=[{"ramp": "half", "after_days": 0, "factor": 0.5}, {"ramp": "half", "after_days": 7, "factor": 1.0}],
        options=[{"option": "o", "cost": 100.0, "running_cost": 1.0, "delay_days": 7.0, "maximum": 2, "after": "m"}],
        option_capacity=[{"option": "o", "resource": "r", "capacity": 10.0, "capacity_per": "week"}],
        demands=[wanted("d", 50.0, week(15))],
    )  # fmt: skip


def runs() -> Tables:
    return programme(
        WEEKS,
        items=[PART, {"item": "raw", "unit": "kg"}, {"item": "ink", "unit": "kg"}],
        processes=[{"process": "p", "site": "a", "lead_days": 10.0, "yield_rate": 0.5, "cost": 3.0, "rate_limit": 4.0,
                    "rate_per": "week"}],
        flows=[
            {"process": "p", "item": "part", "quantity": 1.0},
            {"process": "p", "item": "raw", "quantity": -2.0},
            {"process": "p", "item": "ink", "quantity": -1.0, "offset_days": 7.0, "start_from": week(7)},
        ],
        resources=[{"resource": "r", "site": "a", "unit": "hour", "capacity": 40.0, "cost": 1.5}],
        loads=[{"process": "p", "resource": "r", "quantity": 6.0}],
        stocks=[{"item": "raw", "site": "a", "opening": 9.0}],
        demands=[wanted("d", 5.0, week(15))],
    )  # fmt: skip


def learning() -> Tables:
    return programme(
        WEEKS,
        processes=[{"process": "p", "site": "a", "lead_days": 7.0, "runs_before": 1.0}],
        flows=[{"process": "p", "item": "part", "quantity": 1.0}],
        resources=[{"resource": "r", "site": "a", "unit": "hour", "capacity": 40.0, "cost": 1.5}],
        loads=[{"process": "p", "resource": "r", "quantity": 8.0, "learning_rate": 0.75, "learning_floor": 0.5}],
        demands=[wanted("d", 2.0, week(15))],
    )  # fmt: skip


def versions() -> Tables:
    return programme(
        WEEKS,
        items=[
            PART | {"unit_value": 10.0, "obsolete_from": week(14)},
            {"item": "next", "unit": "piece", "replaces": "part", "stands_in": True, "stands_in_from": week(5)},
        ],
        stocks=[{"item": "part", "site": "a", "opening": 9.0, "write_off_value": 4.0}],
        supplies=[{"supply": "s", "item": "next", "site": "a"}],
        processes=[{"process": "use", "site": "a"}],
        flows=[
            {"process": "use", "item": "part", "quantity": -1.0},
            {"process": "use", "item": "next", "quantity": 1.0},
        ],
        wip=[{"wip": "w", "process": "use", "quantity": 2.0, "started": week(15)}],
        demands=[wanted("d", 5.0, week(15))],
    )


def shipments() -> Tables:
    lane = {"from_site": "b", "to_site": "a"}
    return programme(
        WEEKS,
        items=[PART | {"transport_size": 0.5}],
        lanes=[
            lane | {"lane": "l", "lead_days": 3.0, "cost": 2.0, "capacity": 5.0, "capacity_per": "week"},
            lane | {"lane": "m", "lead_days": 7.0, "item": "part", "start_until": week(7)},
        ],
        stocks=[{"item": "part", "site": "b", "opening": 9.0}],
        demands=[wanted("d", 5.0, week(15))],
    )


def stocks() -> Tables:
    stock = {
        "item": "part", "site": "a", "opening": 10.0, "minimum": 2.0, "minimum_from": month(7), "maximum": 30.0,
        "final_min": 4.0, "holding_cost": 365.0, "terminal_value": 5.0,
    }  # fmt: skip
    return programme(
        MONTHS,
        items=[PART, {"item": "done", "unit": "piece"}],
        processes=[{"process": "use", "site": "a"}],
        flows=[
            {"process": "use", "item": "part", "quantity": -3.0},
            {"process": "use", "item": "done", "quantity": 1.0},
        ],
        stocks=[stock],
        receipts=[{"receipt": "r", "item": "part", "site": "a", "quantity": 6.0, "date": month(8)}],
        wip=[{"wip": "w", "process": "use", "quantity": 1.0, "started": month(40)}],
    )


def run_lots() -> Tables:
    return programme(
        WEEKS,
        processes=[
            {"process": "p", "site": "a", "lead_days": 7.0, "minimum_size": 3.0, "maximum_size": 5.0,
             "multiple_size": 2.0, "setup_cost": 10.0, "rate_limit": 9.0, "rate_per": "week"},
            {"process": "q", "site": "a"},
        ],
        flows=[{"process": "p", "item": "part", "quantity": 1.0}, {"process": "q", "item": "part", "quantity": 1.0}],
        resources=[{"resource": "r", "site": "a", "unit": "hour", "capacity": 40.0, "capacity_per": "week",
                    "cost": 1.5}],
        loads=[{"process": "p", "resource": "r", "quantity": 1.0, "setup_quantity": 4.0},
               {"process": "q", "resource": "r", "quantity": 1.0}],
        demands=[wanted("d", 100.0, week(15))],
    )  # fmt: skip


def joint_setups() -> Tables:
    return programme(
        WEEKS,
        setup_groups=[{"setup_group": "g", "site": "a", "cost": 10.0}, {"setup_group": "h", "site": "a"}],
        setup_loads=[{"setup_group": "g", "resource": "r", "quantity": 4.0}],
        processes=[
            {"process": "p", "site": "a", "lead_days": 7.0, "setup_group": "g"},
            {"process": "q", "site": "a", "setup_group": "g", "minimum_size": 3.0, "maximum_size": 5.0},
            {"process": "s", "site": "a"},
        ],
        flows=[{"process": name, "item": "part", "quantity": 1.0} for name in ("p", "q", "s")],
        resources=[{"resource": "r", "site": "a", "unit": "hour", "capacity": 40.0, "capacity_per": "week",
                    "cost": 1.5}],
        loads=[{"process": "p", "resource": "r", "quantity": 2.0}],
        demands=[wanted("d", 30.0, week(15))],
    )  # fmt: skip


def order_lots() -> Tables:
    supplies = [
        {"supply": "s", "item": "part", "site": "a", "order_cost": 8.0, "limit": 7.0, "limit_per": "week",
         "order_until": week(14)},
        {"supply": "t", "item": "part", "site": "a", "multiple_size": 2.0, "order_from": week(14)},
        {"supply": "u", "item": "part", "site": "a", "maximum_size": 2.0},
    ]  # fmt: skip
    return programme(WEEKS, supplies=supplies, demands=[wanted("d", 5.0, week(15))])


def shipment_lots() -> Tables:
    lane = {"from_site": "b", "to_site": "a"}
    return programme(
        WEEKS,
        items=[PART | {"transport_size": 0.5}],
        lanes=[
            lane | {"lane": "l", "minimum_size": 2.0, "lead_days": 3.0, "start_until": week(7)},
            lane | {"lane": "m", "shipment_cost": 6.0, "capacity": 2.0, "capacity_per": "week", "start_from": week(14)},
        ],
        stocks=[{"item": "part", "site": "b", "opening": 9.0}],
        demands=[wanted("d", 5.0, week(15))],
    )


def delivery_sizes() -> Tables:
    demands = [
        wanted("d1", 8.0, week(10), all_or_nothing=True, earliest=week(8)),
        wanted("d2", 5.0, week(10), minimum_shipment=2.0, maximum_late_days=0.0),
        wanted("d3", 1.0, week(10), minimum_shipment=2.0, earliest=week(15)),
        wanted("d4", 1.0, week(10)),
    ]
    return programme(WEEKS, stocks=[{"item": "part", "site": "a", "opening": 9.0}], demands=demands)


PROGRAMMES: dict[str, Callable[[], Tables]] = {
    "run_lots": run_lots,
    "joint_setups": joint_setups,
    "order_lots": order_lots,
    "shipment_lots": shipment_lots,
    "delivery_sizes": delivery_sizes,
    "backlog": backlog,
    "deliveries": deliveries,
    "purchases": purchases,
    "resources": resources,
    "learning": learning,
    "versions": versions,
    "runs": runs,
    "shipments": shipments,
    "stocks": stocks,
    **dict.fromkeys(("gates", "milestones", "openings", "options", "overtime"), growing),
    "cash": cash,
    **AGREED,
    **dict.fromkeys(("frozen_horizon", "changes"), stable),
}


def number(value: float) -> str:
    return f"{value + 0.0:.6g}"  # + 0.0 makes -0 a plain 0


class Text:
    """Renders blocks with the ids of a programme."""

    def __init__(self, tables: Tables, network: Network) -> None:
        items, sites = tables["items"]["item"], tables["sites"]["site"]
        nodes, lanes = network.nodes, network.lanes
        places = [f"{items[i]}/{sites[s]}" for i, s in zip(nodes.item.tolist(), nodes.site.tolist(), strict=True)]
        pairs = zip(lanes.arc_lane.tolist(), nodes.item[lanes.arc_from].tolist(), strict=True)
        ids = {
            table: tables[table][table[:-1]].to_list() for table in ("resources", "lanes", "demands", "setup_groups")
        }
        supplies, processes = tables["supplies"]["supply"].to_list(), tables["processes"]["process"].to_list()
        milestones, options = (tables[table][table[:-1]].to_list() for table in ("milestones", "options"))
        series = [ids["demands"][head] for head in network.demands.series_head.tolist()]
        arcs = [f"{ids['lanes'][lane]}:{items[item]}" for lane, item in pairs]
        self._names: dict[str, list[str]] = {
            "run": processes, "buy": supplies, "supply_total": supplies, "capacity": ids["resources"],
            "write_off": places, "obsolete_stock": places, "uses": places,
            **dict.fromkeys(("ship", "ship_lots", "ship_steps", "ship_most", "ship_least", "ship_multiple"), arcs),
            "lane_capacity": ids["lanes"],
            "stock": places, "balance": places, "final_stock": places,
            "deliver": ids["demands"], "unmet": ids["demands"], "demand": ids["demands"],
            **{f"{kind}_{what}": names for kind, names in (("run", processes), ("buy", supplies))
               for what in ("lots", "steps", "most", "least", "multiple")},
            **{f"deliver_{what}": ids["demands"] for what in ("most", "least")}, "hand_over": ids["demands"],
            "set_up": ids["setup_groups"], "set_up_most": processes,
            "overtime": ids["resources"], "begin": milestones, "begin_once": milestones, "invest": options,
            "option_total": options, "run_rate": processes, "pool": series, "backlog": series, "early": series, "position": series,  # noqa: E501
        }  # fmt: skip

    def _name(self, kind: str, entity: int, bucket: int) -> str:
        return f"{self._names[kind][entity] if kind in self._names else entity}@{bucket}"

    def columns(self, columns: Columns) -> Iterator[str]:
        yield f"columns {columns.kind}"
        for at in range(len(columns)):
            bounds = f"[{number(columns.lower[at])}, {number(columns.upper[at])}]" + " whole" * columns.integer
            coefficients = [
                f"{stage} {number(values[at])}" for stage, values in sorted(columns.stages.items()) if values[at]
            ]
            name = self._name(columns.kind, int(columns.entity[at]), int(columns.bucket[at]))
            yield f"  {name} in {bounds}" + (": " + ", ".join(coefficients) if coefficients else "")

    def terms(self, terms: Terms, columns: Columns) -> Iterator[str]:
        yield f"terms {terms.kind} -> {terms.group}, {terms.purpose}"
        for at in np.lexsort((terms.column, terms.bucket, terms.entity)).tolist():
            column = int(terms.column[at])
            row = self._name(terms.group, int(terms.entity[at]), int(terms.bucket[at]))
            own = self._name(terms.kind, int(columns.entity[column]), int(columns.bucket[column]))
            yield f"  {row} += {number(terms.value[at])} {own}"

    def rows(self, rows: Rows) -> Iterator[str]:
        yield f"rows {rows.group}"
        for entity, bucket in np.ndindex(rows.upper.shape):
            low, high = rows.lower[entity, bucket], rows.upper[entity, bucket]
            bounds = f"in [{number(low)}, {number(high)}]" if np.isfinite([low, high]).any() else "free"
            yield f"  {self._name(rows.group, entity, bucket)} {bounds}"


def rendered(family: Family, tables: Tables) -> str:
    """Return the block of one family as text."""
    network = compile_network(tables)
    text = Text(tables, network)
    own = family.declare(network, reach(network))
    # Agreements weigh the columns of others.
    columns = {part.kind: part for other in families() for part in other.declare(network, reach(network))}
    terms, rows = family.contribute(network, columns)
    lines = [line for part in own for line in text.columns(part)]
    for part in sorted(terms, key=lambda part: (part.kind, part.group, part.purpose)):
        lines += text.terms(part, columns[part.kind])
    for group in rows:
        lines += text.rows(group)
    return "\n".join(lines) + "\n"


def name_of(family: Family) -> str:
    return str(getattr(family, "__name__", type(family).__name__)).rpartition(".")[2]


@pytest.mark.parametrize("family", families(), ids=name_of)
def test_the_block_of_a_family_is_the_one_worked_out_by_hand(family: Family) -> None:
    name = name_of(family)
    path = EXPECTED / f"{name}.txt"
    assert path.exists(), f"the constraint family {name} has no expected text"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    assert lines[0].startswith("#"), "the text says at its head what the programme is"
    expected = "".join(line for line in lines if not line.startswith("#"))
    assert rendered(family, PROGRAMMES[name]()) == expected


def test_every_expected_text_belongs_to_a_family() -> None:
    assert {path.stem for path in EXPECTED.glob("*.txt")} == {name_of(family) for family in families()}
