"""Random programmes with contracts that keep to a budget or wait for cash, and funds that may reach."""

from __future__ import annotations

from typing import Any

import numpy as np
from money_programmes import Rows, random_money


def random_cash(seed: int) -> Rows:
    """Return the random programme with money in which some contracts keep to it that belongs to a seed."""
    rows = random_money(seed)
    rng = np.random.default_rng(seed + 99_000)

    def one(*options: Any) -> Any:
        return options[int(rng.integers(len(options)))]

    start = rows["programme"][0]["start"]
    rows["payment_terms"] += [
        {"terms": "known", "line": 1, "event": "order", "share": 0.5},
        {"terms": "known", "line": 2, "event": "date", "share": 0.2, "date": start},
        {"terms": "known", "line": 3, "event": "delivery", "share": 0.3, "lag_days": 9.0},
    ]
    for contract in rows["contracts"]:
        contract["plan_keeps"] = one("cash", "cash", "budget", "nothing")
        terms = one(None, None, "known")
        contract["funds"] = contract["funds"] or (None if terms and contract["plan_keeps"] == "cash" else "budget")
        contract |= {"payment_terms": terms, "signed": contract["signed"] or start}
        contract["own_cash"] = one(0.0, 0.0, 300.0)
    for fund in rows["funds"]:
        fund |= {"agreed": one(fund["agreed"], start), "available_from": start, "share_of_cost": one(1.0, 1.0, 0.6)}
        fund |= {"prefinancing": one(0.15, 0.6, 1.0), "requests_per_year": one(None, 4, 12)}
        fund |= {"cost_types": one(None, None, "purchase; investment"), "amount": fund["amount"] * one(1, 3)}
    for name in ("holding_cost",):
        for row in rows["stocks"]:
            row[name] = one(row.get(name), 0.0)
    return rows
