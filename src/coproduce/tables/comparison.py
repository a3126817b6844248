"""The tables of a comparison: figures of several runs side by side, each with its difference from the first run."""

from __future__ import annotations

import dataframely as dy

from .columns import choice, date, integer, label, number, text

_BASE = "empty for the first run and where the two cannot be compared"


class ComparedRuns(dy.Schema):
    """The runs that are compared; all differences are from the first."""

    run = text("Name of the run: its scenario, or its folder", required=True)
    folder = text("Folder of the result", required=True)
    programme = text("Name of the programme", required=True)
    scenario = text("Scenario; empty: the programme as it stands")
    start = date("Start of the horizon", required=True)
    end = date("First instant after it", required=True)
    buckets = text("Lengths of the buckets", required=True)
    currency = text("Currency", required=True)
    objective = text("Objective", required=True)
    status = text("Whether every stage was solved to the gap", required=True)
    gap = number("Gap of the last stage before the tidy one", "share")
    audit = text("Outcome of the audit", required=True)
    input_hash = text("Identity of the input as planned", required=True)
    version = text("Version that planned it", required=True)


class ComparedChanges(dy.Schema):
    """What each scenario changes."""

    run = text("The run", required=True)
    scenario = label("Scenario of the line", required=True)
    line = integer("Line", minimum=1)
    words = text("What it changes", required=True)
    remark = text("Why")
    cell = text("The cell that says so", required=True)


class ComparedFigures(dy.Schema):
    """Key figures of each run."""

    figure = choice(
        ("demands", "on_time", "late", "short", "late_unit_days", "cost"),
        "demands, and how many of them are on_time, late or short; late_unit_days: units times days late; cost",
        required=True,
    )
    unit = text("Unit", required=True)
    run = text("The run", required=True)
    value = number("The figure", "unit of the row", required=True)
    difference = number(f"From the first run; {_BASE}", "unit of the row")


class ComparedStages(dy.Schema):
    """Stages of each run, and how far the best possible plans differ from those of the first run."""

    stage = label("The stage", required=True)
    unit = text("Unit of the values", required=True)
    run = text("The run", required=True)
    value = number("Value of the plan", "unit of the stage", required=True)
    bound = number("Proven: no plan that keeps the earlier stages is better", "unit of the stage")
    gap = number("(value - bound) / max(|value|, 1)", "share")
    status = text("optimal, time_limit or unproven", required=True)
    difference = number(f"Value less that of the first run; {_BASE}", "unit of the stage")
    least = number(
        f"Least that the best values can differ: bound less the value of the first run; {_BASE}", "unit of the stage"
    )
    most = number(
        f"Most that the best values can differ: value less the bound of the first run; {_BASE}", "unit of the stage"
    )


class ComparedDeliveries(dy.Schema):
    """Units asked for and delivered, by item and calendar year."""

    item = label("The item", required=True)
    unit = text("Its unit", required=True)
    year = integer("Calendar year: of the due date, and of the start of the bucket of delivery", minimum=0)
    run = text("The run", required=True)
    asked = number("Units due in the year", "units", required=True)
    delivered = number("Units delivered in it", "units", required=True)
    difference = number(f"Units delivered less those of the first run; {_BASE}", "units")


class ComparedCosts(dy.Schema):
    """Cost by kind."""

    kind = text("Kind of cost", required=True)
    currency = text("Currency", required=True)
    run = text("The run", required=True)
    amount = number("Amount; income and terminal value are negative", "unit of the row", required=True)
    difference = number(f"Amount less that of the first run; {_BASE}", "unit of the row")


class ComparedDemands(dy.Schema):
    """How every demand is served in each run."""

    demand = label("The demand", required=True)
    item = label("The item", required=True)
    unit = text("Its unit", required=True)
    run = text("The run", required=True)
    due = date("Due date", required=True)
    status = text("on_time, late or short", required=True)
    asked = number("Units asked for", "units", required=True)
    delivered = number("Units delivered within the horizon", "units", required=True)
    last_delivery = date("End of the bucket of the last delivery")
    late_unit_days = number("Units times days late", "unit-days", required=True)
    moved_days = number(f"Last delivery later (or earlier, negative) than in the first run; {_BASE}", "days")
    difference = number(f"Late unit-days less those of the first run; {_BASE}", "unit-days")


class ComparedLimits(dy.Schema):
    """Limits that bind in at least one run, with the worth of one unit more."""

    kind = text("Kind of limit", required=True)
    entity = label("The resource, supply, lane, process or stock", required=True)
    site = label("Where", required=True)
    stage = label("The stage whose value changes", required=True)
    unit = text("Unit of the worth", required=True)
    run = text("The run", required=True)
    binds = choice(("yes", "no"), "Whether it is among the limits of the run that bind", required=True)
    one_more = number("Change of the stage's value with one unit more (negative is better)", "unit of the stage")
    first_binding = date("Start of the first bucket in which it binds")
    last_binding = date("End of the last")
    cell = text("The cell that sets it")


class ComparedResources(dy.Schema):
    """Use of every resource over the horizon."""

    resource = label("The resource", required=True)
    site = label("Where it stands", required=True)
    unit = text("Its unit", required=True)
    run = text("The run", required=True)
    capacity = number("Capacity over the horizon", "unit of the row", required=True)
    used = number("Used over the horizon, by firm and planned runs", "unit of the row", required=True)
    utilisation = number("Used over capacity", "share")
    peak = number("Highest utilisation of a bucket", "share")
    difference = number(f"Used less what the first run uses; {_BASE}", "unit of the row")


class ComparedOverTime(dy.Schema):
    """Units delivered by the end of every bucket of any run, added up from the start."""

    item = label("The item", required=True)
    unit = text("Its unit", required=True)
    start = date("Start of the period", required=True)
    end = date("End of the period: that of a bucket of at least one run", required=True)
    run = text("The run", required=True)
    delivered = number("Units delivered by then, a bucket's at its end; empty outside its horizon", "units")


class ComparedNotes(dy.Schema):
    """What could not be compared, and why."""

    run = text("The run", required=True)
    note = text("What is not compared with the first run", required=True)
