"""Small programmes whose plan waits for money, solved by hand; planted violations of what their audits state."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import polars as pl
import pytest
from money_programmes import Rows, lines, planned, pumps
from programmes import tables_of

from coproduce import api
from coproduce.audit import audit
from coproduce.audit.finance import audit_finance
from coproduce.errors import InfeasibleError
from coproduce.results.result import PlanResult
from coproduce.tables import Tables


def day(text: str) -> datetime:
    return datetime.fromisoformat(text)


def fund(**facts: Any) -> dict[str, Any]:
    """Return a budget of 5,000 that pays as costs arise, from the start."""
    return {"fund": "money", "instrument": "own", "holder": "buyer", "amount": 5000.0} | facts


def keeping(*funds: dict[str, Any], keeps: str = "cash", **facts: Any) -> Rows:
    """Return the pumps, gears to be ordered at any time, arriving whole, under a contract that keeps to money."""
    named = "; ".join(str(one["fund"]) for one in funds) or None
    contract = {"contract": "frame", "buyers": "buyer", "contractor": "maker", "funds": named, "plan_keeps": keeps}
    rows = pumps(funds=list(funds), contracts=[contract | facts])
    rows["programme"][0]["lead_time_rounding"] = "up"
    rows["supplies"][0] |= {"order_from": None, "order_until": None}
    return rows


def by_delivery(order: float = 0.0) -> Rows:
    """Return five pumps in stock, due in March, and ten to be made by July; each is worth 220 to the buyers.

    Buyers pay a share at the signature on 10 January, and the rest 30 days after each delivery.
    """
    terms = [
        {"terms": "paid", "line": 1, "event": "order", "share": order},
        {"terms": "paid", "line": 2, "event": "delivery", "share": 1 - order, "lag_days": 30.0},
    ]
    rows = keeping(signed=day("2026-01-10"), payment_terms="paid", product_value=220.0)
    first = {"demand": "first", "quantity": 5.0, "due": day("2026-03-31"), "earliest": day("2026-03-01")}
    rows["demands"].append(rows["demands"][0] | first)
    return rows | {"payment_terms": terms, "stocks": [{"item": "pump", "site": "works", "opening": 5.0}]}


def months(result: PlanResult, table: str, **where: object) -> list[tuple[int, float]]:
    """Return bucket and quantity; buckets are months from January 2026, 0, on."""
    frame = result.frames[table]
    for name, value in where.items():
        frame = frame.filter(pl.col(name) == value)
    return [(bucket, round(units, 6)) for bucket, units in frame.select("bucket", "quantity").rows()]


def gaps(result: PlanResult) -> list[tuple[Any, ...]]:
    return lines(api.finance(result)["cash_gaps"].filter(pl.col("kind") != "party"), "account", "gap", bridged=False)


class TestFunds:
    def test_a_long_order_waits_for_the_day_on_which_the_fund_opens_and_the_reason_names_the_contract(self) -> None:
        # Gears ordered from 1 to 31 March arrive whole by 28 August, 150 days later: ten pumps a month late.
        result = planned(keeping(fund(available_from=day("2026-03-01"))))
        assert months(result, "purchases") == [(2, 10.0)]
        assert result.frames["demand_service"]["late_unit_days"].to_list() == [310.0]
        assert gaps(result) == []
        reason = result.frames["reasons"].row(0, named=True)
        assert (reason["kind"], reason["entity"], reason["saved"], reason["enough"]) == ("cash", "frame", 310.0, True)
        assert reason["cell"].startswith("contracts!")

    def test_pre_financing_removes_the_delay(self) -> None:
        # 1,000 of 5,000 are there on 20 January: gears are ordered on 1 February; 100 of work are paid as it is done.
        ahead = fund(agreed=day("2026-01-20"), available_from=day("2026-01-20"), prefinancing=0.2,
                     prefinancing_requested="yes", assessment_days=0.0, cost_types="purchase")  # fmt: skip
        late = ahead | {"fund": "later", "prefinancing": 0.0, "available_from": day("2026-03-01")}
        result = planned(keeping(ahead | {"amount": 5000.0, "requests_per_year": 2, "assessment_days": 60.0}, late))
        assert months(result, "purchases") == [(1, 10.0)]
        assert result.frames["demand_service"]["late_unit_days"].to_list() == [0.0]
        assert lines(result.frames["planned_draws"], "due", "fund", "how", "amount") == [
            ("2026-02-01", "money", "advance", 1000.0), ("2026-07-31", "later", "direct", 100.0)
        ]  # fmt: skip
        assert gaps(result) == []

    def test_what_is_bridged_is_priced(self) -> None:
        loan = fund(amount=1500.0, kind="loan", agreed=day("2026-03-01"), available_from=None, prefinancing=0.15,
                    prefinancing_requested="yes", requests_per_year=2, assessment_days=60.0)  # fmt: skip
        result = planned(keeping(loan, bridging="yes", bridging_rate=0.1))
        # Owed on 1 February: 225 are there after 28 days, on 1 March; 775 after 272 days, on 31 October, as is the
        # work of 31 July after 92: 0.1 x (225 x 28 + 775 x 272 + 100 x 92) / 365 = 62.
        assert months(result, "purchases") == [(1, 10.0)]
        assert lines(result.frames["costs"], "amount", kind="bridging", entity="money") == [(pytest.approx(62.0),)]
        assert result.frames["tiers"].filter(stage="cost")["value"].to_list() == [pytest.approx(1162.0)]
        ledger = api.finance(result)["ledger"].filter(kind="bridging_interest")
        assert ledger["amount"].sum() == pytest.approx(62.0, abs=0.011)

    @pytest.mark.parametrize(
        ("facts", "budgets", "made"),
        [
            ({"amount": 550.0}, [], 5.0),  # 550 are five pumps of 110
            ({}, [{"fund": "money", "year": 2026, "amount": 440.0}, {"fund": "money", "year": 2027, "amount": 0.0}], 4),
            ({"cost_types": "investment"}, [], 0.0),  # pumps are purchases
            ({"available_until": day("2026-06-29")}, [], 0.0),  # gears are there, and work is owed, on 30 June at best
            ({"share_of_cost": 0.5}, [], 0.0),  # nobody pays the other half
        ],
    )
    def test_a_budget_limits_what_is_made(self, facts: Any, budgets: Any, made: float) -> None:
        result = planned(keeping(fund(**facts), keeps="budget") | {"fund_budgets": budgets})
        assert result.frames["deliveries"]["quantity"].sum() == pytest.approx(made)
        assert api.finance(result)["cash_gaps"].filter(kind="costs")["uncovered"].sum() == 0.0

    def test_two_funds_that_each_pay_a_share_pay_all_together(self) -> None:
        half = fund(share_of_cost=0.5)
        result = planned(keeping(half, half | {"fund": "other"}))
        assert months(result, "deliveries") == [(6, 10.0)]
        # Half of 1,000 on 1 February, half of 100 on 31 July, of each.
        assert result.frames["planned_draws"].group_by("fund").agg(pl.col("amount").sum()).sort("fund").rows() == [
            ("money", 550.0), ("other", 550.0)
        ]  # fmt: skip

    def test_what_may_serve_others_counts_whole(self) -> None:
        rows = keeping(fund(amount=1100.0))
        rows["demands"].append(rows["demands"][0] | {"demand": "theirs", "contract": None})
        # 20 pumps are asked for; 1,100 are ten of them, whoever gets them.
        assert planned(rows).frames["deliveries"]["quantity"].sum() == pytest.approx(10.0)

    def test_contracts_that_the_same_funds_pay_alike_share_their_money(self) -> None:
        rows = keeping(fund(amount=1100.0))
        rows["contracts"].append(rows["contracts"][0] | {"contract": "second"})
        rows["demands"][0]["quantity"] = 5.0
        rows["demands"].append(rows["demands"][0] | {"demand": "theirs", "contract": "second"})
        result = planned(rows)
        assert result.frames["deliveries"]["quantity"].sum() == pytest.approx(10.0)
        assert result.frames["planned_draws"]["contracts"].unique().to_list() == ["frame; second"]
        assert gaps(result) == []

    def test_a_contract_that_waits_has_its_money_before_one_that_does_not(self) -> None:
        rows = keeping(fund(amount=1100.0))
        rows["items"].append({"item": "valve", "unit": "piece"})
        rows["supplies"].append({"supply": "valves", "item": "valve", "site": "works", "price": 500.0})
        rows["contracts"].insert(0, rows["contracts"][0] | {"contract": "free", "plan_keeps": "nothing"})
        more = {"demand": "valves", "item": "valve", "quantity": 2.0, "contract": "free"}
        rows["demands"].append(rows["demands"][0] | more)
        # The fund pays the 1,100 of the pumps; the valves of 1,000 are owed without cover.
        assert lines(api.finance(planned(rows))["cash_gaps"], "account", "uncovered", kind="costs") == [
            ("free", 1000.0)
        ]


class TestReasons:
    @staticmethod
    def cheaper_late(available_from: datetime | None) -> Rows:
        """Return the pumps at least cost: gears from March on save 50 each, and a late pump costs 0.01 a day."""
        rows = keeping(fund(available_from=available_from))
        rows["programme"][0]["objective"] = "money"
        rows["supplies"][0] |= {"order_from": day("2026-03-01")}
        rows["supplies"].append(rows["supplies"][0] | {"supply": "dear", "order_from": None, "price": 150.0})
        rows["demands"][0] |= {"late_cost": 0.01, "unmet_cost": 10_000.0}
        return rows

    @pytest.mark.parametrize("opens", [None, day("2026-01-15")])
    def test_a_demand_that_is_late_because_that_is_cheaper_does_not_wait_for_money(
        self, opens: datetime | None
    ) -> None:
        # 31 days at 0.01 are less than the 50 of an early gear; whether there was money in January changes nothing.
        result = planned(self.cheaper_late(opens))
        assert months(result, "purchases", supply="gears") == [(2, 10.0)]
        assert result.frames["reasons"].select("kind").to_series().to_list() == ["cost"]

    def test_a_demand_that_waits_for_money_at_least_cost_is_told_so(self) -> None:
        rows = self.cheaper_late(day("2026-04-01"))
        # Gears of April arrive by 28 September, 59 days late; in March, without waiting, they save 0.31 a pump.
        result = planned(rows)
        assert months(result, "purchases") == [(3, 10.0)]
        assert result.frames["reasons"].select("kind", "entity").row(0) == ("cash", "frame")


def test_no_cent_of_a_large_cost_is_lost() -> None:
    # 27,272,000,003 cents, divided by 100 and multiplied again, are less than a whole number of cents in binary.
    rows = keeping(fund(amount=1e10))
    rows["demands"][0]["quantity"], rows["processes"][0]["cost"] = 1.0, 0.0
    rows["supplies"][0]["price"] = 272720000.03
    assert gaps(planned(rows)) == []


class TestBuyers:
    def test_an_order_waits_for_the_payment_of_an_earlier_delivery(self) -> None:
        # The five pumps of March are paid on 30 April: 1,100. Gears are ordered on 1 May, are there in October, and
        # the last 100 pay the work: ten pumps are 92 days late.
        result = planned(by_delivery())
        assert months(result, "purchases") == [(4, 10.0)]
        assert result.frames["demand_service"]["late_unit_days"].to_list() == [920.0, 0.0]
        assert result.frames["reasons"].select("kind", "entity").row(0) == ("cash", "frame")
        assert gaps(result) == []

    def test_a_payment_at_the_order_removes_the_delay(self) -> None:
        # Half of 15 x 220 is there on 10 January.
        result = planned(by_delivery(order=0.5))
        assert months(result, "purchases") == [(1, 10.0)]
        assert result.frames["demand_service"]["late_unit_days"].to_list() == [0.0, 0.0]
        assert gaps(result) == []

    def test_own_cash_of_the_contractor_removes_the_delay_as_well(self) -> None:
        rows = by_delivery()
        rows["contracts"][0]["own_cash"] = 1000.0
        result = planned(rows)
        # The gears are paid from it on 1 February, the work of July from the payment of 30 April.
        assert months(result, "purchases") == [(1, 10.0)]
        assert gaps(result) == []

    def test_what_waiting_costs_is_the_difference_of_two_plans(self) -> None:
        result = api.plan(tables_of(by_delivery()), threads=1, bottlenecks=0, price_of_agreements=True)
        costs = result.frames["agreement_costs"].select("kind", "agreement", "stage", "low", "high").row(0)
        assert costs == ("cash", "frame", "tier_1", pytest.approx(920.0), pytest.approx(920.0))

    def test_a_payment_that_no_fund_can_pay_in_time_is_a_conflict_at_its_cells(self) -> None:
        rows = by_delivery(order=0.5)
        rows["contracts"][0]["funds"] = "money"
        rows["funds"] = [fund(available_from=day("2026-01-11"))]
        with pytest.raises(InfeasibleError) as found:
            planned(rows)
        assert [str(one.origin) for one in found.value.conflicts] == ["memory"] or all(
            "contract" in one.limit or "fund" in one.limit for one in found.value.conflicts
        )


@pytest.fixture(scope="module")
def plan() -> PlanResult:
    """Return a plan that two funds pay: in advance, as it is owed and by request."""
    loan = fund(amount=2000.0, agreed=day("2026-01-20"), prefinancing=0.25, prefinancing_requested="yes",
                requests_per_year=2, assessment_days=60.0)  # fmt: skip
    budget = fund(fund="budget", amount=300.0, share_of_cost=0.6)
    return planned(keeping(loan, budget, bridging="yes", bridging_rate=0.1))


def with_column(plan: PlanResult, table: str, **columns: Any) -> Tables:
    """Return the tables of a plan with another column in one of them."""
    frames = plan.tables.frames
    return Tables({**frames, table: frames[table].with_columns(**columns)})


class TestAudit:
    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"fund": "nobody"}, "A741"),
            ({"arrives": lambda x: x + timedelta(days=1)}, "A741"),
            ({"due": lambda x: x + timedelta(days=1)}, "A742"),
            ({"amount": lambda x: x / 2}, "A742"),
            ({"bridging": lambda x: x + 1}, "A746"),
        ],
    )
    def test_a_planted_draw_is_found(self, plan: PlanResult, change: dict[str, Any], code: str) -> None:
        draws = plan.frames["planned_draws"]
        rows = draws.to_dicts()
        at = next(n for n, row in enumerate(rows) if row["how"] == "advance")
        rows[at] |= {k: v(rows[at][k]) if isinstance(v, Callable) else v for k, v in change.items()}  # type: ignore[arg-type]
        assert code in self.failed(plan, pl.DataFrame(rows, schema=draws.schema))

    def test_more_than_a_fund_has_is_found(self, plan: PlanResult) -> None:
        less = plan.tables["funds"].with_columns(amount=pl.col("amount") / 10)
        tables = api.check(
            api.from_frames({**{n: f for n, f in plan.tables.frames.items() if f.height}, "funds": less})
        )
        assert "A743" in self.failed(plan, plan.frames["planned_draws"], tables.unwrap())

    def test_more_than_the_share_of_a_fund_is_found(self, plan: PlanResult) -> None:
        less = plan.tables["funds"].with_columns(share_of_cost=pl.lit(0.1))
        tables = api.check(
            api.from_frames({**{n: f for n, f in plan.tables.frames.items() if f.height}, "funds": less})
        )
        assert "A744" in self.failed(plan, plan.frames["planned_draws"], tables.unwrap())

    @staticmethod
    def failed(plan: PlanResult, draws: pl.DataFrame, tables: Any = None) -> list[str]:
        report = audit(tables or plan.tables, dict(plan.frames) | {"planned_draws": draws})
        return [check.code for check in report.checks if not check.passed]

    def test_an_order_before_the_buyers_have_paid_is_found(self) -> None:
        result = planned(by_delivery(order=0.5))
        tables = with_column(result, "payment_terms", share=pl.Series([0.1, 0.9]))
        # 330 of the 1,000 for the gears were there.
        report = audit(tables, result.frames)
        assert [check.code for check in report.checks if not check.passed] == ["A745"]

    @pytest.mark.parametrize(("keeps", "code"), [("cash", "A751"), ("budget", "A752")])
    def test_the_money_of_a_plan_that_did_not_wait_is_not_shown(self, keeps: str, code: str) -> None:
        free = planned(keeping(fund(available_from=day("2026-03-01"), amount=600.0), keeps="nothing"))
        assert self.of_money(free, keeps) == [code, *(["A752"] if keeps == "cash" else [])]

    def test_buyers_whose_funds_come_too_late_are_found(self) -> None:
        rows = by_delivery(order=0.5)
        rows["contracts"][0] |= {"funds": "money", "plan_keeps": "nothing"}
        rows["funds"] = [fund(available_from=day("2026-03-01"))]
        assert self.of_money(planned(rows), "cash") == ["A753"]

    @staticmethod
    def of_money(result: PlanResult, keeps: str) -> list[str]:
        """Return the checks of money that fail once the contract is said to keep to it."""
        money = api.finance(result)
        kind = result.tables["contracts"].schema["plan_keeps"]
        tables = with_column(result, "contracts", plan_keeps=pl.lit(keeps).cast(kind))
        return [check.code for check in audit_finance(tables, result.frames, money).checks if not check.passed]
