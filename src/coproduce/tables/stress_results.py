"""The result tables of a stress test: what may be promised, how late it gets, and what causes the loss."""

from __future__ import annotations

import dataframely as dy

from .columns import choice, date, integer, label, number, text

CONFIDENCES = (0.8, 0.9, 0.95)
"""Shares of the replications in which a promised date or quantity holds."""


class Bands(dy.Schema):
    """Units delivered so far, by item and tier, at the end of every bucket: the plan beside the replications."""

    item = label("The item", part_of_key=True)
    priority = integer("Tier", minimum=1, part_of_key=True)
    bucket = integer("Bucket of the plan", part_of_key=True)
    end = date("End of the bucket", required=True)
    asked = number("Units due so far", "units", required=True)
    planned = number("Units that the plan has delivered so far: the promise", "units", required=True)
    undisturbed = number("Units delivered so far without any risk", "units", required=True)
    mean = number("Mean over the replications", "units", required=True)
    q05 = number("Reached or passed in 95 % of the replications", "units", required=True)
    q25 = number("Reached or passed in 75 %", "units", required=True)
    q50 = number("Reached or passed in half", "units", required=True)
    q75 = number("Reached or passed in 25 %", "units", required=True)
    q95 = number("Reached or passed in 5 %", "units", required=True)


class DemandPromises(dy.Schema):
    """What may be promised of each demand: how often it is kept, by when and how much at a confidence."""

    demand = label("The demand", part_of_key=True)
    item = label("The item", required=True)
    site = label("The site", required=True)
    priority = integer("Tier", minimum=1)
    quantity = number("Units asked for, before any surge", "units", required=True)
    due = date("Due date", required=True)
    planned_on = date("Last day of the last planned delivery, if all is delivered; empty: never in the horizon")
    kept = number("Share of the replications in which all is delivered by the due date", "share", required=True)
    kept_low = number("Lower end of its 95 % interval (Wilson 1927)", "share", required=True)
    kept_high = number("Upper end", "share", required=True)
    kept_undisturbed = number("1 if it is kept without any risk, else 0", "share", required=True)
    complete = number("Share of the replications in which all is delivered within the horizon", "share", required=True)
    date_80 = date("Day by which all is delivered in 80 % of the replications; empty: not within the horizon")
    date_90 = date("The same in 90 %")
    date_95 = date("The same in 95 %")
    quantity_80 = number("Units delivered by the due date in at least 80 % of the replications", "units", required=True)
    quantity_90 = number("The same in 90 %", "units", required=True)
    quantity_95 = number("The same in 95 %", "units", required=True)


class CommitmentChances(dy.Schema):
    """How often each promise of the sources is kept: the demands that stand for it deliver as much in time."""

    commitment = label("The promise", part_of_key=True)
    source = label("Who says so", part_of_key=True)
    item = label("The item", required=True)
    due = date("By when; empty: the end of the programme")
    promised = number("Units promised within the programme; empty: all that its demands ask for", "units")
    demands = integer("Demands that stand for it and are due by then")
    asked = number("Units that these ask for", "units", required=True)
    planned = number("Units that the plan delivers to them by their due dates", "units", required=True)
    kept = number(
        "Share of the replications in which these demands get as much as promised by their due dates", "share",
        required=True,
    )  # fmt: skip
    kept_low = number("Lower end of its 95 % interval (Wilson 1927)", "share", required=True)
    kept_high = number("Upper end", "share", required=True)


MEASURES = ("alpha", "beta", "gamma")


class Service(dy.Schema):
    """Service by tier and in all, with 95 % intervals of the means."""

    priority = integer("Tier; 0: all", part_of_key=True)
    measure = choice(
        MEASURES,
        "alpha: demands kept in full and in time, as a share; beta: units in time of units asked for; "
        "gamma: 1 - late unit-days / (units asked for x days of the horizon)",
        required=True,
    )
    planned = number("Value of the plan itself, by its buckets", "share", required=True)
    undisturbed = number("Value without any risk", "share", required=True)
    mean = number("Mean over the replications", "share", required=True)
    low = number("Lower end of the 95 % interval of the mean", "share", required=True)
    high = number("Upper end", "share", required=True)
    q05 = number("Reached or passed in 95 % of the replications", "share", required=True)
    q50 = number("Reached or passed in half", "share", required=True)


class Lateness(dy.Schema):
    """How bad it gets: distribution of the late unit-days of a replication, by tier and in all."""

    priority = integer("Tier; 0: all", part_of_key=True)
    measure = choice(("late_unit_days", "undelivered"), "late_unit_days: weighted, as in the plan, unmet units to the "
                     "end and one bucket more; undelivered: weighted units never delivered", required=True)  # fmt: skip
    planned = number("Value of the plan itself, by its buckets", "weighted units", required=True)
    undisturbed = number("Value without any risk", "weighted units", required=True)
    mean = number("Mean over the replications", "weighted units", required=True)
    low = number("Lower end of the 95 % interval of the mean", "weighted units", required=True)
    high = number("Upper end", "weighted units", required=True)
    q50 = number("Not passed in half of the replications", "weighted units", required=True)
    q90 = number("Not passed in 90 %", "weighted units", required=True)
    q95 = number("Not passed in 95 %", "weighted units", required=True)
    cvar_90 = number("Mean of the worst 10 % (conditional value at risk)", "weighted units", required=True)
    cvar_90_low = number("Lower end of its 95 % interval", "weighted units", required=True)
    cvar_90_high = number("Upper end", "weighted units", required=True)
    cvar_95 = number("Mean of the worst 5 %", "weighted units", required=True)
    cvar_95_low = number("Lower end of its 95 % interval", "weighted units", required=True)
    cvar_95_high = number("Upper end", "weighted units", required=True)
    replications = integer("Number of replications")


class Attribution(dy.Schema):
    """What causes the loss; the rows add up to the total loss beyond the plan."""

    cause = label("Risk, or shared cause of several; timing: what happens inside buckets without any risk",
                  part_of_key=True)  # fmt: skip
    kind = choice(("timing", "risk", "cause"), "What the row is", required=True)
    name = text("Name as shown")
    late_unit_days = number("Weighted late unit-days that it adds, mean of a replication", "weighted unit-days",
                            required=True)  # fmt: skip
    low = number("Lower end of the 95 % interval; empty with fewer than four batches", "weighted unit-days")
    high = number("Upper end", "weighted unit-days")
    share = number("Part of the total; empty where the total is 0", "share")
    undelivered = number("Weighted units never delivered that it adds", "weighted units", required=True)
