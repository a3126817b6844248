"""What the partners have agreed on: work shares, sets, fair and reserved shares, floors, borders, transit."""

from __future__ import annotations

import dataframely as dy

from .capacity import PER
from .columns import choice, country, date, integer, key, label, number, pattern, reference, references, text
from .recovery import recovery_days
from .zones import ORIGIN_ZONES


class Shares(dy.Schema):
    """Shares of the work that a party or a country does at least or at most."""

    share = key("Id of the work share")
    name = text("Name as shown")
    party = reference("parties", "Party whose sites do the work; this or `country`", required=False)
    country = country("Country whose sites do the work; this or `party`")
    measure = choice(
        ("value", "hours"),
        "value: what runs add in value (`processes.work_value`); hours: hours of machines and people that runs take",
        default="value",
    )
    item = reference("items", "Only runs that make this item count; empty: see `family`", required=False)
    family = label("Only runs that make an item of this family count; both empty: all runs")
    minimum = number("Least share of the work; empty: none", "share", minimum=0, maximum=1)
    maximum = number("Largest share of the work; empty: none", "share", minimum=0, maximum=1)
    tolerance = number("How far the share may leave its limits", "share", minimum=0, maximum=1, default=0.0)
    per = choice(("horizon", "year"), "Period over which the share holds", default="horizon")
    start = date("Only buckets that begin on this date or later count; empty: all")
    end = date("Only buckets that begin before this date count; empty: all")


class Sets(dy.Schema):
    """Sets of demands that count only together: of each the same share is delivered in every bucket."""

    set = key("Id of the set; `demands.set` names it")
    name = text("Name as shown")


class FairShares(dy.Schema):
    """Rules of fair shares between the customers (parties) of one tier."""

    rule = key("Id of the rule")
    name = text("Name as shown")
    priority = integer("Tier to which the rule applies", minimum=1, default=1)
    item = reference("items", "Only demands for this item; empty: see `family`", required=False)
    family = label("Only demands for items of this family; both empty: all of the tier")
    tolerance = number(
        "Largest difference between two customers' shares of what was due so far and is delivered",
        "share",
        minimum=0,
        maximum=1,
        default=0.0,
    )


class ExportFloors(dy.Schema):
    """Floors at home: exports are delivered only while domestic deliveries have reached the floor due so far."""

    floor = key("Id of the floor")
    name = text("Name as shown")
    item = reference("items", "The item; this or `family`", required=False)
    family = label("All items of a family; this or `item`")
    quantity = number("Domestic units per `quantity_per`, at most what is due so far", "units", minimum=0)
    quantity_per = choice(PER, "Period of the quantity", default="month")
    share = number("Share of the domestic demand due so far; this or `quantity`", "share", minimum=0, maximum=1)


class Reservations(dy.Schema):
    """Capacity of a resource kept for some processes: all others may take at most the rest."""

    reservation = key("Id of the reservation")
    name = text("Name as shown")
    resource = reference("resources", "The resource")
    processes = references("processes", "Processes that it is for; these or `party`")
    party = reference("parties", "Party that it is for: all processes at its sites", required=False)
    share = number("Share of the capacity; this or `quantity`", "share", minimum=0, maximum=1)
    quantity = number("Resource units per `quantity_per`", "resource units", minimum=0)
    quantity_per = choice(PER, "Period of the quantity", default="month")
    start = date("Only buckets that begin on this date or later; empty: all")
    end = date("Only buckets that begin before this date; empty: all")


class Borders(dy.Schema):
    """Border crossings that several lanes share; `lanes.border` names them."""

    border = key("Id of the border crossing")
    name = text("Name as shown")
    capacity = number(
        "Most lane units departing per `capacity_per` over all its lanes; empty: no limit", "lane units", minimum=0
    )
    capacity_per = choice(PER, "Period of the capacity", default="month")
    calendar = reference(
        "calendars", "Factor on the capacity over time; a factor of 0 closes the border", required=False
    )
    recovery_days = recovery_days()


class TransitLimits(dy.Schema):
    """Limits on how far what is delivered has travelled, as means over the horizon."""

    limit = key("Id of the limit")
    name = text("Name as shown")
    item = reference("items", "The item; this or `family`", required=False)
    family = label("All items of a family; this or `item`")
    crossings = number("Most border crossings per unit delivered; empty: no limit", "crossings", minimum=0)
    days = number("Most days in transit per unit delivered; empty: no limit", "days", minimum=0)


class OriginLimits(dy.Schema):
    """Limits on the share of the component cost that comes from outside a zone, over the horizon and all sites."""

    limit = key("Id of the limit")
    name = text("Name as shown")
    contract = reference(
        "contracts", "Products of this contract; this, `item` or `family`; all empty: all demanded", required=False
    )
    item = reference("items", "The product", required=False)
    family = label("All products of a family")
    instrument = choice(tuple(ORIGIN_ZONES), "Instrument whose zone is inside; this or `countries`")
    countries = pattern(
        r"^\s*[A-Z]{2}(\s*;\s*[A-Z]{2})*\s*$",
        "FR; UA",
        "Countries inside, separated by semicolons; this or `instrument`",
    )
    share = number(
        "Largest share of the estimated cost of the components used that comes from outside; what has no declared "
        "origin counts as outside",
        "share",
        minimum=0,
        maximum=1,
        required=True,
    )
    scope = choice(
        ("contract", "programme"),
        "contract: units are set aside for the deliveries of the contract, and the limit is on these alone; programme: "
        "the mix of all that is ordered and made over the horizon. Empty: contract if one is given, else programme",
    )
    stock = choice(
        ("counted", "left_out"),
        "counted: opening stock and receipts count in full, used or not; left_out: only what is ordered or made counts",
        default="counted",
    )
