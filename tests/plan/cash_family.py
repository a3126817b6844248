"""The tiny programme of contracts that wait for money, for the expected text of its block: two weeks."""

from __future__ import annotations

from agreed_families import programme, wanted, week

from coproduce.tables import Tables


def cash() -> Tables:
    """Return parts bought at a for contract c, which a fund pays, and at b for contract k, whose buyers pay."""
    return programme(
        programme=[{"name": "tiny", "currency": "EUR", "start": week(0), "buckets": "2 weeks"}],
        stocks=[],
        supplies=[
            {"supply": "near", "item": "part", "site": "a", "price": 8.0, "payment_terms": "half"},
            {"supply": "far", "item": "part", "site": "b", "price": 3.0},
        ],
        payment_terms=[
            {"terms": "half", "line": 1, "event": "order", "share": 0.5},
            {"terms": "half", "line": 2, "event": "delivery", "share": 0.5, "lag_days": 6.0},
            {"terms": "paid", "line": 1, "event": "order", "share": 0.2},
            {"terms": "paid", "line": 2, "event": "delivery", "share": 0.8},
        ],
        contracts=[
            {"contract": "c", "buyers": "p", "funds": "f", "plan_keeps": "cash", "bridging": "yes",
             "bridging_rate": 0.365},
            {"contract": "k", "buyers": "q", "contractor": "p", "signed": week(0), "payment_terms": "paid",
             "product_value": 10.0, "plan_keeps": "cash"},
        ],
        funds=[
            {"fund": "f", "instrument": "own", "holder": "p", "amount": 100.0, "agreed": week(6), "prefinancing": 0.3,
             "prefinancing_requested": "yes", "assessment_days": 2.0, "share_of_cost": 0.9,
             "cost_types": "purchase"}
        ],
        fund_budgets=[{"fund": "f", "year": 2026, "amount": 70.0}],
        demands=[wanted("d", 4.0, 10.0, contract="c"), {**wanted("e", 5.0, 12.0, contract="k"), "site": "b"}],
    )  # fmt: skip
