"""What limits processes: resources, their loads and the calendars that open and close them."""

from __future__ import annotations

import dataframely as dy

from .columns import choice, currency, date, integer, key, label, number, pattern, reference, references, text

PER = ("hour", "day", "week", "month", "quarter", "year")


class Resources(dy.Schema):
    """Machine hours, people of a skill, test slots, power: what processes share at a site."""

    resource = key("Id of the resource")
    name = text("Name as shown")
    site = reference("sites", "Where the resource stands")
    kind = choice(
        ("machine", "people", "test", "power", "backup_power", "space", "tooling"),
        "What the resource is; backup_power limits nothing: it is what is left of the site's power in an outage",
        default="machine",
    )
    unit = text("Unit of capacity and loads (hour, slot)", required=True)
    capacity = number("Capacity per `capacity_per`, before the calendar", "resource units", minimum=0, required=True)
    capacity_per = choice(PER, "Period of the capacity", default="month")
    calendar = reference("calendars", "Factor on the capacity over time", required=False)
    efficiency = number("Capacity counts this many times", "share", above=0, default=1.0)
    available_from = date("No capacity before this date")
    available_until = date("No capacity from this date on")
    cost = number("Cost of one unit of capacity used", "currency/resource unit", minimum=0, default=0.0)
    currency = currency()
    requires = references(
        "milestones",
        "No capacity before these milestones are reached, separated by semicolons",
        example="permit; tooling",
    )
    ramp = reference("ramps", "Growth of the capacity, counted from the day on which it opens", required=False)
    overtime_capacity = number(
        "Capacity beyond the usual per `capacity_per`, under the same calendar, efficiency and window",
        "resource units",
        minimum=0,
    )
    overtime_cost = number(
        "Cost of one unit of overtime, beside that of the capacity", "currency/resource unit", minimum=0, default=0.0
    )
    skill = label("Skill of the people, where the resource is people; results count them by skill")
    capacity_per_person = number("Resource units of one person per `capacity_per`", "resource units", above=0)


class Loads(dy.Schema):
    """What a run takes of a resource, spread evenly over an interval of the run."""

    process = reference("processes", "The process", part_of_key=True)
    resource = reference("resources", "The resource", part_of_key=True)
    line = integer(
        "Number of the line where one process loads one resource several times", minimum=1, default=1, part_of_key=True
    )
    quantity = number("Resource units per run", "resource units/run", minimum=0, required=True)
    unit = text("Unit of the quantity, checked against the resource's")
    from_days = number("Days after the start of the run at which the load begins", "days", minimum=0, default=0.0)
    until_days = number(
        "Days after the start of the run at which the load ends; empty: the end of the run", "days", minimum=0
    )
    setup_quantity = number(
        "Resource units per set-up, over the same interval; every lot needs one", "resource units/lot", minimum=0
    )
    alternate_group = label("Loads of one group replace each other, by rank", honoured=False)
    alternate_rank = integer("Rank inside the group", minimum=1, default=1)
    learning_rate = number(
        "Each doubling of the cumulative runs multiplies the load of a run by this; empty: no learning",
        "share",
        above=0.5,
        maximum=1,
    )
    learning_base = number(
        "Number of the run that takes `quantity`, counted from the first ever", "runs", above=0, default=1.0
    )
    learning_floor = number(
        "Share of `quantity` below which the load of a run does not fall", "share", minimum=0, maximum=1, default=0.0
    )


class Calendars(dy.Schema):
    """Factors over time; 1 outside every entry, and of overlapping entries the one with the lowest priority number."""

    calendar = label("Id of the calendar; one calendar may have several rows", required=True)
    start = date("First instant of the entry; empty: always")
    end = date("First instant after the entry; empty: for ever")
    factor = number("Factor on capacity, rate or limit", "share", minimum=0, required=True)
    priority = integer("Of overlapping entries the lowest number holds", minimum=0, default=0)
    weekdays = pattern(r"^[1-7]+$", "12345", "Days on which the entry holds, 1 = Monday; empty: every day")
    from_time = pattern(r"^([01]\d|2[0-3]):[0-5]\d$", "08:00", "Time of day at which the entry begins; empty: 00:00")
    until_time = pattern(r"^(([01]\d|2[0-3]):[0-5]\d|24:00)$", "16:00", "Time of day at which it ends; empty: 24:00")
    remark = text("Why")
