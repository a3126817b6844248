"""The tables of the analyses that need plan and stress test together: survival, single sources, remedies, exports."""

from __future__ import annotations

import dataframely as dy

from .columns import choice, date, flag, integer, label, number, text

TARGETS = ("sites", "supplies", "parties", "lanes", "borders")


class TimeToSurvive(dy.Schema):
    """The longest outage of every site, supply, party, lane and border that the re-optimised network survives."""

    target_table = choice(TARGETS, "What is lost", required=True)
    target = label("Its id", part_of_key=True)
    date = date("Beginning of the outage: that of a bucket; the plan before it stays as it is", part_of_key=True)
    tiers = text("Priorities in which nothing may be lost, separated by semicolons", required=True)
    survives_days = number(
        "Time to survive: the longest outage for which a plan without loss was found", "days", minimum=0, required=True
    )
    fails_days = number(
        "Shortest outage proven to cost something; empty where none was, up to the longest outage asked about", "days"
    )
    least_loss = number("What an outage of `fails_days` costs at least", "weighted late unit-days", minimum=0)
    recovery_days = number("Time to recover, from the input; empty: unknown", "days", minimum=0)
    margin_days = number(
        "`survives_days` less `recovery_days`; below 0 where it is lost too long or recovers after the end of the plan",
        "days",
    )
    verdict = choice(
        ("survives", "short", "unknown"),
        "survives: nothing is lost until it has recovered; short: time to survive is shorter than time to recover; "
        "unknown: no time to recover is given",
        required=True,
    )
    loss_at_recovery = number(
        "The least that an outage of `recovery_days` costs; empty: unknown, or no plan keeps the hard limits",
        "weighted late unit-days",
        minimum=0,
    )
    file = text("File of the cell that gives the time to recover")
    cell = text("That cell")


class SingleSources(dy.Schema):
    """What comes from one place only: of every item, the quantity that only one site or supplier gives."""

    item = label("The item", part_of_key=True)
    unit = text("Unit of the quantities", required=True)
    sources = integer("Sites that can make it and suppliers that can send it, within the horizon", minimum=0)
    used = integer("Those of them that the plan uses", minimum=0)
    quantity = number("Units made and bought in the plan", "units", required=True)
    single = number("Those of them for which there is only one source", "units", required=True)
    share = number("`single` over `quantity`", "share", minimum=0, maximum=1)
    value = number("Worth of `quantity` by the item's unit value; empty without one", "currency")
    single_value = number("Worth of `single`", "currency")
    target_table = choice(TARGETS, "What the only source is; empty where there are several")
    target = label("The only source")
    survives_days = number("Its shortest time to survive on the dates that were asked about", "days", minimum=0)
    loss = number(
        "The largest `loss_at_recovery` on these dates; empty where no time to recover is given",
        "weighted late unit-days",
        minimum=0,
    )


class Remedies(dy.Schema):
    """What each option that the plan does not buy would save in bad years; ranked by late unit-days saved per cost."""

    rank = integer("Rank by `saved_per_cost`; empty where it could not be bought or costs nothing", minimum=1)
    option = label("The option", part_of_key=True)
    status = choice(
        ("planned", "kept", "impossible", "not_planned"),
        "planned: the plan was re-optimised with it, bought as early as it may be; kept: it was bought beside "
        "the plan, which stayed as it is; impossible: it cannot be bought or hard limits conflict; not_planned: "
        "it cannot be bought beside the plan, and the limit of plans was reached before",
        required=True,
    )
    ordered = date("Beginning of the bucket of its first order")
    bought_too = text("Options bought in that plan and not in the plan without it, separated by semicolons")
    investment = number("Cost of all options in that plan less that in the plan without it", "currency")
    cost = number("Total cost of that plan less that of the plan without it", "currency")
    planned_saved = number("Late unit-days that it saves in the plan itself, without any risk", "late unit-days")
    saved = number("Late unit-days that it saves, mean over the replications", "late unit-days")
    saved_low = number("Lower end of the 95 % interval of `saved`, from paired differences", "late unit-days")
    saved_high = number("Upper end", "late unit-days")
    kept_saved = number(
        "Late unit-days that it saves beside the plan as it is, where only what stands in and catches up uses it; "
        "empty where it cannot be bought so",
        "late unit-days",
    )
    units_saved = number("Units delivered that are not without it, mean over the replications", "units")
    units_saved_low = number("Lower end of the 95 % interval of `units_saved`", "units")
    units_saved_high = number("Upper end", "units")
    saved_per_cost = number("`saved` over `investment`", "late unit-days/currency")
    saved_per_million = number("The same for a million", "late unit-days/million currency")
    saved_per_million_low = number("Lower end of its 95 % interval: that of `saved`", "late unit-days/million currency")
    saved_per_million_high = number("Upper end", "late unit-days/million currency")
    replications = integer("Replications of both plans, with the same events", minimum=1)


class Exportable(dy.Schema):
    """How much may be exported while domestic demand is kept with a stated probability."""

    confidence = number("Probability with which domestic demand is to be kept", "share", required=True)
    level = number(
        "Largest multiple of the exports asked for that keeps it; empty where even without exports it is not kept",
        "share",
        minimum=0,
    )
    next_level = number("Smallest multiple tried that does not; empty where all that were tried keep it", "share")
    probability = number("Share of the replications that keep domestic demand at `level`", "share")
    probability_low = number("Lower end of its 95 % interval (Wilson 1927)", "share")
    probability_high = number("Upper end", "share")
    asked = number("Exports asked for at `level`", "units")
    planned = number("Exports that the plan delivers at `level`", "units")
    per_month = number("The same by month of 365/12 days over the horizon: the true surplus", "units/month")
    delivered = number("Exports delivered in at least this share of the replications", "units")
    unmet_need = number("Domestic units that the plan at `level` does not deliver in time", "units")
    unfunded = number(
        "Units of the exported items that options which the plan does not buy would add to what can be made, each "
        "process as if it had its resources to itself: capacity that nobody has paid for", "units",
    )  # fmt: skip
    replications = integer("Replications", minimum=1)
    exact = flag("Whether the probabilities tried never rose with the level")
