"""How items arrive: lanes between sites and supplies from outside."""

from __future__ import annotations

import dataframely as dy

from .capacity import PER
from .columns import choice, country, currency, date, key, label, number, reference, references, text
from .fallback import detection_days, fallback_rank, switch_days
from .recovery import recovery_days
from .stability import per_unit


class Lanes(dy.Schema):
    """Ways to move items between sites."""

    lane = key("Id of the lane")
    name = text("Name as shown")
    from_site = reference("sites", "Where items leave")
    to_site = reference("sites", "Where items arrive")
    item = reference(
        "items", "The only item that the lane carries; empty: any item, sharing the capacity", required=False
    )
    lead_days = number("Days in transit", "days", minimum=0, default=0.0)
    cost = number("Cost of moving one unit", "currency/unit", minimum=0, default=0.0)
    currency = currency()
    capacity = number("Most lane units departing per `capacity_per`; empty: no limit", "lane units", minimum=0)
    capacity_per = choice(PER, "Period of the capacity", default="month")
    calendar = reference("calendars", "Factor on the capacity over time; a factor of 0 closes the lane", required=False)
    border = label("Border crossing that the lane uses")
    mode = choice(("road", "rail", "sea", "air", "multimodal"), "Mode of transport, for information")
    start_from = date("No departure before this date")
    start_until = date("No departure on or after this date")
    requires = references(
        "milestones",
        "Nothing departs before these milestones are reached, separated by semicolons",
        example="permit; tooling",
    )
    option = reference("options", "Nothing departs unless this option is in effect", required=False)
    minimum_size = number("Fewest units of an item in one shipment; empty: any amount", "units", minimum=0)
    multiple_size = number("Shipments of an item are multiples of this; empty: any amount", "units", above=0)
    maximum_size = number(
        "Most units of an item in one shipment; several may leave in a bucket. It counts beside a smallest shipment or "
        "a cost per shipment",
        "units",
        above=0,
    )
    shipment_cost = number("Cost of one shipment of an item, beside that of its units", "currency/shipment", minimum=0)
    fallback_rank = fallback_rank()
    detection_days = detection_days()
    switch_days = switch_days()
    recovery_days = recovery_days()
    change_price = per_unit("Cost of one unit departing", "currency/unit")


class Supplies(dy.Schema):
    """Offers that bring an item in from outside the programme."""

    supply = key("Id of the offer")
    name = text("Name as shown")
    item = reference("items", "The item offered")
    site = reference("sites", "Where it arrives")
    party = reference("parties", "Who supplies", required=False)
    origin = country("Country of origin, ISO 3166 alpha-2")
    tier = label("Tier of the supplier, for grouping in results")
    price = number("Price of one unit", "currency/unit", minimum=0, default=0.0)
    currency = currency()
    lead_days = number("Time from order to arrival", "days", minimum=0, default=0.0)
    limit = number("Most units ordered per `limit_per`; empty: no limit", "units", minimum=0)
    limit_per = choice(PER, "Period of the limit", default="month")
    total_limit = number("Most units ordered over the horizon; empty: no limit", "units", minimum=0)
    calendar = reference("calendars", "Factor on the limit over time; a factor of 0 stops orders", required=False)
    order_from = date("No order before this date")
    order_until = date("No order on or after this date")
    requires = references(
        "milestones", "No order before these milestones are reached, separated by semicolons", example="permit; tooling"
    )
    option = reference("options", "No order unless this option is in effect", required=False)
    unit = text("Unit of price and limits, checked against the item's")
    minimum_size = number("Fewest units of one order; empty: any amount", "units", minimum=0)
    multiple_size = number("Orders are multiples of this; empty: any amount", "units", above=0)
    maximum_size = number(
        "Most units of one order; several may be placed in a bucket. It counts beside a smallest order or a cost per "
        "order",
        "units",
        above=0,
    )
    order_cost = number("Cost of one order, beside the price of its units", "currency/order", minimum=0)
    fallback_rank = fallback_rank()
    detection_days = detection_days()
    switch_days = switch_days()
    recovery_days = recovery_days()
    payment_terms = label("Terms by which it is paid; `payment_terms` has them. Empty: at the order")
    price_index = label("Index of its price; `price_indices` has it")
    index_base = date("Date of the price; empty: the start of the programme")
    change_price = per_unit("Cost of one unit ordered", "currency/unit")
