"""The tables of a plan: what it does, what it delivers and what it costs."""

from __future__ import annotations

import dataframely as dy

from .columns import choice, date, flag, integer, label, number, text

AGREED = (
    *("border", "reservation", "share", "set", "fair_share", "export_floor", "transit_limit", "origin_limit", "cash"),
)
"""Kinds of agreements that may hold deliveries back."""


class Buckets(dy.Schema):
    """The time buckets of the plan."""

    bucket = integer("Bucket, counted from 0", part_of_key=True)
    start = date("First instant", required=True)
    end = date("First instant after the bucket", required=True)
    days = number("Length", "days", above=0, required=True)


class Runs(dy.Schema):
    """Runs started per process and bucket; firm runs of the input are not repeated here."""

    process = label("The process", part_of_key=True)
    site = label("Where it runs", required=True)
    bucket = integer("Bucket in which the runs start", part_of_key=True)
    quantity = number("Runs started", "runs", minimum=0, required=True)
    lots = integer("Lots that these runs are; empty where they need not be counted")
    cost = number("Cost of these runs, resources used included", "currency", required=True)


class Shipments(dy.Schema):
    """Units departing per lane, item and bucket."""

    lane = label("The lane", part_of_key=True)
    item = label("The item", part_of_key=True)
    from_site = label("Where it leaves", required=True)
    to_site = label("Where it arrives", required=True)
    bucket = integer("Bucket of departure", part_of_key=True)
    quantity = number("Units departing", "units", minimum=0, required=True)
    lots = integer("Shipments that these units are; empty where they need not be counted")
    cost = number("Cost of moving them", "currency", required=True)


class Purchases(dy.Schema):
    """Units ordered per supply and bucket."""

    supply = label("The supply", part_of_key=True)
    item = label("The item", required=True)
    site = label("Where it arrives", required=True)
    bucket = integer("Bucket of the order", part_of_key=True)
    quantity = number("Units ordered", "units", minimum=0, required=True)
    lots = integer("Orders that these units are; empty where they need not be counted")
    cost = number("Price paid", "currency", required=True)


class StockPlan(dy.Schema):
    """Balance of every item and site that the plan touches, bucket by bucket."""

    item = label("The item", part_of_key=True)
    site = label("The site", part_of_key=True)
    bucket = integer("Bucket", part_of_key=True)
    opening = number("Units at the start of the bucket", "units", required=True)
    received = number("Receipts on order and purchases that arrive", "units", required=True)
    produced = number("Output of runs", "units", required=True)
    moved_in = number("Arrivals over lanes", "units", required=True)
    consumed = number("Input of runs", "units", required=True)
    moved_out = number("Departures over lanes", "units", required=True)
    delivered = number("Deliveries to demands", "units", required=True)
    stood_in = number("Units of a newer version delivered or taken in here in its place", "units")
    stands_in = number("Units delivered or taken in here in place of an older version", "units")
    written_off = number("Units written off", "units")
    closing = number("Units at the end of the bucket", "units", required=True)
    holding_cost = number("Cost of holding the closing stock for the bucket", "currency", required=True)


class ResourceLoad(dy.Schema):
    """Use of every resource, bucket by bucket."""

    resource = label("The resource", part_of_key=True)
    site = label("Where it stands", required=True)
    bucket = integer("Bucket", part_of_key=True)
    capacity = number(
        "Capacity after calendar, efficiency, milestones, ramps and options", "resource units", required=True
    )
    firm = number("Used by runs under way and firm runs", "resource units", required=True)
    planned = number("Used by planned runs, joint set-ups and milestones", "resource units", required=True)
    overtime = number("Overtime worked beyond the capacity", "resource units", required=True)
    utilisation = number("Used over capacity and overtime; empty where there is none", "share")


class LearningCurve(dy.Schema):
    """Segments of the learning curves that the plan was made with, from the first run of the horizon on."""

    process = label("The process", part_of_key=True)
    resource = label("The resource whose load falls", part_of_key=True)
    line = integer("Line of the load", part_of_key=True)
    segment = integer("Segment, counted from 1", part_of_key=True)
    from_runs = number("Cumulative runs at which it begins", "runs", minimum=0, required=True)
    until_runs = number("Cumulative runs at which it ends; the last one goes on", "runs", minimum=0, required=True)
    load = number("Load of every run in it", "resource units/run", minimum=0, required=True)
    error = number(
        "Most by which the curve is below Wright's law, as a share of the load since the start, up to the end of the "
        "last segment",
        "share",
        minimum=0,
        required=True,
    )


class LearnedLoads(dy.Schema):
    """What runs take where that falls with cumulative runs, by the bucket in which they start."""

    process = label("The process", part_of_key=True)
    resource = label("The resource", part_of_key=True)
    line = integer("Line of the load", part_of_key=True)
    bucket = integer("Bucket in which the runs start", part_of_key=True)
    runs = number("Runs started", "runs", minimum=0, required=True)
    cumulative_runs = number("Runs ever made, with those of this bucket", "runs", minimum=0, required=True)
    load = number("What these runs take, by the curve of the plan", "resource units", minimum=0, required=True)
    by_law = number("What they take by Wright's law, without segments", "resource units", minimum=0, required=True)
    load_per_run = number("Load over runs", "resource units/run", minimum=0)


class Deliveries(dy.Schema):
    """Units delivered per demand and bucket."""

    demand = label("The demand", part_of_key=True)
    bucket = integer("Bucket of delivery", part_of_key=True)
    quantity = number("Units delivered", "units", minimum=0, required=True)
    late_days = number(
        "Days from the end of the due bucket to the end of this one; 0 when on time", "days", minimum=0, required=True
    )
    newer = number("Of these, units of a newer version than the one asked for; see stand_ins", "units", minimum=0)


class StandIns(dy.Schema):
    """Units of a newer version delivered or used in place of an older one."""

    site = label("Where", required=True)
    item = label("The version asked for", required=True)
    given = label("The newer version that is given", required=True)
    bucket = integer("Bucket")
    demand = label("The demand to which it is delivered; empty: runs take it in")
    quantity = number("Units", "units", minimum=0, required=True)


class WriteOffs(dy.Schema):
    """Stock that is written off."""

    item = label("The item", part_of_key=True)
    site = label("The site", part_of_key=True)
    bucket = integer("Bucket", part_of_key=True)
    quantity = number("Units written off", "units", minimum=0, required=True)
    loss = number("Their value in stock less what they bring", "currency", required=True)


class VersionChanges(dy.Schema):
    """How every newer version takes over from the one that it replaces, all sites together."""

    old = label("The older version", part_of_key=True)
    new = label("The newer version", part_of_key=True)
    stands_in_from = date("From when the newer one may stand in; empty: it never may, or always")
    obsolete_from = date("From when the older one is obsolete; empty: never")
    cut_in = date("Start of the first bucket in which the newer one is delivered or used; empty: never")
    first_delivery = date("End of the first bucket in which a unit of the newer one is delivered")
    last_delivery = date("End of the last bucket in which a unit of the older one is delivered")
    run_out = number("Units of the older one delivered or used from the cut-in on", "units", required=True)
    stood_in = number("Units of the newer one in place of an older one", "units", required=True)
    written_off = number("Units of the older one written off", "units", required=True)
    loss = number("What writing them off loses", "currency", required=True)
    left = number("Units of the older one in stock at the end", "units", required=True)


class VersionFlow(dy.Schema):
    """Versions over time, all sites together: what is made, delivered, used and left of each."""

    item = label("The version", part_of_key=True)
    bucket = integer("Bucket", part_of_key=True)
    produced = number("Output of runs", "units", required=True)
    delivered = number("Units of this version delivered, also in place of older ones", "units", required=True)
    used = number("Units of this version that runs take in, also in place of older ones", "units", required=True)
    written_off = number("Units written off", "units", required=True)
    closing = number("Units in stock at the end of the bucket", "units", required=True)


class DemandService(dy.Schema):
    """How every demand is served."""

    demand = label("The demand", part_of_key=True)
    item = label("The item", required=True)
    site = label("Where it is delivered", required=True)
    kind = label("Whose need it is", required=True)
    priority = integer("Tier", minimum=1)
    due = date("Due date", required=True)
    status = choice(
        ("on_time", "late", "short"),
        "on_time: all by the due bucket; late: all, some after it; short: some never",
        required=True,
    )
    asked = number("Units asked for", "units", required=True)
    on_time = number("Units delivered in or before the due bucket", "units", required=True)
    late = number("Units delivered after it", "units", required=True)
    unmet = number("Units not delivered within the horizon", "units", required=True)
    first_delivery = date("End of the bucket of the first delivery")
    last_delivery = date("End of the bucket of the last delivery")
    late_days = number(
        "Completion lateness: latest delivery minus due; a remainder counts to the horizon's end plus one bucket",
        "days",
        required=True,
    )
    late_unit_days = number(
        "Units times days late; unmet units count to the end of the horizon plus one bucket", "unit-days", required=True
    )
    earliest_possible = date("End of the first bucket in which any unit could be there, capacity aside; empty: never")


class Costs(dy.Schema):
    """What the plan costs, by kind and the row it comes from."""

    kind = choice(
        (
            "process",
            "setup",
            "resource",
            "transport",
            "purchase",
            "option",
            "overtime",
            "holding",
            "bridging",
            "terminal_value",
            "write_off",
            "changed_run",
            "changed_order",
            "changed_shipment",
            "changed_delivery",
            "lateness",
            "unmet",
            "income",
        ),
        "Kind of cost",
        required=True,
    )
    entity = label("Process, set-up group, resource, lane, supply, option, item/site, fund or demand", required=True)
    amount = number("Amount; income and terminal value are negative", "currency", required=True)


class Tiers(dy.Schema):
    """The stages of the optimisation, in the order in which they were solved."""

    stage = label("tier_1, tier_2, ...; cost or money", required=True)
    unit = text("Unit of the value", required=True)
    value = number("Value of the plan in this stage", "unit of the stage", required=True)
    bound = number(
        "Proven: no plan that keeps the earlier stages is better; empty where nothing was proven", "unit of the stage"
    )
    gap = number("(value - bound) / max(|value|, 1); empty where nothing was proven", "share")
    seconds = number("Time to solve the stage", "s", required=True)
    status = choice(
        ("optimal", "time_limit", "unproven"),
        "optimal: value and bound agree within the gap; time_limit: time ran out; unproven: the solver got no further",
        required=True,
    )


class Bottlenecks(dy.Schema):
    """Limits that bind, with the worth of one unit more and one unit less."""

    kind = choice(
        ("resource", "supply", "supply_total", "lane", "rate", "stock_maximum"), "Kind of limit", required=True
    )
    entity = label("The resource, supply, lane, process or stock", required=True)
    site = label("Where", required=True)
    bucket = integer("Bucket; -1 for the whole horizon", minimum=-1)
    stage = label("The stage whose value changes", required=True)
    unit = text("Unit of the marginal values", required=True)
    limit = number("The limit in force", "unit of the limit", required=True)
    one_more = number(
        "Change of the stage's value with one unit more (negative is better)", "unit of the stage", required=True
    )
    one_less = number("Change of the stage's value with one unit less; empty where there is none", "unit of the stage")
    buckets_binding = integer("Buckets in which this limit binds in this stage")
    first_binding = date("Start of the first of them")
    last_binding = date("End of the last of them")
    file = text("File of the cell that sets the limit", required=True)
    cell = text("That cell", required=True)


class Reasons(dy.Schema):
    """Why demands are late or short: what each limit alone, if it were lifted, would save; what helps most first."""

    demand = label("The late or short demand", part_of_key=True)
    rank = integer("Order within the demand, from 1: what helps most first", minimum=1, part_of_key=True)
    kind = choice(
        (
            "before_start",
            "resource",
            "rate",
            "supply",
            "supply_total",
            "lane",
            "window",
            "calendar",
            "lead_time",
            "material",
            "stock_minimum",
            "stock_maximum",
            *AGREED,
            "frozen",
            "milestone",
            "option",
            "people",
            "lots",
            "cost",
        ),
        "before_start: no limit that could be lifted is left, the programme starts too late for it; resource, rate (of "
        "a process), supply, supply_total, lane: its capacity; window: from or until when it may be used; calendar: "
        "when it rests; lead_time: of a process, supply or lane; material: nothing brings the item there beyond what "
        "is given; stock_minimum, stock_maximum: stock to keep; border, reservation, share: what was agreed on "
        "crossings, capacity and work; set, fair_share, export_floor, transit_limit, origin_limit: it could be "
        "earlier, but this agreement on deliveries holds it back; cash: it could be earlier, but this contract keeps "
        "to its budget or waits for its money; frozen: the near horizon is frozen; milestone: it "
        "is awaited; option: one more of it, ordered as early as may be; people: capacity of people; lots: parts of "
        "lots would bring it earlier, and the plan starts whole ones; cost: it could be "
        "earlier without making anybody else later, but the plan saves money by it, or ran out of time before it was "
        "found",
        required=True,
    )
    entity = label("Process, resource, supply, lane, or item/site; empty where the start of the programme limits")
    site = label("Where; of a lane, where it leaves")
    first = date("Start of the first bucket in which it holds the demand back", required=True)
    last = date("End of the last such bucket", required=True)
    saved = number("Late unit-days of this demand saved if this limit alone were lifted", "unit-days", minimum=0)
    price = number("Of an option: what one more costs, running included, ordered as early as may be", "currency")
    left = number(
        "Late unit-days of this demand left if this limit and all above it were lifted; empty for one that would help "
        "too, but is not needed beside those above it",
        "unit-days",
        minimum=0,
    )
    enough = flag("Lifting this limit alone brings the demand on time")
    file = text("File of the cell that sets the limit")
    cell = text("That cell")
