"""Contracts, subcontractors, ownership and terms of payment: that they agree with themselves and with the demands."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import polars as pl

from ..errors import Problem
from ..read.names import did_you_mean
from .view import View

_SLACK = 1e-9
"""Shares that add up to a whole within this count as whole: thirds are written with few digits."""


def overfull_ownership(view: View) -> Iterator[Problem]:
    """Report parties of which more than the whole is owned at some time: at the row with which it becomes too much."""
    if not view.is_sound("ownership"):
        return
    for (party,), rows in view["ownership"].drop_nulls("share").group_by("party", maintain_order=True):
        held = rows.to_dicts()
        for day in sorted({each["start"] or datetime.min for each in held}):
            known = [each for each in held if _holds(each, day)]
            total = sum(each["share"] for each in known)
            if total > 1 + _SLACK:
                last = known[-1]
                when = "" if day == datetime.min else f" from {day:%Y-%m-%d} on"
                message = f'{total:.6g} of "{party}" is owned{when}, more than the whole'
                yield view.problem("E701", "ownership", last["row"], "share", message, seen=last["share"])
                break


def _holds(row: dict[str, Any], day: datetime) -> bool:
    return (row["start"] is None or row["start"] <= day) and (row["end"] is None or day < row["end"])


def circular_rows(view: View) -> Iterator[Problem]:
    """Report parties that own or control themselves."""
    for row, party in view["ownership"].filter(pl.col("party") == pl.col("owner")).select("row", "party").iter_rows():
        yield view.problem("E702", "ownership", row, "owner", f'"{party}" is said to own itself', seen=party)
    own = view["parties"].filter(pl.col("party") == pl.col("controller"))
    for row, party in own.select("row", "party").iter_rows():
        yield view.problem("E702", "parties", row, "controller", f'"{party}" is said to control itself', seen=party)


def uneven_terms(view: View) -> Iterator[Problem]:
    """Report terms of payment whose shares do not add up to the whole, at their last row."""
    if not view.is_sound("payment_terms"):
        return
    sums = view["payment_terms"].group_by("terms", maintain_order=True).agg(pl.col("share").sum(), pl.col("row").last())
    for terms, total, row in sums.filter((pl.col("share") - 1).abs() > _SLACK).iter_rows():
        message = f'the shares of the terms "{terms}" add up to {total:.6g}, not to 1'
        yield view.problem("E703", "payment_terms", row, "share", message, seen=f"{total:.6g}", expected=1)


def overfull_contracts(view: View) -> Iterator[Problem]:
    """Report contracts whose subcontractors have more than the whole, at the row with which it becomes too much."""
    if not view.is_sound("subcontracts"):
        return
    rows = view["subcontracts"].with_columns(total=pl.col("share").fill_null(0.0).cum_sum().over("contract"))
    too_much = rows.filter(pl.col("total") > 1 + _SLACK).group_by("contract", maintain_order=True).first()
    for row, contract, total in too_much.select("row", "contract", "total").iter_rows():
        message = f'the subcontractors of "{contract}" have {total:.6g} of its value, more than the whole'
        yield view.problem("E704", "subcontracts", row, "share", message, seen=f"{total:.6g}")


def unknown_contracts(view: View) -> Iterator[Problem]:
    """Report demands that name a contract which does not exist, where there are contracts."""
    contracts = view["contracts"]["contract"].drop_nulls().to_list()
    if not contracts or not view.is_sound("contracts"):
        return
    named = view["demands"].filter(~pl.col("contract").is_in(contracts))
    for row, contract in named.select("row", "contract").iter_rows():
        hint = did_you_mean(contract, contracts)
        message = f'contract "{contract}" is unknown: the table contracts does not have it'
        yield view.problem("E705", "demands", row, "contract", message, seen=contract, hint=hint)


def bare_contracts(view: View) -> Iterator[Problem]:
    """Report contracts that name no buyer, or order nothing."""
    if not view.is_sound("contracts", "demands"):
        return
    asked = set(view["demands"]["contract"].drop_nulls())
    for row, contract, buyers, item in view["contracts"].select("row", "contract", "buyers", "item").iter_rows():
        if buyers is None:
            yield view.problem("W701", "contracts", row, "buyers", f'contract "{contract}" names no buyer')
        if item is None and contract not in asked:
            message = f'contract "{contract}" orders nothing: no demand names it, and it has no item'
            yield view.problem("W702", "contracts", row, "contract", message, seen=contract)


def late_signatures(view: View) -> Iterator[Problem]:
    """Report contracts signed after the last of their demands is due."""
    if not view.is_sound("contracts", "demands"):
        return
    last = view["demands"].group_by("contract").agg(pl.col("due").max())
    rows = view["contracts"].join(last, on="contract", how="inner").filter(pl.col("signed") > pl.col("due")).sort("row")
    for row, contract, signed, due in rows.select("row", "contract", "signed", "due").iter_rows():
        message = (
            f'contract "{contract}" is signed on {signed:%Y-%m-%d}, after its last demand is due on {due:%Y-%m-%d}'
        )
        yield view.problem("W703", "contracts", row, "signed", message, seen=f"{signed:%Y-%m-%d}")


def groundless_categories(view: View) -> Iterator[Problem]:
    """Report categories without a basis."""
    if ("contracts", "category_basis") in view.flawed:
        return
    bare = view["contracts"].filter(pl.col("category").is_not_null() & pl.col("category_basis").is_null())
    for row, contract, category in bare.select("row", "contract", "category").iter_rows():
        message = f'nothing says why "{contract}" is of category {category}'
        yield view.problem("W704", "contracts", row, "category_basis", message)


def own_subcontractors(view: View) -> Iterator[Problem]:
    """Report subcontractors that are the contractor itself."""
    contractors = view["contracts"].select("contract", "contractor")
    rows = view["subcontracts"].join(contractors, on="contract", how="inner", maintain_order="left")
    own = rows.filter(pl.col("party") == pl.col("contractor"))
    for row, party, contract in own.select("row", "party", "contract").iter_rows():
        message = f'"{party}" is the contractor of "{contract}" and not its subcontractor'
        yield view.problem("W705", "subcontracts", row, "party", message, seen=party)
