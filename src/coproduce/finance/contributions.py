"""What each party puts in and what it gets back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from ..money.contracts import Contract
from ..tables import FINANCE_TABLES, Tables
from .gaps import PRICED
from .postings import in_units
from .serving import Frames

PAID = (*PRICED, "payment", "passed_on", "damages", "bridging_interest")
RECEIVED = PAID
WORK = ("process", "setup", "resource", "overtime")


def contributions(tables: Tables, frames: Frames, ledger: pl.DataFrame, known: Mapping[str, Contract]) -> pl.DataFrame:
    """Return the table `contributions`, a row for each declared party and one without a name where it has any."""
    holders = dict(tables["funds"].select("fund", "holder").iter_rows())
    drawn = ledger.filter(pl.col("kind") == "draw")
    by_holder = drawn.with_columns(
        holder=pl.col("from_account").replace_strict(holders, default=None, return_dtype=pl.String)
    )
    loans = ledger.filter(pl.col("kind").is_in(("interest", "repayment")))
    sums = {
        "from_funds": _sums(by_holder, "holder"),
        "paid": _sums(_of(ledger, PAID, "from"), "from_account"),
        "drawn": _sums(drawn, "to_account"),
        "received": _sums(_of(ledger, RECEIVED, "to"), "to_account"),
        "interest": _sums(loans.filter(pl.col("kind") == "interest"), "from_account"),
        "repaid": _sums(loans.filter(pl.col("kind") == "repayment"), "from_account"),
        "work": _sums(_work(ledger), "from_account"),
    }
    units, value = _delivered(tables, frames, known)
    named = list(dict.fromkeys([*tables["parties"]["party"], *(key for part in sums.values() for key in part), *units]))
    rows = [_row(party, sums, units, value) for party in named]
    return _shared(pl.DataFrame(rows, schema=dict(FINANCE_TABLES["contributions"].empty().schema)))


def _of(ledger: pl.DataFrame, kinds: tuple[str, ...], side: str) -> pl.DataFrame:
    return ledger.filter(pl.col("kind").is_in(kinds) & (pl.col(f"{side}_kind") == "party"))


def _work(ledger: pl.DataFrame) -> pl.DataFrame:
    return ledger.filter(pl.col("kind").is_in(WORK))


def _sums(rows: pl.DataFrame, by: str) -> dict[str | None, int]:
    return dict(rows.group_by(by, maintain_order=True).agg(pl.col("cents").sum()).iter_rows())


def _delivered(
    tables: Tables, frames: Frames, known: Mapping[str, Contract]
) -> tuple[dict[str | None, float], dict[str | None, float]]:
    """Return units and their value by customer, at the rates of the start."""
    from ..money.dated import exchange_rates

    rates, start = exchange_rates(tables), tables.programme.start
    priced = {
        order.demand: order.price * rates.at(order.currency, start) for one in known.values() for order in one.orders
    }
    own = {
        demand: price * rates.at(currency, start)
        for demand, price, currency in tables["demands"].select("demand", "price", "currency").iter_rows()
    }
    units: dict[str | None, float] = {}
    value: dict[str | None, float] = {}
    customers = tables["demands"].select("demand", "party")
    rows = frames["deliveries"].join(customers, on="demand").select("demand", "party", "quantity").sort("demand")
    for demand, party, quantity in rows.iter_rows():
        units[party] = units.get(party, 0.0) + quantity
        value[party] = value.get(party, 0.0) + quantity * priced.get(demand, own[demand])
    return units, value


def _row(
    party: str | None,
    sums: Mapping[str, Mapping[str | None, int]],
    units: Mapping[str | None, float],
    value: Mapping[str | None, float],
) -> dict[str, Any]:
    cents = {name: part.get(party, 0) for name, part in sums.items()}
    own = max(cents["paid"] - cents["drawn"] - cents["received"], 0)
    amounts = {**cents, "own": own, "money_in": cents["from_funds"] + own}
    return {
        "party": party, **{name: in_units(amount) for name, amount in amounts.items()},
        "units": units.get(party, 0.0), "value": round(value.get(party, 0.0), 2),
    }  # fmt: skip


def _shared(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the rows with their parts of the whole."""

    def part(column: str) -> pl.Expr:
        total = pl.col(column).sum()
        return pl.when(total > 0).then(pl.col(column) / total)

    return frame.with_columns(share_money=part("money_in"), share_work=part("work"), share_value=part("value"))
