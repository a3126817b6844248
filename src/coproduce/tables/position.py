"""Where the programme stands when it begins: stocks, receipts on order and runs under way."""

from __future__ import annotations

import dataframely as dy

from .columns import country, currency, date, key, number, reference, text


class Stocks(dy.Schema):
    """Stock of an item at a site: what is there, what must stay, what it costs."""

    item = reference("items", "The item", part_of_key=True)
    site = reference("sites", "The site", part_of_key=True)
    opening = number("Units on hand at the start", "units", minimum=0, default=0.0)
    minimum = number("Units that must be left at the end of every bucket", "units", minimum=0, default=0.0)
    minimum_from = date("The minimum holds from the bucket that contains this date; empty: from the first bucket")
    maximum = number("Most units at the end of any bucket; empty: no limit", "units", minimum=0)
    final_min = number("Units that must be left at the end of the horizon", "units", minimum=0, default=0.0)
    holding_cost = number(
        "Cost of holding one unit for a year of 365 days", "currency/unit/year", minimum=0, default=0.0
    )
    terminal_value = number("Worth of one unit left at the end of the horizon", "currency/unit", minimum=0, default=0.0)
    currency = currency()
    unit = text("Unit of the quantities, checked against the item's")
    origin = country("Country in which the opening stock originates, ISO 3166 alpha-2; empty: not known")
    safety_stock = number("Stock to aim at", "units", minimum=0, honoured=False)
    write_off_value = number(
        "What a unit brings that is written off; the loss is the item's unit_value less this. Empty: only obsolete "
        "items are written off, and bring nothing",
        "currency/unit",
        minimum=0,
    )


class Receipts(dy.Schema):
    """Deliveries that are already on order."""

    receipt = key("Id of the order")
    item = reference("items", "The item")
    site = reference("sites", "Where it arrives")
    quantity = number("Units that arrive", "units", minimum=0, required=True)
    date = date("When they arrive", required=True)
    party = reference("parties", "Who delivers", required=False)
    origin = country("Country of origin, ISO 3166 alpha-2; empty: not known")
    unit = text("Unit of the quantity, checked against the item's")


class Wip(dy.Schema):
    """Runs under way and firm runs: their flows and loads from the start of the horizon on are data."""

    wip = key("Id of the order")
    process = reference("processes", "The process")
    quantity = number("Runs", "runs", above=0, required=True)
    started = date("When the runs start or started", required=True)
    ends = date("Confirmed end; empty: start plus the lead time of the process")
