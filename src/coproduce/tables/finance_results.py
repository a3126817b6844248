"""The result tables about money: the ledger, cash, what the funds pay, repayments, gaps and contributions."""

from __future__ import annotations

import dataframely as dy

from .columns import choice, date, flag, integer, label, number, text
from .funding import COST_TYPES

COSTS = ("process", "setup", "resource", "transport", "purchase", "option", "overtime", "holding")
"""Kinds of cost of the plan that are paid; lateness, write-offs and values of stock move no money."""

POSTINGS = (
    *COSTS, "indexation", "exchange", "payment", "passed_on", "damages", "advance", "claimed", "draw", "interest",
    "repayment", "bridging", "bridging_repaid", "bridging_interest",
)  # fmt: skip

ACCOUNTS = ("fund", "party", "outside")


class Ledger(dy.Schema):
    """Every payment: from one account to another, on a day, in whole cents of the programme's currency."""

    posting = integer("Number of the posting, by date", part_of_key=True)
    paid = date("Day of the payment", required=True)
    arises = date("Day on which it becomes owed: the order, the work, the delivery, the milestone", required=True)
    kind = choice(
        POSTINGS,
        "A kind of cost of the plan (see costs); indexation, exchange: what index and exchange rate add to it until it "
        "is paid; payment: buyers to the contractor; passed_on: contractor to subcontractors; damages: contractor to "
        "buyers; advance, claimed: money that comes into a fund; draw: out of the fund to who owes; interest, "
        "repayment: of a loan; bridging, bridging_repaid, bridging_interest: what is paid before the money is there",
        required=True,
    )
    entity = label(
        "What the cost is of: process, set-up group, resource, lane, supply, option, item/site; the demand delivered"
    )
    of = choice(COSTS, "Kind of cost that indexation and exchange belong to")
    contract = label("Contract that it serves; empty: none")
    fund = label("Fund that it concerns")
    cost_type = choice(COST_TYPES, "What a cost is for")
    from_kind = choice(ACCOUNTS, "Kind of account that pays", required=True)
    from_account = label("Fund or party that pays; empty: outside the programme, or no party is named")
    to_kind = choice(ACCOUNTS, "Kind of account that receives", required=True)
    to_account = label("Fund or party that receives; empty: outside the programme, or no party is named")
    amount = number("Amount; negative where indexation or exchange lowers a cost", "currency", required=True)


class Cash(dy.Schema):
    """Money of every fund and party by month; months without a payment are left out."""

    kind = choice(ACCOUNTS[:2], "Kind of account", required=True)
    account = label("Fund or party; empty: sites and suppliers without a party")
    month = date("First day of the month", required=True)
    opening = number("Balance before it; below zero: own money put in so far", "currency", required=True)
    received = number("Paid in", "currency", required=True)
    spent = number("Paid out", "currency", required=True)
    closing = number("Balance after it: opening + received - spent", "currency", required=True)


class FundDraws(dy.Schema):
    """What each fund pays of what is owed, and when its money is there."""

    fund = label("The fund", required=True)
    contract = label("The contract", required=True)
    cost_type = choice(COST_TYPES, "What the cost is for", required=True)
    party = label("Who owes it; empty: no party is named")
    due = date("Day on which it is owed", required=True)
    how = choice(
        ("advance", "request", "direct"),
        "advance: of the pre-financing; request: claimed with a payment request after it was paid; direct: the fund "
        "has no requests and pays as costs arise",
        required=True,
    )
    requested = date("Day of the payment request, or of the agreement for an advance", required=True)
    arrives = date("Day on which the money is there", required=True)
    amount = number("Amount", "currency", required=True)


class FundUse(dy.Schema):
    """What each fund pays by contract, cost type and calendar year of the payment."""

    fund = label("The fund", part_of_key=True)
    contract = label("The contract", part_of_key=True)
    cost_type = choice(COST_TYPES, "What the cost is for", required=True)
    year = integer("Calendar year", part_of_key=True, unit="year")
    amount = number("Drawn", "currency", required=True)


class Repayments(dy.Schema):
    """Interest and repayments of every loan, day by day."""

    fund = label("The loan", part_of_key=True)
    date = date("Day of the payment", part_of_key=True)
    owed = number("Owed before it", "currency", required=True)
    interest = number("Interest since the payment before", "currency", required=True)
    principal = number("Repaid", "currency", required=True)
    left = number("Owed after it", "currency", required=True)


class CashGaps(dy.Schema):
    """Where money is owed before it is there: by contract, and by party all contracts together."""

    kind = choice(
        ("costs", "payments", "party"),
        "costs: of a contract, against what funds or buyers pay for them; payments: of the buyers of a contract, "
        "against what funds pay for them; party: all that a party pays, against all that it receives, with what the "
        "end of the plan still leaves to come of funds",
        required=True,
    )
    account = label("The contract or the party; empty: no party is named")
    owed = number("Owed in all", "currency", required=True)
    covered = number("Of this, paid by funds or by the buyers", "currency", required=True)
    uncovered = number("Never covered: own money", "currency", required=True)
    first = date("Day from which money is missing", required=True)
    deepest = date("Day on which most is missing", required=True)
    gap = number("Most that is missing at once", "currency", required=True)
    suffices = date("First day after the deepest at which all that is owed so far is there; empty: never")
    bridged = flag("Whether bridging is allowed; otherwise the contract is not started before the money is there")
    bridging = number("Interest on what is bridged", "currency", required=True)
    meanwhile = text("What is owed most of until then: the largest costs, with their days and amounts")


class Contributions(dy.Schema):
    """What each party puts in and what it gets back."""

    party = label("The party; empty: no party is named")
    from_funds = number("Drawn from the funds that it holds, whoever owed it", "currency", required=True)
    own = number("Paid, less what was drawn for it and what it received; nothing where that is negative", "currency",
                 required=True)  # fmt: skip
    money_in = number("from_funds + own", "currency", required=True)
    paid = number("Paid for costs, to contractors and subcontractors, as damages and as interest on bridging",
                  "currency", required=True)  # fmt: skip
    drawn = number("Of this, drawn from funds", "currency", required=True)
    received = number("Received from buyers, contractors and as a supplier, and as damages", "currency", required=True)
    interest = number("Interest on loans that it holds, to their maturity", "currency", required=True)
    repaid = number("Repaid on loans that it holds, to their maturity", "currency", required=True)
    work = number("Cost of the work at its sites: processes, resources and overtime", "currency", required=True)
    units = number("Units delivered to it", "units", required=True)
    value = number("Value of these units, by the price of the contract", "currency", required=True)
    share_money = number("Its part of all the money in; empty where there is none", "share")
    share_work = number("Its part of all the work; empty where there is none", "share")
    share_value = number("Its part of the value of all units; empty where there is none", "share")
