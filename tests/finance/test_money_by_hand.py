"""Small cases whose money is worked out by hand: terms, requests, advances, loans, indexation, damages, rates."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from money_programmes import Rows, lines, money_of, pumps


def day(text: str) -> datetime:
    return datetime.fromisoformat(text)


def fund(**facts: Any) -> dict[str, Any]:
    """Return a grant for everything, there from the start, that pays as costs arise."""
    about = {"fund": "grant", "instrument": "own", "kind": "grant", "holder": "buyer", "amount": 5000.0}
    return about | {"agreed": day("2026-01-01")} | facts


def contract(**facts: Any) -> dict[str, Any]:
    return {"contract": "frame", "buyers": "buyer", "contractor": "maker", "funds": "grant"} | facts


def funded(*funds: dict[str, Any], **facts: Any) -> Rows:
    """Return the pumps with funds that all may pay; `facts` are those of the contract."""
    named = "; ".join(str(one["fund"]) for one in funds)
    return pumps(funds=list(funds), contracts=[contract(**{"funds": named} | facts)])


class TestCosts:
    def test_gears_are_paid_at_the_order_and_work_at_the_end_of_its_month(self) -> None:
        ledger = money_of(pumps())["ledger"]
        # Ten gears for 100 on 1 February, ten runs for 10 in July.
        assert lines(ledger, "paid", "kind", "contract", "from_account", "to_account", "amount") == [
            ("2026-02-01", "purchase", "frame", "maker", "supplier", 1000.0),
            ("2026-07-31", "process", "frame", "maker", None, 100.0),
        ]

    def test_terms_of_payment_split_an_order(self) -> None:
        terms = [
            {"terms": "thirds", "line": 1, "event": "order", "share": 1 / 3, "lag_days": 14.0},
            {"terms": "thirds", "line": 2, "event": "delivery", "share": 1 / 3},
            {"terms": "thirds", "line": 3, "event": "date", "share": 1 / 3, "date": day("2026-12-24")},
        ]
        rows = pumps(payment_terms=terms)
        rows["supplies"][0]["payment_terms"] = "thirds"
        # 14 days after 1 February; 150 days after it; the date. A cent is left over and goes to the first part.
        assert lines(money_of(rows)["ledger"], "paid", "amount", kind="purchase") == [
            ("2026-02-15", 333.34),
            ("2026-07-01", 333.33),
            ("2026-12-24", 333.33),
        ]

    def test_half_of_a_stock_that_stays_serves_no_contract(self) -> None:
        rows = pumps(stocks=[{"item": "pump", "site": "works", "final_min": 10.0}])
        ledger = money_of(rows)["ledger"].filter(kind="purchase")
        by_contract = {
            name: ledger.filter(ledger["contract"].eq_missing(name))["amount"].sum() for name in ("frame", None)
        }
        assert by_contract == {"frame": 1000.0, None: 1000.0}

    def test_an_index_raises_what_is_ordered_after_its_base(self) -> None:
        indices = [
            {"index": "steel", "date": day("2025-06-01"), "value": 80.0},
            {"index": "steel", "date": day("2026-01-15"), "value": 84.0},
        ]
        rows = pumps(price_indices=indices)
        rows["supplies"][0] |= {"price_index": "steel", "index_base": day("2025-12-01")}
        # 1,000 x (84 / 80 - 1) = 50.
        assert lines(money_of(rows)["ledger"], "paid", "of", "entity", "amount", kind="indexation") == [
            ("2026-02-01", "purchase", "gears", 50.0)
        ]

    def test_a_payment_in_another_currency_takes_the_rate_of_its_day(self) -> None:
        rates = [
            {"currency": "USD", "date": day("2025-12-01"), "rate": 0.8},
            {"currency": "USD", "date": day("2026-01-20"), "rate": 0.9},
        ]
        rows = pumps(exchange_rates=rates)
        rows["supplies"][0]["currency"] = "USD"
        # 1,000 USD: 800 EUR in the plan, at the rate of the start; 900 on 1 February.
        assert lines(money_of(rows)["ledger"], "kind", "of", "amount", entity="gears") == [
            ("exchange", "purchase", 100.0),
            ("purchase", None, 800.0),
        ]


class TestBuyers:
    TERMS = (
        {"terms": "split", "line": 1, "event": "order", "share": 0.3},
        {"terms": "split", "line": 2, "event": "delivery", "share": 0.7, "lag_days": 30.0},
    )

    def test_buyers_pay_at_signature_and_after_delivery(self) -> None:
        about = contract(funds=None, payment_terms="split", value=2000.0, signed=day("2026-01-10"))
        money = money_of(pumps(payment_terms=self.TERMS, contracts=[about]))
        # 30 % of 2,000; 70 % thirty days after 31 July.
        assert lines(money["ledger"], "paid", "from_account", "to_account", "amount", kind="payment") == [
            ("2026-01-10", "buyer", "maker", 600.0),
            ("2026-08-30", "buyer", "maker", 1400.0),
        ]
        # The maker has 600 when it pays 1,000, and 500 less than nothing with the work.
        assert lines(money["cash_gaps"], "first", "gap", "deepest", "suffices", kind="costs") == [
            ("2026-02-01", 500.0, "2026-07-31", "2026-08-30")
        ]

    def test_payments_follow_the_index_of_the_contract_and_the_rate_of_the_day(self) -> None:
        about = contract(
            funds=None, payment_terms="split", value=2000.0, currency="USD", signed=day("2026-01-10"), price_index="pay"
        )
        rows = pumps(
            payment_terms=self.TERMS,
            contracts=[about],
            price_indices=[
                {"index": "pay", "date": day("2026-01-01"), "value": 100.0},
                {"index": "pay", "date": day("2026-07-01"), "value": 103.0},
            ],
            exchange_rates=[
                {"currency": "USD", "date": day("2026-01-01"), "rate": 0.9},
                {"currency": "USD", "date": day("2026-08-15"), "rate": 0.8},
            ],
        )
        # 600 x 1 x 0.9; 1,400 x 1.03 (of the delivery on 31 July) x 0.8 (of the payment on 30 August).
        assert lines(money_of(rows)["ledger"], "paid", "amount", kind="payment") == [
            ("2026-01-10", 540.0),
            ("2026-08-30", 1153.6),
        ]

    def test_the_contractor_passes_on_the_share_of_a_subcontractor(self) -> None:
        rows = pumps(
            payment_terms=self.TERMS,
            contracts=[contract(funds=None, payment_terms="split", value=2000.0, signed=day("2026-01-10"))],
            subcontracts=[{"contract": "frame", "party": "helper", "share": 0.25}],
        )
        assert lines(money_of(rows)["ledger"], "paid", "to_account", "amount", kind="passed_on") == [
            ("2026-01-10", "helper", 150.0),
            ("2026-08-30", "helper", 350.0),
        ]

    @pytest.mark.parametrize(("limit", "owed"), [(None, 300.0), (0.1, 100.0)])
    def test_damages_are_owed_by_the_day_up_to_their_limit(self, limit: float | None, owed: float) -> None:
        rows = pumps(contracts=[contract(funds=None, value=1000.0, damages_per_day=0.01, damages_limit=limit)])
        rows["demands"][0] |= {"due": day("2026-08-10"), "earliest": None}
        rows["processes"][0]["start_from"] = day("2026-09-01")
        # Due in August, made in September: 30 days from the end of one to the end of the other. 1 % x 30 x 1,000 = 300,
        # or 10 % of the value.
        assert lines(money_of(rows)["ledger"], "paid", "from_account", "to_account", "amount", kind="damages") == [
            ("2026-09-30", "maker", "buyer", owed)
        ]


class TestFunds:
    def test_an_advance_that_comes_after_a_long_order_leaves_a_gap(self) -> None:
        late = fund(agreed=day("2026-06-01"), prefinancing=1.0, prefinancing_requested="yes")
        money = money_of(funded(late))
        assert lines(money["fund_draws"], "due", "how", "arrives", "amount") == [
            ("2026-02-01", "advance", "2026-06-01", 1000.0),
            ("2026-07-31", "advance", "2026-06-01", 100.0),
        ]
        gap = lines(money["cash_gaps"], "first", "gap", "suffices", "uncovered", "bridged", "meanwhile", kind="costs")
        assert gap == [("2026-02-01", 1000.0, "2026-06-01", 0.0, False, "purchase gears 1,000.00, 2026-02-01")]

    def test_two_requests_a_year_with_sixty_days_pay_after_the_summer(self) -> None:
        money = money_of(funded(fund(requests_per_year=2, assessment_days=60.0)))
        # Requests on 1 July and 1 January; 60 days later are 30 August and 2 March. The work of July misses the first.
        assert lines(money["fund_draws"], "due", "requested", "arrives", "amount") == [
            ("2026-02-01", "2026-07-01", "2026-08-30", 1000.0),
            ("2026-07-31", "2027-01-01", "2027-03-02", 100.0),
        ]
        # 1,000 from February, 1,100 for the month of August.
        assert lines(money["cash_gaps"], "first", "deepest", "gap", "suffices", kind="costs") == [
            ("2026-02-01", "2026-07-31", 1100.0, "2027-03-02")
        ]

    def test_bridging_costs_its_interest_until_the_money_is_there(self) -> None:
        late = fund(agreed=day("2026-06-01"), prefinancing=1.0, prefinancing_requested="yes")
        money = money_of(funded(late, bridging="yes", bridging_rate=0.073))
        # 1,000 x 7.3 % x 120 / 365 days from 1 February to 1 June.
        assert lines(money["ledger"], "paid", "amount", kind="bridging_interest") == [("2026-06-01", 24.0)]
        assert lines(money["cash"], "month", "closing", kind="party", account="maker") == [
            ("2026-02-01", 0.0),
            ("2026-06-01", -24.0),
            ("2026-07-01", -24.0),
        ]

    def test_a_grant_of_35_percent_goes_first_and_a_loan_pays_the_rest(self) -> None:
        loan = fund(fund="loan", kind="loan", amount=600.0, maturity_years=3.0, grace_years=1.0, rate=0.04)
        money = money_of(funded(fund(share_of_cost=0.35), loan))
        # The grant pays 350 of 1,000 and 35 of 100, the loan its 600; 1,100 - 985 = 115 are left.
        use = dict(lines(money["fund_use"], "fund", "amount"))
        assert use == {"grant": 385.0, "loan": 600.0}
        assert lines(money["cash_gaps"], "owed", "covered", "uncovered", kind="costs") == [(1100.0, 985.0, 115.0)]

    def test_of_two_loans_the_cheaper_is_drawn(self) -> None:
        dear = fund(fund="dear", kind="loan", maturity_years=10.0, rate=0.05)
        cheap = fund(fund="cheap", kind="loan", amount=700.0, maturity_years=10.0, rate=0.02)
        money = money_of(funded(dear, cheap))
        # Each unit drawn in February bears half a year more: the cheap one is used up there.
        assert lines(money["fund_draws"], "fund", "due", "amount") == [
            ("cheap", "2026-02-01", 700.0),
            ("dear", "2026-02-01", 300.0),
            ("dear", "2026-07-31", 100.0),
        ]

    def test_a_budget_of_the_year_moves_what_it_does_not_cover_to_the_next(self) -> None:
        rows = funded(fund(requests_per_year=4))
        rows["fund_budgets"] = [{"fund": "grant", "year": 2026, "amount": 600.0}]
        money = money_of(rows)
        # What waits for 2027 may be of either claim; that of July waits for less long: 100 of it, and 400 of February.
        assert lines(money["fund_draws"], "due", "arrives", "amount") == [
            ("2026-02-01", "2026-04-01", 600.0),
            ("2026-02-01", "2027-01-01", 400.0),
            ("2026-07-31", "2027-01-01", 100.0),
        ]

    def test_a_fund_pays_only_its_types_of_cost_and_inside_its_time(self) -> None:
        assert money_of(funded(fund(cost_types="maintenance")))["fund_draws"].is_empty()
        ended = money_of(funded(fund(available_until=day("2026-06-30"))))
        assert lines(ended["fund_draws"], "due", "amount") == [("2026-02-01", 1000.0)]

    def test_an_amount_in_another_currency_counts_at_the_rate_of_its_day(self) -> None:
        rows = funded(fund(amount=1000.0, currency="USD"))
        rows["exchange_rates"] = [
            {"currency": "USD", "date": day("2025-01-01"), "rate": 0.5},
            {"currency": "USD", "date": day("2026-03-01"), "rate": 0.8},
        ]
        # In February 1,000 USD are 500 EUR; of the 100 EUR of July, 125 USD at 0.8, nothing is left if February takes
        # all. Kept for July, 125 USD would have been 62.50 EUR of February: the most that can be covered is 537.50.
        assert lines(money_of(rows)["fund_draws"], "due", "amount") == [("2026-02-01", 437.5), ("2026-07-31", 100.0)]


class TestLoans:
    def test_a_loan_is_repaid_in_equal_parts_after_the_grace(self) -> None:
        loan = fund(
            fund="loan", kind="loan", amount=1200.0, prefinancing=1.0, prefinancing_requested="yes", maturity_years=5.0,
            grace_years=2.0, rate=0.03,
        )  # fmt: skip
        money = money_of(funded(loan))
        # 1,200 from 1 January 2026: 36 a year; 400 back in 2029, 2030 and 2031. 2028 has 366 days:
        # 36 x 366 / 365 = 36.0986; then 800 x 3 % = 24 and 400 x 3 % = 12.
        assert lines(money["repayments"], "date", "owed", "interest", "principal", "left") == [
            ("2027-01-01", 1200.0, 36.0, 0.0, 1200.0),
            ("2028-01-01", 1200.0, 36.0, 0.0, 1200.0),
            ("2029-01-01", 1200.0, 36.1, 400.0, 800.0),
            ("2030-01-01", 800.0, 24.0, 400.0, 400.0),
            ("2031-01-01", 400.0, 12.0, 400.0, 0.0),
        ]

    def test_a_loan_without_maturity_bears_interest_to_the_end_of_the_plan(self) -> None:
        loan = fund(
            fund="loan", kind="loan", amount=1000.0, prefinancing=1.0, prefinancing_requested="yes", rate=0.0365
        )
        # 0.10 a day: 365 days to 1 January 2027, 180 to 30 June.
        assert lines(money_of(funded(loan))["repayments"], "date", "interest", "left") == [
            ("2027-01-01", 36.5, 1000.0),
            ("2027-06-30", 18.0, 1000.0),
        ]


class TestContributions:
    def test_what_each_party_puts_in_and_gets_back(self) -> None:
        rows = funded(fund(amount=800.0), product_value=150.0)
        found = money_of(rows)["contributions"]
        # The grant of the buyer pays 800 of 1,100, the maker the rest; the work is its own; the supplier is paid 1,000.
        columns = ("party", "from_funds", "own", "paid", "received", "work", "units", "value", "share_money")
        assert lines(found, *columns)[:3] == [
            ("buyer", 800.0, 0.0, 0.0, 0.0, 0.0, 10.0, 1500.0, pytest.approx(800 / 1100)),
            ("maker", 0.0, 300.0, 1100.0, 0.0, 100.0, 0.0, 0.0, pytest.approx(300 / 1100)),
            ("supplier", 0.0, 0.0, 0.0, 1000.0, 0.0, 0.0, 0.0, 0.0),
        ]
