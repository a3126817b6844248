"""The ledger: costs, payments, money of funds and loans as one list of postings between accounts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, replace
from operator import attrgetter

import polars as pl

from ..money.cents import PER_UNIT
from ..money.contracts import Contract
from ..money.days import YEAR_DAYS
from ..money.funds import Fund
from .allocation import Draw
from .loans import Repayment
from .payments import Posting

_COLUMNS = (
    "paid", "arises", "kind", "entity", "of", "contract", "fund", "cost_type", "from_kind", "from_account", "to_kind",
    "to_account", "cents",
)  # fmt: skip

_NAMES = tuple(field.name for field in fields(Posting))
_FIELDS = attrgetter(*_NAMES)


def in_units(cents: int) -> float:
    """Return cents in units of money."""
    return cents / PER_UNIT


def cents_of(column: str) -> pl.Expr:
    """Return the expression for cents in units of money."""
    return (pl.col(column) / PER_UNIT).round(2)


def of_money_in(funds: Mapping[str, Fund], draws: Sequence[Draw]) -> list[Posting]:
    """Return what comes into the funds: advances whole, and what is claimed, by day."""
    found = [
        Posting(
            "advance", fund.advance_slot.arrives, fund.agreed, fund.advance_cents, fund=fund.name,
            from_kind="outside", to_kind="fund", to_account=fund.name,
        )
        for fund in funds.values() if fund.advance_cents > 0
    ]  # fmt: skip
    claimed: dict[tuple[str, object, object], list[Draw]] = {}
    for draw in draws:
        if draw.slot.how != "advance":
            claimed.setdefault((draw.fund, draw.slot.arrives, draw.slot.requested), []).append(draw)
    for (fund_name, _, _), together in claimed.items():
        slot = together[0].slot
        found.append(
            Posting(
                "claimed", slot.arrives, slot.requested, sum(draw.cents for draw in together), fund=fund_name,
                from_kind="outside", to_kind="fund", to_account=fund_name,
            )
        )  # fmt: skip
    return found


def of_draws(draws: Sequence[Draw], known: Mapping[str, Contract]) -> Iterator[Posting]:
    """Yield what goes from funds to who owes, and what is bridged until then."""
    for draw in draws:
        claim, contract = draw.claim, known[draw.claim.contract]
        out = Posting(
            "draw", draw.on, claim.due, draw.cents, claim.contract, None, draw.fund, claim.cost_type,
            "fund", draw.fund, "party", claim.party,
        )  # fmt: skip
        yield out
        if contract.bridging and draw.on > claim.due:
            yield from _bridged(out, contract.bridging_rate)


def _bridged(draw: Posting, rate: float) -> Iterator[Posting]:
    """Yield what is lent from the day on which it is owed to that of the draw, with its interest."""
    yield replace(draw, kind="bridging", paid=draw.arises, from_kind="outside", from_account=None)
    back = replace(draw, from_kind="party", from_account=draw.to_account, to_kind="outside", to_account=None)
    yield replace(back, kind="bridging_repaid")
    if interest := round(draw.cents * rate * (draw.paid - draw.arises).days / YEAR_DAYS):
        yield replace(back, kind="bridging_interest", cents=interest)


def of_loans(loans: Sequence[Repayment], funds: Mapping[str, Fund]) -> Iterator[Posting]:
    """Yield what holders of loans pay."""
    for one in loans:
        for kind, amount in (("interest", one.interest), ("repayment", one.principal)):
            if amount:
                yield Posting(
                    kind, one.on, one.on, amount, fund=one.fund, from_account=funds[one.fund].holder, to_kind="outside"
                )


def ledger(costs: pl.DataFrame, moved: Sequence[Posting]) -> pl.DataFrame:
    """Return all postings, numbered by day; `costs` are those of the plan.

    A cost goes from the party of the site to the supplier, where one is named; the account without a name is that of
    sites without a party.
    """
    own = costs.with_columns(
        from_kind=pl.lit("party"),
        to_kind=pl.when(pl.col("to_account").is_null()).then(pl.lit("outside")).otherwise(pl.lit("party")),
        fund=pl.lit(None, pl.String),
    ).select(_COLUMNS)
    schema = {name: kind for name, kind in own.schema.items() if name != "of"}
    rows = pl.DataFrame([_FIELDS(one) for one in moved], schema={name: schema[name] for name in _NAMES}, orient="row")
    rows = rows.with_columns(of=pl.lit(None, pl.String)).select(_COLUMNS)
    order = [name for name in _COLUMNS if name != "cents"]
    both = pl.concat([own, rows]).sort(order, maintain_order=True)
    return both.with_row_index("posting").with_columns(amount=cents_of("cents"))
