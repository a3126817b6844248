"""The books: whole cents, cash by account and month, contributions, gaps."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from ...tables.finance_results import COSTS
from ..judge import Rule
from ..report import Check
from .case import MoneyCase, Rates, Row, in_cents, names, right, same

CENTS = Rule("A722", "Every posting is in whole cents, between known accounts, under a number of its own", "postings")
CASH = Rule(
    "A723", "Cash of every fund, party and month: opening and payments in are payments out and balance", "cells"
)
GAPS = Rule("A724", "Gaps of cash follow from the postings", "cells")
GIVEN = Rule("A725", "What each party puts in and gets back is the sum of its postings", "cells")
PAID = (*COSTS, "indexation", "exchange", "payment", "passed_on", "damages", "bridging_interest")


def checks(case: MoneyCase) -> Iterator[Check]:
    """Yield the checks."""
    yield right(CENTS, _postings(case))
    yield same(CASH, *_cash(case))
    yield same(GAPS, *_gaps(case))
    yield same(GIVEN, *_contributions(case))


def _postings(case: MoneyCase) -> dict[str, bool]:
    known: dict[str, set[Any]] = {
        "fund": set(case.tables["funds"]["fund"]),
        "party": {*case.tables["parties"]["party"], None},
        "outside": {None},
    }
    return {
        f"posting {row['posting']}": abs(row["amount"] * 100 - row["cents"]) > 1e-3
        or row["posting"] != number
        or row["cents"] == 0
        or any(row[f"{side}_account"] not in known[row[f"{side}_kind"]] for side in ("from", "to"))
        for number, row in enumerate(case.ledger)
    }


def _cash(case: MoneyCase) -> tuple[dict[Any, int], dict[Any, int]]:
    """Return the cells of the table `cash`, and what they should be."""
    flows: dict[Any, dict[datetime, list[int]]] = {}
    for row in case.ledger:
        for side, place in (("to", 0), ("from", 1)):
            if row[f"{side}_kind"] != "outside":
                account = (row[f"{side}_kind"], row[f"{side}_account"])
                flows.setdefault(account, {}).setdefault(row["paid"].replace(day=1), [0, 0])[place] += row["cents"]
    expected: dict[Any, int] = {}
    for account, months in flows.items():
        balance = 0
        for month in sorted(months):
            received, spent = months[month]
            cells = {"opening": balance, "received": received, "spent": spent, "closing": balance + received - spent}
            expected |= {(*account, month, name): cents for name, cents in cells.items()}
            balance = cells["closing"]
    seen = {
        (row["kind"], row["account"], row["month"], name): in_cents(row[name])
        for row in case.money["cash"].iter_rows(named=True)
        for name in ("opening", "received", "spent", "closing")
    }
    return seen, expected


def _gaps(case: MoneyCase) -> tuple[dict[Any, int], dict[Any, int]]:
    """Return the amounts and days of the table `cash_gaps`, and what they should be; days as ordinals."""
    expected: dict[Any, int] = {}
    for kind, account, owed, got in _accounts(case):
        expected |= {(kind, account, name): value for name, value in _gap(owed, got).items()}
    seen: dict[Any, int] = {}
    for row in case.money["cash_gaps"].iter_rows(named=True):
        key = (row["kind"], row["account"])
        seen |= {(*key, name): in_cents(row[name]) for name in ("owed", "covered", "uncovered", "gap")}
        seen |= {(*key, name): _ordinal(row[name]) for name in ("first", "deepest", "suffices")}
    return seen, expected


def own_cash(case: MoneyCase, contract: Row) -> Row:
    """Return the money that a contractor has from the start, as if it had been paid before."""
    worth = contract["own_cash"] * Rates(case.tables).rate(contract["currency"], case.tables.programme.start)
    return {"paid": datetime.min, "cents": in_cents(worth)}


def _accounts(case: MoneyCase) -> Iterator[tuple[str, str | None, list[Row], list[Row]]]:
    """Yield kind, account, what is owed and what comes in."""
    for name, contract in case.rows("contracts").items():
        own = [row for row in case.ledger if row["contract"] == name]
        costs = [row for row in own if row["kind"] in (*COSTS, "indexation", "exchange")]
        draws = [row for row in own if row["kind"] == "draw"]
        paid = [row for row in own if row["kind"] == "payment"]
        lost = [{**row, "cents": -row["cents"]} for row in own if row["kind"] == "damages"]
        if contract["payment_terms"] is None:
            yield "costs", name, costs, draws
        else:
            yield "costs", name, costs, [*paid, *lost, own_cash(case, contract)]
            if names(contract["funds"]):
                yield "payments", name, paid, draws
    inside = [
        row for row in case.ledger
        if not (row["kind"] in ("interest", "repayment") and row["paid"] > case.end)
        and row["kind"] not in ("bridging", "bridging_repaid")
    ]  # fmt: skip
    for party in {*case.tables["parties"]["party"], None}:
        out = [row for row in inside if row["from_kind"] == "party" and row["from_account"] == party]
        yield "party", party, out, [row for row in inside if row["to_kind"] == "party" and row["to_account"] == party]


def _gap(owed: list[Row], got: list[Row]) -> dict[str, int]:
    """Return the cells of one gap; nothing where money is never missing."""
    by_day: dict[datetime, int] = {}
    for sign, rows in ((-1, owed), (1, got)):
        for row in rows:
            by_day[row["paid"]] = by_day.get(row["paid"], 0) + sign * row["cents"]
    balance, standing = 0, {}
    for on in sorted(by_day):
        balance += by_day[on]
        standing[on] = balance
    if min(standing.values(), default=0) >= 0:
        return {}
    depth = min(standing.values())
    deepest = next(on for on, cents in standing.items() if cents == depth)
    total, came = sum(row["cents"] for row in owed), sum(row["cents"] for row in got)
    return {
        "owed": total, "covered": min(came, total), "uncovered": max(total - came, 0), "gap": -depth,
        "first": _ordinal(next(on for on, cents in standing.items() if cents < 0)), "deepest": _ordinal(deepest),
        "suffices": _ordinal(next((on for on, cents in standing.items() if on > deepest and cents >= 0), None)),
    }  # fmt: skip


def _ordinal(moment: datetime | None) -> int:
    return 0 if moment is None else moment.toordinal()


def _contributions(case: MoneyCase) -> tuple[dict[Any, int], dict[Any, int]]:
    holders = {name: row["holder"] for name, row in case.rows("funds").items()}
    sums: dict[Any, int] = {}

    def add(party: object, column: str, cents: int) -> None:
        sums[party, column] = sums.get((party, column), 0) + cents

    for row in case.ledger:
        payer = row["from_account"] if row["from_kind"] == "party" else ...
        payee = row["to_account"] if row["to_kind"] == "party" else ...
        if row["kind"] == "draw":
            add(holders[row["from_account"]], "from_funds", row["cents"])
            add(row["to_account"], "drawn", row["cents"])
        elif row["kind"] in PAID:
            add(payer, "paid", row["cents"])
            add(payee, "received", row["cents"])
        elif row["kind"] in ("interest", "repayment"):
            add(payer, "interest" if row["kind"] == "interest" else "repaid", row["cents"])
        if row["kind"] in ("process", "setup", "resource", "overtime"):
            add(payer, "work", row["cents"])
    seen: dict[Any, int] = {}
    for row in case.money["contributions"].iter_rows(named=True):
        columns = ("from_funds", "drawn", "paid", "received", "interest", "repaid", "work", "own", "money_in")
        seen |= {(row["party"], name): in_cents(row[name]) for name in columns}
        own = max(
            sum(
                sign * sums.get((row["party"], name), 0)
                for sign, name in ((1, "paid"), (-1, "drawn"), (-1, "received"))
            ),
            0,
        )
        sums |= {
            (row["party"], "own"): own,
            (row["party"], "money_in"): own + sums.get((row["party"], "from_funds"), 0),
        }
    return seen, {key: cents for key, cents in sums.items() if key[0] is not ...}
