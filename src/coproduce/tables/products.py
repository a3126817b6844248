"""What is made and how: items, processes and the flows of their bills of materials."""

from __future__ import annotations

import dataframely as dy

from .columns import choice, currency, date, fact, flag, integer, key, label, number, reference, references, text
from .fallback import detection_days, fallback_rank, switch_days
from .stability import per_unit


class Items(dy.Schema):
    """Everything that is counted; an item is opaque and has a unit."""

    item = key("Id of the item")
    name = text("Name as shown")
    unit = text("Unit in which the item is counted (piece, kg, set)", required=True)
    kind = choice(
        ("product", "component", "material", "repairable", "spare", "consumable"),
        "What the item is",
        default="component",
    )
    family = label("Product family, for grouping in results")
    replaces = reference("items", "The older version that this item replaces", required=False)
    unit_value = number("Value of one unit, for stock valuation and work shares", "currency/unit", minimum=0)
    currency = currency()
    transport_size = number("Lane capacity taken by one unit", "lane units/unit", minimum=0, default=1.0)
    shelf_life_days = number("Days after which stock is unusable", "days", above=0, honoured=False)
    stands_in = flag(
        "May be delivered or used in place of the item that it replaces, and of those that this one stands in for"
    )
    stands_in_from = date("From the first bucket that begins at or after this date (its qualification); empty: always")
    obsolete_from = date(
        "From the first bucket that begins at or after this date the item is not made, bought, moved, used or "
        "delivered, and what is left is written off"
    )
    requalification_resource = reference("resources", "Resource that a change of the design takes", required=False)
    requalification_quantity = number("What one change of the design takes of it", "resource units/change", above=0)
    component_cost = number(
        "Estimated cost of one unit as a component, for rules of origin; a fixed figure that no plan changes",
        "currency/unit",
        minimum=0,
    )
    design_authority = reference(
        "parties", "Who decides on its definition, adaptation and evolution; empty: not known", required=False
    )
    design_free = fact("Whether that can be done without restriction by a country outside, substitution included")


class Processes(dy.Schema):
    """Ways to turn items into items at one site; one run is one execution of the process's flows."""

    process = key("Id of the process")
    name = text("Name as shown")
    site = reference("sites", "Where the process runs")
    kind = choice(
        ("make", "assemble", "repair", "test", "upgrade", "dismantle"), "What the process does", default="make"
    )
    lead_days = number("Time from the start of a run to its end", "days", minimum=0, default=0.0)
    yield_rate = number("Share of every output that is good", "share", above=0, maximum=1, default=1.0)
    cost = number("Cost of one run, without materials", "currency/run", minimum=0, default=0.0)
    work_value = number(
        "Value that one run adds, for work shares by value; empty: value of its outputs less that of its inputs, by "
        "`items.unit_value`",
        "currency/run",
        minimum=0,
    )
    currency = currency()
    start_from = date("No run starts before this date")
    start_until = date("No run starts on or after this date")
    rate_limit = number("Most runs started per `rate_per`", "runs", minimum=0)
    rate_per = choice(("hour", "day", "week", "month", "quarter", "year"), "Period of `rate_limit`", default="month")
    calendar = reference("calendars", "Factor on `rate_limit` over time", required=False)
    requires = references(
        "milestones",
        "No run starts before these milestones are reached, separated by semicolons",
        example="permit; tooling",
    )
    option = reference("options", "No run starts unless this option is in effect", required=False)
    ramp = reference("ramps", "Growth of `rate_limit`, counted from the day on which it opens", required=False)
    alternate_rank = integer("Rank among processes with the same output, for information", minimum=1, default=1)
    minimum_size = number("Fewest runs of one lot; empty: any number, not even a whole one", "runs", minimum=0)
    multiple_size = number("Lots are multiples of this many runs; empty: any number", "runs", above=0)
    maximum_size = number(
        "Most runs of one lot; several lots may start in a bucket. It counts beside a smallest lot or a set-up",
        "runs",
        above=0,
    )
    days_per_run = number("Lead time that grows with the lot", "days/run", minimum=0, honoured=False)
    post_days = number("Safety time after a run before its outputs are used", "days", minimum=0, default=0.0)
    setup_cost = number("Cost of one set-up; every lot needs one", "currency/lot", minimum=0)
    setup_group = reference(
        "setup_groups", "Joint set-up that it shares: one a bucket, beside what its own lots need", required=False
    )
    runs_before = number(
        "Runs ever made before the start and by firm runs; loads with a learning_rate fall from there",
        "runs",
        minimum=0,
        default=0.0,
    )
    fallback_rank = fallback_rank()
    detection_days = detection_days()
    switch_days = switch_days()
    change_price = per_unit("Cost of one run", "currency/run")


class Flows(dy.Schema):
    """Lines of the bills of materials: outputs are positive, inputs negative."""

    process = reference("processes", "The process", part_of_key=True)
    item = reference("items", "The item", part_of_key=True)
    line = integer(
        "Number of the line where one process has several flows of one item", minimum=1, default=1, part_of_key=True
    )
    quantity = number("Units per run: + comes out, - goes in", "units/run", required=True)
    unit = text("Unit of the quantity, checked against the item's")
    offset_from = choice(
        ("start", "end"), "Where the offset is counted from; empty: outputs from the end, inputs from the start"
    )
    offset_days = number("Days after that point at which the flow takes place", "days", minimum=0, default=0.0)
    start_from = date("The flow belongs to runs that start on or after this date")
    start_until = date("The flow belongs to runs that start before this date")
    fixed_quantity = number("Units per lot whatever its size", "units", honoured=False)
    alternate_group = label("Flows of one group replace each other, by rank", honoured=False)
    alternate_rank = integer("Rank inside the group", minimum=1, default=1)
