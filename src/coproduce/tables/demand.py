"""What is asked for: quantities of an item at a site by a date."""

from __future__ import annotations

import dataframely as dy

from .columns import choice, currency, date, flag, integer, key, label, number, reference, references, text


class Demands(dy.Schema):
    """Quantities to be delivered, with a due date and a priority."""

    demand = key("Id of the demand")
    name = text("Name as shown")
    item = reference("items", "The item asked for")
    site = reference("sites", "Where it is delivered")
    quantity = number("Units asked for", "units", minimum=0, required=True)
    unit = text("Unit of the quantity, checked against the item's")
    due = date("Due date; a delivery in or before the bucket that holds it is on time", required=True)
    earliest = date("No delivery before the bucket that holds this date; empty: as soon as possible")
    requires = references(
        "milestones",
        "No delivery before these milestones are reached, separated by semicolons",
        example="permit; tooling",
    )
    kind = choice(("domestic", "partner", "export", "stockpile", "fleet"), "Whose need it is", default="domestic")
    party = reference("parties", "Customer", required=False)
    priority = integer("Tier; 1 is served first", minimum=1, default=1)
    weight = number("Weight of a late unit-day inside the tier", "1", above=0, default=1.0)
    maximum_late_days = number("No delivery later than this after the due date; empty: no limit", "days", minimum=0)
    price = number(
        "Income from one unit delivered (money objective, value at stake)", "currency/unit", minimum=0, default=0.0
    )
    late_cost = number("Cost of one unit one day late (money objective)", "currency/unit/day", minimum=0)
    unmet_cost = number(
        "Cost of one unit never delivered, beside its lateness (money objective)",
        "currency/unit",
        minimum=0,
        default=0.0,
    )
    currency = currency()
    set = reference("sets", "Set of demands that count only together", required=False)
    contract = label("Contract or programme line, for grouping in results")
    minimum_shipment = number(
        "Fewest units delivered in a bucket, unless the whole quantity is less; empty: any amount", "units", minimum=0
    )
    all_or_nothing = flag("Deliver the whole quantity in one bucket or nothing")
    change_price = number(
        "Cost of one unit delivered one day later than the baseline promised; earlier is no change; empty: free",
        "currency/unit/day",
        minimum=0,
    )
