"""How capacity comes into being: milestones that open things, ramps after the opening, options that can be bought."""

from __future__ import annotations

import dataframely as dy

from .capacity import PER
from .columns import choice, currency, date, integer, key, label, number, reference, references, text


class Milestones(dy.Schema):
    """Events that must be reached before something may begin; they take time and wait for each other."""

    milestone = key("Id of the milestone")
    name = text("Name as shown")
    kind = choice(
        ("permit", "control", "site", "tooling", "training", "qualification", "consent", "other"),
        "What is reached",
        default="other",
    )
    duration_days = number("Days from its beginning to the day on which it is reached", "days", minimum=0, default=0.0)
    after = references(
        "milestones", "Milestones reached before it begins, separated by semicolons", example="permit; tooling"
    )
    option = reference("options", "Option that must be in effect when it begins", required=False)
    earliest = date("It does not begin before this date, nor before the start of the programme")
    reached = date("Day on which it was reached or is fixed to be; overrides all of the above")
    site = reference("sites", "Where it is reached, for information", required=False)
    party = reference("parties", "Who is responsible, for information", required=False)


class MilestoneLoads(dy.Schema):
    """What reaching a milestone takes of resources; the planner then decides when it begins."""

    milestone = reference("milestones", "The milestone", part_of_key=True)
    resource = reference("resources", "The resource", part_of_key=True)
    quantity = number(
        "Resource units in all, spread evenly over the duration", "resource units", minimum=0, required=True
    )
    unit = text("Unit of the quantity, checked against the resource's")


class Ramps(dy.Schema):
    """Steps by which a rate or capacity grows after the opening; the share before the first step is 0."""

    ramp = label("Id of the ramp; one ramp may have several rows", part_of_key=True)
    after_days = integer("Days after the opening", minimum=0, part_of_key=True, unit="days")
    factor = number(
        "Share of the full rate from that day on, until the next step", "share", minimum=0, maximum=1, required=True
    )


class Options(dy.Schema):
    """What can be bought to make more possible: a line, a shift, a source, a training; whole numbers of it."""

    option = key("Id of the option")
    name = text("Name as shown")
    kind = choice(
        ("line", "shift", "source", "power", "buffer", "training", "other"), "What is bought", default="other"
    )
    cost = number("Cost of one, at the order", "currency/option", minimum=0, default=0.0)
    running_cost = number("Cost of one per day while it is in effect", "currency/option/day", minimum=0, default=0.0)
    currency = currency()
    delay_days = number("Days from the order until it is in effect", "days", minimum=0, default=0.0)
    duration_days = number("Days for which it stays in effect; empty: to the end", "days", above=0)
    maximum = integer("Most that can be bought over the horizon", default=1)
    after = references(
        "milestones", "Milestones reached before the order, separated by semicolons", example="permit; tooling"
    )
    needs = references("options", "Options in effect at the order, separated by semicolons", example="hall; line_2")
    order_from = date("No order before this date")
    order_until = date("No order on or after this date")


class OptionCapacity(dy.Schema):
    """What each option that is bought adds to the capacity of a resource while it is in effect."""

    option = reference("options", "The option", part_of_key=True)
    resource = reference("resources", "The resource", part_of_key=True)
    capacity = number(
        "Capacity that one adds per `capacity_per`, under the resource's calendar, efficiency and window",
        "resource units",
        minimum=0,
        required=True,
    )
    capacity_per = choice(PER, "Period of the capacity", default="month")
    ramp = reference("ramps", "Growth of this capacity, counted from the day of effect", required=False)
