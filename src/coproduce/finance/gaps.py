"""Where money is owed before it is there: first day, depth, and the day on which it suffices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

import polars as pl

from ..money.cents import cents
from ..money.contracts import Contract
from ..money.dated import ALWAYS
from ..tables import FINANCE_TABLES
from ..tables.finance_results import COSTS
from .cash import movements
from .postings import cents_of, in_units

PRICED = (*COSTS, "indexation", "exchange")
NAMED = 3
"""So many of the largest costs are named."""


def cash_gaps(ledger: pl.DataFrame, known: Mapping[str, Contract], end: datetime) -> pl.DataFrame:
    """Return the table `cash_gaps`; `end` is the last day of the plan."""
    rows = [*_of_contracts(ledger, known), *_of_parties(ledger, end)]
    return pl.DataFrame(
        rows, schema=dict(FINANCE_TABLES["cash_gaps"].empty().schema), orient="row", infer_schema_length=None
    )


def _of_contracts(ledger: pl.DataFrame, known: Mapping[str, Contract]) -> Iterator[tuple[object, ...]]:
    for contract in known.values():
        own = ledger.filter(pl.col("contract") == contract.name)
        interest = int(own.filter(pl.col("kind") == "bridging_interest")["cents"].sum())
        costs, draws = own.filter(pl.col("kind").is_in(PRICED)), own.filter(pl.col("kind") == "draw")
        paid = own.filter(pl.col("kind") == "payment")
        lost = own.filter(pl.col("kind") == "damages").with_columns(cents=-pl.col("cents"))
        if not contract.terms:
            yield from _gap("costs", contract.name, costs, draws, contract.bridging, interest)
            continue
        yield from _gap("costs", contract.name, costs, pl.concat([paid, lost, _own(contract, paid)]), False, 0)
        if contract.funds:
            yield from _gap("payments", contract.name, paid, draws, contract.bridging, interest)


def _own(contract: Contract, like: pl.DataFrame) -> pl.DataFrame:
    """Return the money that the contractor has from the start, as a row like others."""
    whole = pl.DataFrame({"paid": [ALWAYS], "cents": [cents(contract.own_cash)]})
    return pl.concat([like.clear(), whole.cast({"paid": like.schema["paid"]})], how="diagonal")


def _of_parties(ledger: pl.DataFrame, end: datetime) -> Iterator[tuple[object, ...]]:
    """Yield the gaps of parties; what is bridged counts as missing, and what is paid to itself not at all."""
    bridging = ("bridging", "bridging_repaid")
    sides = movements(ledger.filter(~pl.col("kind").is_in(bridging))).filter(pl.col("kind") == "party")
    served = pl.col("what").is_in(("interest", "repayment")) & (pl.col("paid") > end)
    names = ledger.select("posting", "entity").with_columns(pl.col("posting"))
    sides = sides.filter(~served).join(names, on="posting").sort("account", "posting", "spent")
    for (account,), own in sides.group_by("account", maintain_order=True):
        spent = own.filter(pl.col("spent") != 0).select("paid", "entity", kind="what", cents="spent")
        got = own.filter(pl.col("received") != 0).select("paid", cents="received")
        interest = int(spent.filter(pl.col("kind") == "bridging_interest")["cents"].sum())
        yield from _gap("party", account, spent, got, False, interest)


def _gap(
    kind: str, account: object, owed: pl.DataFrame, got: pl.DataFrame, bridged: bool, interest: int
) -> Iterator[tuple[object, ...]]:
    """Yield the row of one account, if money is ever missing."""
    flows = pl.concat([owed.select("paid", cents=-pl.col("cents")), got.select("paid", "cents")])
    balance = flows.group_by("paid").agg(pl.col("cents").sum()).sort("paid").with_columns(pl.col("cents").cum_sum())
    missing = balance.filter(pl.col("cents") < 0)
    if missing.is_empty():
        return
    first = missing["paid"][0]
    deepest, depth = missing.filter(pl.col("cents") == pl.col("cents").min()).select("paid", "cents").row(0)
    enough = balance.filter((pl.col("paid") > deepest) & (pl.col("cents") >= 0))["paid"]
    suffices = enough[0] if len(enough) else None
    total, covered = int(owed["cents"].sum()), int(got["cents"].sum())
    yield (
        kind, account, in_units(total), in_units(min(covered, total)), in_units(max(total - covered, 0)),
        first, deepest, in_units(-depth), suffices, bridged, in_units(interest), _meanwhile(owed, first, suffices),
    )  # fmt: skip


def _meanwhile(owed: pl.DataFrame, first: datetime, suffices: datetime | None) -> str:
    """Name the largest costs between the first missing cent and the day on which money suffices."""
    inside = owed.filter(pl.col("paid") >= first)
    if suffices is not None:
        inside = inside.filter(pl.col("paid") < suffices)
    largest = (
        inside.group_by("kind", "entity")
        .agg(pl.col("cents").sum(), since=pl.col("paid").min(), until=pl.col("paid").max())
        .sort("cents", "kind", "entity", descending=[True, False, False])
        .head(NAMED)
        .select("kind", "entity", "since", "until", amount=cents_of("cents"))
    )
    return "; ".join(
        f"{kind} {entity or ''}".strip()
        + f" {amount:,.2f}, {since:%Y-%m-%d}"
        + ("" if since == until else f" to {until:%Y-%m-%d}")
        for kind, entity, since, until, amount in largest.iter_rows()
    )
