"""The money of an audited plan as tables: from its costs and contracts to the ledger and what follows from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import polars as pl
from polars._typing import PolarsDataType

from ..money.contracts import Contract, contracts
from ..money.funds import Fund, funds
from ..tables import FINANCE_TABLES, Tables
from .allocation import Claim, Draw, allocation
from .cash import cash
from .contributions import contributions
from .costs import Prices, cost_postings
from .gaps import cash_gaps
from .loans import Repayment, schedule
from .payments import Posting, damages, deliveries, passed_on, payments
from .postings import cents_of, in_units, ledger, of_draws, of_loans, of_money_in
from .serving import Frames, serving
from .terms import horizon_end, payment_terms


def finance(tables: Tables, frames: Frames) -> dict[str, pl.DataFrame]:
    """Return the tables of money of an audited plan, those declared in `coproduce.tables.FINANCE_TABLES`.

    Parameters
    ----------
    tables : the checked programme
    frames : the result tables of its plan

    Raises
    ------
    LookupError
        if an exchange rate or an index is missing on a day; the checks of the input report that first.
    """
    prices, terms, end = Prices.of(tables), payment_terms(tables, frames), horizon_end(frames)
    known, held = contracts(tables), funds(tables, prices.rates)
    given = deliveries(frames)
    costs = cost_postings(tables, frames, serving(tables, frames), terms, prices)
    paid = list(payments(known, given, terms, prices, _started(costs), tables.programme.start))
    owed = [*paid, *passed_on(tables, paid), *damages(known, given, frames, prices)]
    claims = _claims(known, costs, paid)
    draws = allocation(claims, known, held, end)
    came = of_money_in(held, draws)
    loans = _loans(held, came, end)
    moved = [*owed, *came, *of_draws(draws, known), *of_loans(loans, held)]
    posted = ledger(costs, moved)
    found = {
        "ledger": posted,
        "cash": cash(posted),
        "fund_draws": _draws(draws),
        "fund_use": _use(draws),
        "repayments": _repayments(loans),
        "cash_gaps": cash_gaps(posted, known, end),
        "contributions": contributions(tables, frames, posted, known),
    }
    return {name: _declared(name, frame) for name, frame in found.items()}


def _started(costs: pl.DataFrame) -> dict[str, datetime]:
    """Return the day of the first cost of every contract."""
    rows = costs.filter(pl.col("contract").is_not_null()).group_by("contract").agg(pl.col("arises").min())
    return dict(rows.iter_rows())


def _claims(known: Mapping[str, Contract], costs: pl.DataFrame, paid: Sequence[Posting]) -> list[Claim]:
    """Return what funds may pay: payments of the buyers where a contract has terms of payment, else its costs."""
    own = [contract.name for contract in known.values() if contract.funds and not contract.terms]
    rows = costs.filter(pl.col("contract").is_in(own)).group_by("contract", "cost_type", "from_account", "paid").agg(
        pl.col("cents").sum()
    )  # fmt: skip
    found = [Claim(*row) for row in rows.iter_rows()]
    sums: dict[tuple[str, str, str | None, datetime], int] = {}
    for one in paid:
        contract = known[one.contract or ""]
        if contract.funds:
            key = (contract.name, contract.cost_type, one.from_account, one.paid)
            sums[key] = sums.get(key, 0) + one.cents
    found += [Claim(*key, cents) for key, cents in sums.items()]
    return sorted(
        (claim for claim in found if claim.cents > 0),
        key=lambda claim: (claim.due, claim.contract, claim.cost_type, claim.party or ""),
    )


def _loans(held: Mapping[str, Fund], came: Sequence[Posting], end: datetime) -> list[Repayment]:
    """Return how every loan is served."""
    drawn: dict[str, dict[datetime, int]] = {name: {} for name in held}
    for posting in came:
        by_day = drawn[posting.fund or ""]
        by_day[posting.paid] = by_day.get(posting.paid, 0) + posting.cents
    return [one for name, fund in held.items() for one in schedule(fund, drawn[name], end)]


def _draws(draws: Sequence[Draw]) -> pl.DataFrame:
    rows = [
        (one.fund, one.claim.contract, one.claim.cost_type, one.claim.party, one.claim.due, one.slot.how,
         one.slot.requested, one.slot.arrives, in_units(one.cents)) for one in draws
    ]  # fmt: skip
    ordered = pl.DataFrame(rows, schema=_schema("fund_draws"), orient="row")
    return ordered.sort("fund", "arrives", "due", "contract", "cost_type", "party", maintain_order=True)


def _use(draws: Sequence[Draw]) -> pl.DataFrame:
    """Return what is drawn by fund, contract, cost type and year."""
    rows = [(one.fund, one.claim.contract, one.claim.cost_type, one.on.year, one.cents) for one in draws]
    keys = ["fund", "contract", "cost_type", "year"]
    schema: dict[str, PolarsDataType] = {**{name: _schema("fund_use")[name] for name in keys}, "cents": pl.Int64()}
    sums = pl.DataFrame(rows, schema=schema, orient="row").group_by(keys).agg(pl.col("cents").sum()).sort(keys)
    return sums.select(*keys, amount=cents_of("cents"))


def _repayments(loans: Sequence[Repayment]) -> pl.DataFrame:
    rows = [
        (one.fund, one.on, in_units(one.owed), in_units(one.interest), in_units(one.principal), in_units(one.left))
        for one in loans
    ]
    return pl.DataFrame(rows, schema=_schema("repayments"), orient="row").sort("fund", "date")


def _schema(table: str) -> dict[str, pl.DataType]:
    return dict(FINANCE_TABLES[table].empty().schema)


def _declared(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Return a frame with the declared columns and types."""
    return frame.select(pl.col(name).cast(dtype) for name, dtype in _schema(table).items())
