"""The result tables about growth: milestones, investments, people and the four levels of output."""

from __future__ import annotations

import dataframely as dy

from .columns import choice, date, integer, label, number


class MilestonePlan(dy.Schema):
    """When every milestone is reached, and what it waited for."""

    milestone = label("The milestone", part_of_key=True)
    kind = label("What is reached", required=True)
    site = label("Where")
    decided = choice(
        ("fixed", "determined", "decided"),
        "fixed: its date is in the input; determined: it follows from the milestones before it; decided: the plan "
        "chooses when it begins, since it takes capacity or waits for an option",
        required=True,
    )
    begin = date("Its beginning; empty for a fixed one and where it does not begin within the horizon")
    reached = date("When it is reached; empty where the plan does not begin it")
    held_by = choice(
        ("start", "earliest", "milestone", "option", "plan"),
        "What set the beginning: the start of the programme, its earliest date, a milestone before it, an option; plan: "
        "nothing forced it, the plan chose a later day, for want of capacity or need",
    )
    holder = label("The milestone or option that set it")


class Investments(dy.Schema):
    """Options that the plan buys."""

    option = label("The option", part_of_key=True)
    bucket = integer("Bucket at whose beginning it is ordered", part_of_key=True)
    ordered = date("Day of the order", required=True)
    effect = date("First instant at which it is in effect", required=True)
    until = date("First instant at which it no longer is; empty: to the end")
    quantity = integer("Number bought", minimum=1)
    cost = number("Price, and running cost inside the horizon", "currency", required=True)


class People(dy.Schema):
    """People by skill, site and bucket: whom the plan needs and who is there."""

    skill = label("The skill", part_of_key=True)
    site = label("Where", part_of_key=True)
    bucket = integer("Bucket", part_of_key=True)
    needed = number("People that the load takes, on average over the bucket", "people", required=True)
    there = number("People that the capacity stands for, overtime apart", "people", required=True)


class OutputLevels(dy.Schema):
    """Runs that are possible of each limited process by bucket, at four levels, and those of the plan."""

    process = label("The process", part_of_key=True)
    site = label("Where", required=True)
    bucket = integer("Bucket", part_of_key=True)
    nameplate = number("Runs possible with all options bought, and no milestone or ramp in the way", "runs")
    funded = number("Runs possible with what stands and the options that the plan buys", "runs")
    qualified = number("Those of them that milestones and ramps let through", "runs")
    actual = number("Runs of the plan", "runs", required=True)
