"""Small results about contracts and funds: one contract with two loans, one paid from a grant and a loan."""

from __future__ import annotations

from datetime import datetime

from eligible_programme import BASE, DAYS, programme
from money_programmes import planned, pumps

from coproduce import api
from coproduce.results.funding import FundingResult

# The second loan runs for longer than the 45 years that Art 10(2) allows; all else is that of the first.
SECOND = {f"funds.second.{column}": value for column, value in BASE["funds"]["loan"].items()}
TWO_LOANS = SECOND | {"funds.second.maturity_years": "46", "contracts.c.funds": "loan; second"}
OPEN = {"contracts.c.contractor": ""}


def judged(changes: dict[str, str]) -> FundingResult:
    """Return what is found about the contract of a changed programme, without a plan."""
    return api.fund(programme(changes), as_of=DAYS["SAFE"])


def paid() -> FundingResult:
    """Return a plan of costs of 1,100, of which a grant pays 385 and a loan 600 (see the tests of money by hand)."""
    start = datetime(2026, 1, 1)
    about = {"instrument": "own", "holder": "buyer", "agreed": start}
    grant = about | {"fund": "grant", "kind": "grant", "amount": 5000.0, "share_of_cost": 0.35}
    loan = about | {
        "fund": "loan",
        "kind": "loan",
        "amount": 600.0,
        "maturity_years": 3.0,
        "grace_years": 1.0,
        "rate": 0.04,
    }
    frame = {"contract": "frame", "buyers": "buyer", "contractor": "maker", "funds": "grant; loan"}
    plan = planned(pumps(funds=[grant, loan], contracts=[frame]))
    return api.fund(plan.tables, plan)
