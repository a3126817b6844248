"""The tables of what became of the agreements: kept or not, what each costs, and how far goods travel."""

from __future__ import annotations

import dataframely as dy

from .columns import choice, date, flag, integer, label, number, text
from .funding import COST_TYPES

COSTED = ("share", "set", "fair_share", "export_floor", "reservation", "border", "transit_limit", "origin_limit")
KINDS = (*COSTED[:6], "transit_days", "transit_crossings", "origin_limit")


class Agreements(dy.Schema):
    """What the plan makes of every agreement; of several periods of one agreement, a row each or the tightest."""

    kind = choice(KINDS, "Kind of agreement", required=True)
    agreement = label("The share, set, rule, floor, reservation, border or limit", required=True)
    first = date("Start of the period", required=True)
    last = date("End of the period", required=True)
    unit = text("Unit of value and limits", required=True)
    value = number(
        "share: share of the work done; set: share of the set delivered; fair_share: largest difference between two "
        "customers; export_floor: domestic deliveries so far; reservation: load of all other processes; border: lane "
        "units departing; transit: mean per unit delivered; origin_limit: share of the component cost from outside. "
        "Empty where there is nothing to measure",
        "as the unit",
    )
    least = number("The least that is agreed; empty: none", "as the unit")
    most = number("The most that is agreed; empty: none", "as the unit")
    kept = flag("Whether the plan keeps it")
    file = text("File of the cell that sets the limit", required=True)
    cell = text("That cell", required=True)


class AgreementCosts(dy.Schema):
    """What the agreements cost: the programme planned without one of them, or without all, stage by stage."""

    kind = choice(
        (*COSTED, "cash", "all"),
        "Kind of agreement; cash: the contract does not wait for money; all: without any of them",
        required=True,
    )
    agreement = label("The agreement left out; `all` for all of them", required=True)
    stage = label("The stage whose value is compared", required=True)
    unit = text("Unit of the stage", required=True)
    value_with = number("Value of the plan with it", "unit of the stage", required=True)
    bound_with = number("Proven bound with it; empty where nothing was proven", "unit of the stage")
    value_without = number("Value of the plan without it; empty where none was found", "unit of the stage")
    bound_without = number("Proven bound without it; empty where nothing was proven", "unit of the stage")
    low = number("It costs at least this much: bound_with - value_without", "unit of the stage")
    high = number("It costs at most this much: value_with - bound_without", "unit of the stage")


class Exposure(dy.Schema):
    """How far items travel: units, border crossings and unit-days in transit by lane, over the horizon."""

    item = label("The item", part_of_key=True)
    lane = label("The lane", part_of_key=True)
    from_site = label("Where it leaves", required=True)
    to_site = label("Where it arrives", required=True)
    border = label("Border that the lane crosses; empty: none")
    quantity = number("Units departing", "units", required=True)
    crossings = number("Units times borders crossed", "unit-crossings", required=True)
    transit = number("Units times days in transit", "unit-days", required=True)


class Earmarks(dy.Schema):
    """What is set aside for contracts whose limit on origin is on their own deliveries; the rest is for all others."""

    contract = label("The contract", required=True)
    kind = choice(
        ("opening", "receipt", "firm_run", "purchase", "run", "shipment", "stand_in"),
        "opening stock; receipt; output of a firm run; order; what a run makes of the item; shipment; newer "
        "version standing in",
        required=True,
    )
    name = text("Receipt, firm run, supply, process, lane, or the newer version; empty for opening stock")
    item = label("The item; of what stands in, the older one", required=True)
    site = label("Where; of a shipment, where it leaves", required=True)
    start = integer("Bucket in which a run starts or a shipment departs; empty for others")
    bucket = integer("Bucket in which it is there: delivered, made, arrived or standing in")
    quantity = number("Units set aside", "units", minimum=0, required=True)


class PlannedDraws(dy.Schema):
    """The money on which contracts that keep to a budget or wait for cash are planned: who pays what is owed when."""

    contracts = text("Contracts that the funds pay alike, separated by semicolons", required=True)
    cost_type = choice(COST_TYPES, "What the cost is for", required=True)
    due = date("Day on which it is owed", required=True)
    fund = label("Fund that pays it", required=True)
    how = choice(("advance", "request", "direct"), "As in `fund_draws`", required=True)
    requested = date("Day of the payment request, or of the agreement for an advance", required=True)
    arrives = date("Day on which the money is there", required=True)
    amount = number("Amount; what may serve other contracts as well counts whole", "currency", minimum=0, required=True)
    bridging = number("Interest on it from the day on which it is owed to the arrival", "currency", minimum=0,
                      required=True)  # fmt: skip
