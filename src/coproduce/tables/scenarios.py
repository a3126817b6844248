"""Scenarios: named lists of changes to the other tables, each planned beside the programme as it stands."""

from __future__ import annotations

import dataframely as dy

from .columns import choice, integer, label, text

ACTIONS = ("set", "scale", "shift", "add", "remove", "include")
"""Write a value; multiply numbers; move dates and add to numbers; new rows; rows away; all of another scenario."""


class Scenarios(dy.Schema):
    """What would be different in a scenario: one row a change, made in the order of the lines."""

    scenario = label("Name of the scenario; all its lines repeat it", part_of_key=True)
    line = integer("Order in which its changes are made", minimum=1, part_of_key=True)
    table = text("Table to change; programme for a setting; empty only for include")
    where = text(
        "Rows to change, as in border = PL-UA; kind in train|road; empty: every row (remove needs * for that; "
        "add: the rows to copy)"
    )
    column = text("Column to change; empty for add, remove and include")
    action = choice(
        ACTIONS,
        "set: write the value; scale: multiply numbers by it; shift: add it to numbers, move dates by it (days, or as "
        "in 2 months); add: a new row; remove: rows; include: all lines of the scenario named in value",
        required=True,
    )
    value = text(
        "New value, (empty) to empty the cell; factor; shift; for add the cells of the row, as in "
        "lane = bypass; lead_days = 12"
    )
    remark = text("Why, and where the figure is from")
