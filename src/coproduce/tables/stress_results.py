"""The tables of a stress test: what may be promised, how often it is kept, and which risk costs how much of it."""

from __future__ import annotations

import dataframely as dy

from .columns import choice, date, integer, label, number, text

_WITH = "units delivered by then"
_BUCKET = "End of the first bucket by which as much as promised is delivered"
_ALL = "`all` for all tiers together"


class Bands(dy.Schema):
    """Deliveries added up from the start, over all replications: for every item, tier and customer."""

    scope = choice(
        ("item", "tier", "customer"), "What is summed: an item, a priority tier, or a customer", required=True
    )
    name = label("The item, the priority, or the customer (its party; without one the kind of demand)", required=True)
    unit = text("Unit; `mixed` where items of several units are summed", required=True)
    bucket = integer("Bucket of the plan")
    end = date("First instant after the bucket, which the sums run to", required=True)
    asked = number("Units due by then, without any surge", "units", required=True)
    planned = number("Units that the plan delivers by then", "units", required=True)
    quiet = number("Units delivered by then when no risk happens", "units", required=True)
    mean = number("Mean over replications", "units", required=True)
    q05 = number(f"In 5 % of the replications at most so many {_WITH}", "units", required=True)
    q25 = number(f"In 25 % of the replications at most so many {_WITH}", "units", required=True)
    q50 = number(f"In half of the replications at most so many {_WITH}", "units", required=True)
    q75 = number(f"In 75 % of the replications at most so many {_WITH}", "units", required=True)
    q95 = number(f"In 95 % of the replications at most so many {_WITH}", "units", required=True)
    replications = integer("Replications that mean and quantiles rest on", minimum=1)


class Recoveries(dy.Schema):
    """Recovery as the test sees it: spells in which deliveries are behind those of a replication without any risk.

    The time to recover of the input (`recovery_days`) is data about a place; this is what its customers would see.
    """

    scope = choice(("item", "tier", "customer"), "Whose deliveries: as in `bands`", required=True)
    name = label("The item, the priority, or the customer", required=True)
    unit = text("Unit; `mixed` where items of several units are summed", required=True)
    behind = number("Share of the replications in which they are ever behind at the end of a bucket", "share",
                    required=True)  # fmt: skip
    behind_low = number("Lower end of its 95 % interval (Wilson)", "share", required=True)
    behind_high = number("Upper end of its 95 % interval (Wilson)", "share", required=True)
    caught_up = number("Share of all replications in which nothing is behind at the end of the horizon", "share",
                       required=True)  # fmt: skip
    days_50 = number(
        "Longest spell of a replication, from the end of its first bucket behind to the end of the first bucket in "
        "which all is caught up; half of the replications that are ever behind have none longer; to the end of the "
        "horizon where nothing is caught up, a lower bound then",
        "days",
    )
    days_80 = number("The same, of 80 % of them", "days")
    days_95 = number("The same, of 95 % of them", "days")
    replications = integer("Replications", minimum=1)


class DemandPromises(dy.Schema):
    """What may be promised of every demand."""

    demand = label("The demand", part_of_key=True)
    item = label("The item", required=True)
    site = label("Where it is delivered", required=True)
    customer = label("The customer: its party; without one the kind of demand", required=True)
    priority = integer("Tier", minimum=1)
    quantity = number("Units asked for, without any surge", "units", required=True)
    due = date("Due date", required=True)
    planned = number("Units that the plan delivers in time", "units", required=True)
    kept = number("Share of the replications in which all is delivered in time", "share", required=True)
    kept_low = number("Lower end of its 95 % interval (Wilson)", "share", required=True)
    kept_high = number("Upper end of its 95 % interval (Wilson)", "share", required=True)
    complete = number("Share of the replications in which all is delivered within the horizon", "share", required=True)
    date_80 = date("End of the period in which all is there, in 80 % of the replications; empty: never in the horizon")
    date_90 = date("End of the period in which all is there, in 90 % of the replications; empty: never in the horizon")
    date_95 = date("End of the period in which all is there, in 95 % of the replications; empty: never in the horizon")
    never = text("Confidences at which all is there at no day of the horizon, in words")
    in_time_80 = number("Units delivered in time in 80 % of the replications or more", "units", required=True)
    in_time_90 = number("Units delivered in time in 90 % of the replications or more", "units", required=True)
    in_time_95 = number("Units delivered in time in 95 % of the replications or more", "units", required=True)
    late_unit_days = number("Mean lateness; units never delivered count as in the plan", "unit-days", required=True)
    replications = integer("Replications", minimum=1)


class CommitmentOdds(dy.Schema):
    """How often each promise is kept that deliveries can be compared with."""

    commitment = label("The promise", part_of_key=True)
    source = label("Who says so", part_of_key=True)
    item = label("The item", required=True)
    status = text("How far the promise has come", required=True)
    due = date("By when; empty: the end of the programme")
    promised = number("Units promised from start to due, inside the programme", "units", required=True)
    planned = number("Units that the plan delivers by then", "units", required=True)
    probability = number("Share of the replications in which as much is delivered by then", "share", required=True)
    low = number("Lower end of its 95 % interval (Wilson)", "share", required=True)
    high = number("Upper end of its 95 % interval (Wilson)", "share", required=True)
    mean = number("Mean of the units delivered by then", "units", required=True)
    at_80 = number("Units delivered by then in 80 % of the replications or more", "units", required=True)
    at_90 = number("Units delivered by then in 90 % of the replications or more", "units", required=True)
    at_95 = number("Units delivered by then in 95 % of the replications or more", "units", required=True)
    date_80 = date(f"{_BUCKET}, in 80 % of the replications; empty: never in the horizon")
    date_90 = date(f"{_BUCKET}, in 90 % of the replications; empty: never in the horizon")
    date_95 = date(f"{_BUCKET}, in 95 % of the replications; empty: never in the horizon")
    never = text("Confidences at which as much is there at no day of the horizon, in words")
    replications = integer("Replications", minimum=1)


class ServiceLevels(dy.Schema):
    """Service of each tier and of all."""

    tier = label(f"Priority; {_ALL}", part_of_key=True)
    measure = choice(("alpha", "beta", "gamma"), "Which service level", required=True)
    formula = text("What it is", required=True)
    planned = number("What the plan itself promises", "share", required=True)
    quiet = number("Without any risk", "share", required=True)
    mean = number("Mean over replications", "share", required=True)
    low = number("Lower end of the 95 % interval of the mean", "share", required=True)
    high = number("Upper end of the 95 % interval of the mean", "share", required=True)
    q05 = number("In 5 % of the replications at most", "share", required=True)
    q50 = number("In half of the replications at most", "share", required=True)
    replications = integer("Replications", minimum=1)


class Lateness(dy.Schema):
    """Loss of each tier and of all: late unit-days, and units never delivered."""

    tier = label(f"Priority; {_ALL}", part_of_key=True)
    loss = choice(("late_unit_days", "undelivered"), "Which loss; undelivered: units not delivered within the horizon",
                  required=True)  # fmt: skip
    unit = text("Unit", required=True)
    planned = number("Of the plan", "unit of the row", required=True)
    quiet = number("Without any risk", "unit of the row", required=True)
    mean = number("Mean over replications", "unit of the row", required=True)
    low = number("Lower end of the 95 % interval of the mean", "unit of the row", required=True)
    high = number("Upper end of the 95 % interval of the mean", "unit of the row", required=True)
    q05 = number("In 5 % of the replications at most", "unit of the row", required=True)
    q25 = number("In 25 % of the replications at most", "unit of the row", required=True)
    q50 = number("In half of the replications at most", "unit of the row", required=True)
    q75 = number("In 75 % of the replications at most", "unit of the row", required=True)
    q95 = number("In 95 % of the replications at most", "unit of the row", required=True)
    cvar_90 = number("Mean of the worst 10 %", "unit of the row", required=True)
    cvar_90_low = number("Lower end of its 95 % interval", "unit of the row", required=True)
    cvar_90_high = number("Upper end of its 95 % interval", "unit of the row", required=True)
    cvar_95 = number("Mean of the worst 5 %", "unit of the row", required=True)
    cvar_95_low = number("Lower end of its 95 % interval", "unit of the row", required=True)
    cvar_95_high = number("Upper end of its 95 % interval", "unit of the row", required=True)
    worst = number("Of the worst replication", "unit of the row", required=True)
    replications = integer("Replications", minimum=1)


class Losses(dy.Schema):
    """Where the loss comes from: the rows add up to the mean loss of the replications that were taken apart."""

    source = choice(
        ("plan", "timing", "risk", "drill"),
        "plan: the lateness of the plan itself; timing: what is late beside it without any risk, since a bucket's plan "
        "may be short of something for days inside it; risk, drill: of a row",
        required=True,
    )
    risk = label("The risk or drill; empty for plan and timing")
    cause = label("Its shared cause")
    late_unit_days = number("Mean loss due to it", "unit-days", required=True)
    low = number("Lower end of the 95 % interval", "unit-days", required=True)
    high = number("Upper end of the 95 % interval", "unit-days", required=True)
    undelivered = number("Mean units never delivered due to it", "units", required=True)
    undelivered_low = number("Lower end of the 95 % interval", "units", required=True)
    undelivered_high = number("Upper end of the 95 % interval", "units", required=True)
    happens = number("Share of all replications in which it happens", "share")
    events = number("Mean number of its events in a replication", "1")
    replications = integer("Replications that were taken apart", minimum=0)


class CauseLosses(dy.Schema):
    """Loss by shared cause: the sum of the rows of `losses` that have it."""

    cause = label("The shared cause", part_of_key=True)
    risks = integer("Its rows", minimum=1)
    late_unit_days = number("Mean loss due to it", "unit-days", required=True)
    low = number("Lower end of the 95 % interval", "unit-days", required=True)
    high = number("Upper end of the 95 % interval", "unit-days", required=True)
    undelivered = number("Mean units never delivered due to it", "units", required=True)
    replications = integer("Replications that were taken apart", minimum=0)


class LossPlaces(dy.Schema):
    """Loss by the place that its risks strike; the rows add up to those of `losses` that are risks or drills."""

    place_table = choice(
        ("sites", "lanes", "borders", "parties", "zones", "items", "demands"),
        "What is struck: risks to resources, processes and supplies count to their site",
        required=True,
    )
    place = label("Its id", part_of_key=True)
    risks = integer("Risks and drills that strike it", minimum=1)
    late_unit_days = number("Mean loss due to them", "unit-days", required=True)
    low = number("Lower end of the 95 % interval", "unit-days", required=True)
    high = number("Upper end of the 95 % interval", "unit-days", required=True)
    undelivered = number("Mean units never delivered due to them", "units", required=True)
    replications = integer("Replications that were taken apart", minimum=0)
