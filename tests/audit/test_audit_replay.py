"""The audit's replay of flows, firm runs, loads, demands and money against small cases worked out by hand."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from audit_case import START, Frames, Row, checked, day, results

import coproduce.audit
from coproduce.audit import audit
from coproduce.audit import shares as shares_module
from coproduce.audit.case import Case
from coproduce.audit.money import exchange_rates

# Four buckets of 7 days.
WEEKS = {"name": "weeks", "start": START, "buckets": "4 weeks", "currency": "EUR"}


def case(plan: Frames | None = None, settings: Row | None = None, **tables: list[Row]) -> Case:
    """Replay a plan of a one-site programme."""
    given: Frames = {
        "programme": [{**WEEKS, **(settings or {})}],
        "sites": [{"site": "A"}, {"site": "B"}],
        "items": [{"item": name, "unit": "piece"} for name in ("part", "good")],
        **tables,
    }
    empty = {name: frame.clear() for name, frame in results({name: [] for name in RESULTS}).items()}
    return Case.of(checked(given), {**empty, **results(plan or {})})


RESULTS = (
    "buckets",
    "runs",
    "shipments",
    "purchases",
    "stock",
    "resource_load",
    "deliveries",
    "demand_service",
    "costs",
    "milestone_plan",
    "investments",
)


def moved(found: Case, column: str, item: str, site: str = "A") -> list[float]:
    """Return one column of the replay for an item at a site."""
    node = found.nodes.find(pl.Series([item]), pl.Series([site]))[0]
    return getattr(found.moves, column)[node].tolist()


def make(bucket: int = 0, quantity: float = 1.0) -> Frames:
    """Return a plan that starts runs of `make` in one bucket."""
    return {"runs": [{"process": "make", "site": "A", "bucket": bucket, "quantity": quantity, "cost": 0.0}]}


def flow(item: str, quantity: float, **cells: Any) -> Row:
    """Return a flow of `make`."""
    return {"process": "make", "item": item, "line": 1, "quantity": quantity, **cells}


def process(**cells: Any) -> list[Row]:
    """Return the process `make`."""
    return [{"process": "make", "site": "A", **cells}]


class TestFlows:
    def test_outputs_count_from_the_end_and_inputs_from_the_start(self) -> None:
        found = case(make(), processes=process(lead_days=14.0), flows=[flow("part", -3), flow("good", 2)])
        assert moved(found, "consumed", "part") == [3, 0, 0, 0]
        assert moved(found, "produced", "good") == [0, 0, 2, 0]

    def test_offsets_count_from_the_named_end_and_safety_time_delays_outputs_alone(self) -> None:
        # Input: end (14) + 7 = 21. Output: start + 7, and 7 more of safety: 14.
        flows = [
            flow("part", -1, offset_from="end", offset_days=7.0),
            flow("good", 1, offset_from="start", offset_days=7.0),
        ]
        found = case(make(), processes=process(lead_days=14.0, post_days=7.0), flows=flows)
        assert moved(found, "consumed", "part") == [0, 0, 0, 1]
        assert moved(found, "produced", "good") == [0, 0, 1, 0]

    def test_yield_multiplies_outputs_alone(self) -> None:
        found = case(make(), processes=process(yield_rate=0.5), flows=[flow("part", -4), flow("good", 4)])
        assert moved(found, "consumed", "part")[0] == 4
        assert moved(found, "produced", "good")[0] == 2

    @pytest.mark.parametrize(
        ("bucket", "expected"), [(0, [0, 0, 0, 0]), (1, [0, 1, 0, 0]), (2, [0, 0, 1, 0]), (3, [0, 0, 0, 0])]
    )
    def test_a_flow_with_a_window_belongs_to_runs_of_buckets_that_start_in_it(
        self, bucket: int, expected: list[float]
    ) -> None:
        # From day 7 on, before day 21: the second and third week start on days 7 and 14.
        flows = [flow("good", 1, start_from=day(7), start_until=day(21))]
        assert moved(case(make(bucket), processes=process(), flows=flows), "produced", "good") == expected

    def test_rounded_up_outputs_are_whole_in_the_last_bucket_and_inputs_in_the_first(self) -> None:
        # End over [3, 10): the second week. Input over [2, 9): the first week.
        found = case(
            make(),
            {"lead_time_rounding": "up"},
            processes=process(lead_days=3.0),
            flows=[flow("part", -1, offset_days=2.0), flow("good", 1)],
        )
        assert moved(found, "consumed", "part") == [1, 0, 0, 0]
        assert moved(found, "produced", "good") == [0, 1, 0, 0]

    def test_spread_flows_split_over_the_buckets_they_reach(self) -> None:
        # [3, 10): 4 of 7 days in the first week; [2, 9): 5 of 7.
        found = case(
            make(quantity=7.0),
            processes=process(lead_days=3.0),
            flows=[flow("part", -1, offset_days=2.0), flow("good", 1)],
        )
        assert moved(found, "consumed", "part") == pytest.approx([5, 2, 0, 0])
        assert moved(found, "produced", "good") == pytest.approx([4, 3, 0, 0])

    def test_purchases_and_shipments_are_rounded_up_too(self) -> None:
        plan: Frames = {
            "purchases": [{"supply": "s", "item": "part", "site": "A", "bucket": 0, "quantity": 7.0, "cost": 0.0}],
            "shipments": [
                {
                    "lane": "l",
                    "item": "part",
                    "from_site": "A",
                    "to_site": "B",
                    "bucket": 1,
                    "quantity": 7.0,
                    "cost": 0.0,
                }
            ],
        }
        supplies = [{"supply": "s", "item": "part", "site": "A", "lead_days": 1.0}]
        lanes = [{"lane": "l", "from_site": "A", "to_site": "B", "lead_days": 1.0}]
        whole = case(plan, {"lead_time_rounding": "up"}, supplies=supplies, lanes=lanes)
        assert moved(whole, "received", "part") == [0, 7, 0, 0]
        assert moved(whole, "moved_out", "part") == [0, 7, 0, 0]
        assert moved(whole, "moved_in", "part", "B") == [0, 0, 7, 0]
        spread = case(plan, supplies=supplies, lanes=lanes)
        assert moved(spread, "received", "part") == pytest.approx([6, 1, 0, 0])
        assert moved(spread, "moved_in", "part", "B") == pytest.approx([0, 6, 1, 0])

    def test_small_batches_give_the_same_replay_as_one(self, monkeypatch: pytest.MonkeyPatch) -> None:
        plan = {"runs": [make(at, 2.0 + at)["runs"][0] for at in range(4)]}
        tables = {
            "processes": process(lead_days=9.0),
            "flows": [flow("part", -1, offset_days=2.0), flow("good", 1)],
            "resources": [{"resource": "r", "site": "A", "unit": "h", "capacity": 1.0}],
            "loads": [{"process": "make", "resource": "r", "line": 1, "quantity": 1.0}],
        }
        once = case(plan, **tables)
        monkeypatch.setattr(shares_module, "BATCH", 2)
        cut = case(plan, **tables)
        assert cut.moves.closing == pytest.approx(once.moves.closing)
        assert cut.use.planned == pytest.approx(once.use.planned)
        assert cut.use.inside == pytest.approx(once.use.inside)
        # Run of week t: output over [7t + 9, 7t + 16): 5/7 in the week after, 2/7 in the one after that.
        assert moved(cut, "produced", "good") == pytest.approx([0, 10 / 7, 4 / 7 + 15 / 7, 6 / 7 + 20 / 7])


class TestFirmRuns:
    def found(self, **cells: Any) -> Case:
        wip = {"wip": "w", "process": "make", "quantity": 2.0, **cells}
        resources = [{"resource": "r", "site": "A", "unit": "h", "capacity": 1.0}]
        loads = [
            {"process": "make", "resource": "r", "line": 1, "quantity": 6.0},
            {"process": "make", "resource": "r", "line": 2, "quantity": 1.0, "from_days": 3.0, "until_days": 3.0},
        ]
        flows = [flow("part", -1), flow("good", 1), flow("good", 1, line=2, start_until=day(5))]
        return case(
            processes=process(lead_days=9.0, yield_rate=0.5),
            flows=flows,
            wip=[wip],
            resources=resources,
            loads=loads,
        )

    def test_a_firm_run_takes_at_its_start_and_gives_at_its_end(self) -> None:
        # Starts on day 6, ends on day 15; the second output belongs to runs that start before day 5.
        found = self.found(started=day(6))
        assert moved(found, "consumed", "part") == [2, 0, 0, 0]
        assert moved(found, "produced", "good") == [0, 0, 1, 0]
        # 12 hours over days 6 to 15: 1, 7 and 1 of 9 days; 2 hours on day 9.
        assert found.use.firm[0] == pytest.approx([12 / 9, 7 * 12 / 9 + 2, 12 / 9, 0])

    def test_what_lies_before_the_start_has_happened(self) -> None:
        # From day -4 to day 5: both outputs; loads: 5 of 9 days; the instant of day -1 is past.
        found = self.found(started=day(-4))
        assert moved(found, "consumed", "part") == [0, 0, 0, 0]
        assert moved(found, "produced", "good") == [2, 0, 0, 0]
        assert found.use.firm[0] == pytest.approx([12 * 5 / 9, 0, 0, 0])

    def test_a_confirmed_end_moves_outputs_and_stretches_loads(self) -> None:
        # From day -4 to day 20: outputs on day 20; 24 days, of which 7, 7 and 6 lie in the first three weeks.
        found = self.found(started=day(-4), ends=day(20))
        assert moved(found, "produced", "good") == [0, 0, 2, 0]
        assert found.use.firm[0] == pytest.approx([3.5, 3.5, 3.0, 0])

    def test_what_ends_after_the_horizon_leaves_the_plan(self) -> None:
        found = self.found(started=day(27))
        assert moved(found, "produced", "good") == [0, 0, 0, 0]
        assert found.use.firm[0] == pytest.approx([0, 0, 0, 12 / 9])

    def test_firm_runs_cost_nothing_any_more(self) -> None:
        assert sum(account.amount.sum() for account in self.found(started=day(6)).ledger.values()) == 0


class TestReceipts:
    def test_a_receipt_counts_in_the_bucket_of_its_date_and_not_outside_the_horizon(self) -> None:
        dates = (day(0), day(7), day(27.9), day(28), day(-1))
        receipts = [
            {"receipt": f"r{at}", "item": "part", "site": "A", "quantity": 10.0**at, "date": date}
            for at, date in enumerate(dates)
        ]
        assert moved(case(receipts=receipts), "received", "part") == [1, 10, 0, 100]


class TestDemands:
    def late_days(self, due: float) -> tuple[list[float], float]:
        demand = {"demand": "d", "item": "good", "site": "A", "quantity": 4.0, "due": day(due)}
        rows = [{"demand": "d", "bucket": at, "quantity": 1.0, "late_days": 0.0} for at in range(4)]
        served = case({"deliveries": rows}, demands=[demand]).served
        return served.row_late_days.tolist(), float(served.unmet_late_days[0])

    def test_lateness_counts_from_the_end_of_the_due_bucket(self) -> None:
        # Due on day 8: the bucket ends on day 14. A week after the horizon is day 35.
        assert self.late_days(8) == ([0, 0, 7, 14], 21)

    def test_the_first_instant_of_a_bucket_is_due_in_it(self) -> None:
        assert self.late_days(7) == ([0, 0, 7, 14], 21)

    def test_an_overdue_demand_is_late_in_every_bucket_from_its_date_on(self) -> None:
        assert self.late_days(-2.5) == ([9.5, 16.5, 23.5, 30.5], 37.5)

    def test_a_demand_due_after_the_horizon_is_not_late(self) -> None:
        assert self.late_days(30) == ([0, 0, 0, 0], 0)
        assert self.late_days(300) == ([0, 0, 0, 0], 0)


class TestMoney:
    def test_the_last_rate_on_or_before_the_start_holds_and_else_the_undated_one(self) -> None:
        rates = [
            {"currency": "USD", "date": day(0), "rate": 2.0},
            {"currency": "USD", "date": day(-9), "rate": 3.0},
            {"currency": "USD", "date": day(1), "rate": 5.0},
            {"currency": "USD", "rate": 7.0},
            {"currency": "GBP", "rate": 11.0},
            {"currency": "GBP", "date": day(1), "rate": 13.0},
        ]
        assert exchange_rates(case(exchange_rates=rates).tables) == {"USD": 2.0, "GBP": 11.0, "EUR": 1.0}

    def test_a_resource_costs_only_what_is_loaded_inside_the_horizon(self) -> None:
        # Runs of the last week load it and the week after by halves: half of 4 hours at 10.
        found = case(
            make(3),
            processes=process(lead_days=7.0, cost=5.0),
            resources=[{"resource": "r", "site": "A", "unit": "h", "capacity": 1.0, "cost": 10.0}],
            loads=[{"process": "make", "resource": "r", "line": 1, "quantity": 4.0}],
        )
        assert found.ledger["resource"].amount.tolist() == pytest.approx([20.0])
        assert found.costs.runs_with_resources.tolist() == pytest.approx([25.0])

    def test_an_amount_without_an_exchange_rate_is_not_a_number(self) -> None:
        found = case(make(), processes=process(cost=5.0, currency="USD"))
        assert np.isnan(found.ledger["process"].amount).all()


def test_an_empty_plan_of_an_empty_programme_fails_only_for_its_missing_rows() -> None:
    tables = checked({"programme": [WEEKS]})
    failed = [check.code for check in audit(tables, {}).checks if not check.passed]
    assert failed == ["A105", "A701"]


def test_the_audit_imports_nothing_of_the_project_but_tables_and_errors() -> None:
    # What the planner computes with must not be what it is audited with.
    root = Path(coproduce.audit.__file__).parent
    for file in root.rglob("*.py"):
        depth = len(file.relative_to(root).parts)
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.level > depth:
                assert node.level == depth + 1
                assert (node.module or "").split(".")[0] in {"tables", "errors"}, file
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            absolute = node.module if isinstance(node, ast.ImportFrom) and node.level == 0 else ""
            assert not any(name.startswith("coproduce") for name in [*names, absolute or ""]), file
