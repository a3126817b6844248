"""Agreements that the hand-made plan of `audit_case` breaks; the table of agreements says so, that one check fails."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from audit_case import Frames, Row, day

Plant = Callable[[Frames, Frames], None]


def exposure_of(inputs: Frames, outputs: Frames) -> list[Row]:
    """Return the rows of `exposure` that the shipments make; those that name something unknown have none."""
    lanes = {row["lane"]: row for row in inputs["lanes"]}
    items = {row["item"] for row in inputs["items"]}
    sums: dict[tuple[str, str], Row] = {}
    for row in outputs["shipments"]:
        lane = lanes.get(row["lane"])
        if lane is None or row["item"] not in items or not 0 <= row["bucket"] < 6:
            continue
        ends = {"from_site": lane["from_site"], "to_site": lane["to_site"], "border": lane.get("border")}
        empty = {"item": row["item"], "lane": row["lane"], **ends, "quantity": 0.0, "crossings": 0.0, "transit": 0.0}
        one = sums.setdefault((row["item"], row["lane"]), empty)
        one["quantity"] += row["quantity"]
        one["crossings"] += row["quantity"] * (ends["border"] is not None)
        one["transit"] += row["quantity"] * lane["lead_days"]
    return list(sums.values())


def agreed(table: str, kind: str, cells: Row, row: Row, *changes: Plant) -> Plant:
    """Agree on something, and show it in the table of agreements: `row` holds dates, value, limits and kept."""

    def plant(inputs: Frames, outputs: Frames) -> None:
        inputs.setdefault(table, []).append(cells)
        name = next(iter(cells.values()))
        shown = {"kind": kind, "agreement": name, "unit": "unit", "kept": False, "file": "memory", "cell": table}
        outputs.setdefault("agreements", []).append({**shown, **row})
        for change in changes:
            change(inputs, outputs)

    return plant


def given(table: str, row: int, **cells: Any) -> Plant:
    """Change cells of an input table."""
    return lambda inputs, _: inputs[table][row].update(cells)


def found(table: str, row: int, **cells: Any) -> Plant:
    """Change cells of a result table."""
    return lambda _, outputs: outputs[table][row].update(cells)


def cost(**cells: Any) -> Plant:
    """Say what leaving out all agreements changes in the cost: 355.023, at least 0.99 of it, with them."""
    row = {"kind": "all", "agreement": "all", "stage": "cost", "unit": "EUR", "value_with": 355.023,
           "bound_with": 355.023 * 0.99, "value_without": 300.0, "bound_without": 299.0,
           "low": 355.023 * 0.99 - 300.0, "high": 355.023 - 299.0}  # fmt: skip
    return lambda _, outputs: outputs.setdefault("agreement_costs", []).append({**row, **cells})


WHOLE: Row = {"first": day(0), "last": day(89)}
FRENCH = given("sites", 0, country="FR")
# All hours of the press are at A, in France: share 1.
HOURS = {"share": "work", "country": "FR", "measure": "hours"}
# Of `in_time` all is delivered in bucket 3, of `short` nothing.
APART = (given("demands", 1, set="pair"), given("demands", 3, set="pair"))
# Of what is due to p by the end, all of 4 units is delivered; to q, 3 of 6.
CUSTOMERS = (
    lambda inputs, _: inputs.setdefault("parties", []).extend([{"party": "p"}, {"party": "q"}]),
    given("demands", 2, party="p"),
    given("demands", 3, party="q"),
)
# The overdue gear goes abroad in the second week, when 4 are due at home and none has been delivered there.
ABROAD = (given("demands", 0, kind="export"), found("demand_service", 0, kind="export"))
GATE = given("lanes", 0, border="gate")
# 24 lane units depart in the third week.
BORDER: Row = {"first": day(14), "last": day(21), "value": 24.0, "most": 28.0, "kept": True}
# 16 gears travel 7 days each, 16 are delivered.
NEAR: Row = {"limit": "near", "item": "gear", "days": 6.0}

# 15 runs take 30 bolts at 2 EUR: 60 EUR of components. 6 bolts are ordered from US, 12 EUR; what is in stock and on
# order is from FR. 16 gears delivered can have used 16 x 2 x 2 / 0.8 = 80 EUR, which limits nothing.
BOLTS = (given("items", 0, component_cost=2.0), given("supplies", 0, origin="US"), given("stocks", 0, origin="FR"),
         given("receipts", 0, origin="FR"))  # fmt: skip
CEILING: Row = {"limit": "o", "item": "gear", "instrument": "SAFE", "share": 0.19}

# What is set aside for the contract of `late`: the 4 gears sent in the third week, made by 5 runs of the first, of
# 10 bolts: 7 of the stock from FR and 3 ordered from US. Of the 6 ordered 3 arrive by day 7.
OWN: Row = {"limit": "o", "contract": "c", "instrument": "SAFE", "share": 0.3}
ASIDE: list[Row] = [
    {"kind": "opening", "item": "bolt", "site": "A", "bucket": 0, "quantity": 7.0},
    {"kind": "purchase", "name": "bolts", "item": "bolt", "site": "A", "bucket": 0, "quantity": 3.0},
    {"kind": "run", "name": "forge", "item": "gear", "site": "A", "start": 0, "bucket": 1, "quantity": 4.0},
    {"kind": "shipment", "name": "road", "item": "gear", "site": "A", "start": 2, "bucket": 3, "quantity": 4.0},
]


def aside(limit: Row, value: float, *changes: tuple[int, Row]) -> Plant:
    """Set the gears of `late` aside, with changes of the rows of `ASIDE` by number."""

    def plant(inputs: Frames, outputs: Frames) -> None:
        inputs["parties"], inputs["contracts"] = [{"party": "p"}], [{"contract": "c", "buyers": "p"}]
        inputs["demands"][2]["contract"] = "c"
        rows = [{"contract": "c", "name": None, "start": None, **row} for row in ASIDE]
        for at, cells in changes:
            rows[at] = rows[at] | cells
        outputs["earmarks"] = rows

    shown = {**WHOLE, "value": value, "most": limit["share"], "kept": value <= limit["share"] + 1e-9}
    return agreed("origin_limits", "origin_limit", limit, shown, *BOLTS, plant)


AGREED: dict[str, list[Plant]] = {
    "A951": [
        agreed("shares", "share", {**HOURS, "maximum": 0.5}, {**WHOLE, "value": 1.0, "most": 0.5}, FRENCH),
        agreed("shares", "share", {**HOURS, "country": "UA", "minimum": 0.1}, {**WHOLE, "value": 0.0, "least": 0.1}),
        agreed("shares", "share", {**HOURS, "measure": "value", "maximum": 0.5, "tolerance": 0.1},
               {**WHOLE, "value": 1.0, "most": 0.6}, FRENCH, given("processes", 0, work_value=5.0)),
        # A gear is worth 20, 0.8 of it come out of a run; 2 bolts at 3 go in: a run adds 10, all at A.
        agreed("shares", "share", {**HOURS, "measure": "value", "maximum": 0.5, "item": "gear"},
               {**WHOLE, "value": 1.0, "most": 0.5}, FRENCH,
               given("items", 0, unit_value=3.0), given("items", 1, unit_value=20.0)),
    ],
    "A952": [agreed("sets", "set", {"set": "pair"}, {**WHOLE, "value": 1.0}, *APART)],
    "A953": [
        agreed("fair_shares", "fair_share", {"rule": "even", "priority": 2, "tolerance": 0.3},
               {"first": day(59), "last": day(89), "value": 0.5, "most": 0.3}, *CUSTOMERS)
    ],
    "A954": [
        agreed("export_floors", "export_floor", {"floor": "home", "item": "gear", "share": 1.0},
               {"first": day(7), "last": day(14), "value": 0.0, "least": 4.0}, *ABROAD),
        # 3 a week are 6 by the end of the second, but only 4 are due.
        agreed("export_floors", "export_floor", {"floor": "home", "item": "gear", "quantity": 3.0,
               "quantity_per": "week"}, {"first": day(7), "last": day(14), "value": 0.0, "least": 4.0}, *ABROAD),
    ],
    "A955": [
        # 50 hours less 35 less 280/11 of firm runs leave nothing in the first week, where 20 hours are planned.
        agreed("reservations", "reservation", {"reservation": "kept", "resource": "press", "processes": "survey",
               "share": 0.7}, {"first": day(0), "last": day(7), "value": 20.0, "most": 0.0}),
        agreed("reservations", "reservation", {"reservation": "kept", "resource": "press", "party": "p",
               "quantity": 5.0, "quantity_per": "day"}, {"first": day(0), "last": day(7), "value": 20.0, "most": 0.0},
               CUSTOMERS[0]),
    ],
    "A956": [
        agreed("borders", "border", {"border": "gate", "capacity": 1.0, "capacity_per": "day"},
               {**BORDER, "most": 7.0, "kept": False}, GATE),
        # Closed in the third week, to gears of no size as well.
        agreed("borders", "border", {"border": "gate", "calendar": "shut"},
               {**BORDER, "value": 0.0, "most": 0.0, "kept": False}, GATE, given("items", 1, transport_size=0.0),
               lambda inputs, _: inputs["calendars"].append(
                   {"calendar": "shut", "factor": 0.0, "start": day(14), "end": day(21)})),
    ],
    "A957": [
        agreed("transit_limits", "transit_days", NEAR, {**WHOLE, "value": 7.0, "most": 6.0}),
        agreed("transit_limits", "transit_crossings", {"limit": "near", "item": "gear", "crossings": 0.9},
               {**WHOLE, "value": 1.0, "most": 0.9}, GATE),
    ],
    "A991": [
        agreed("origin_limits", "origin_limit", CEILING, {**WHOLE, "value": 0.2, "most": 0.19}, *BOLTS),
        # What is not declared is outside.
        agreed("origin_limits", "origin_limit", CEILING, {**WHOLE, "value": 0.2, "most": 0.19}, *BOLTS,
               given("supplies", 0, origin=None)),
        # With receipts from US (5 bolts), 22 of 60 EUR; UA is another country than FR.
        agreed("origin_limits", "origin_limit", {**CEILING, "instrument": None, "countries": "FR; UA", "share": 0.3},
               {**WHOLE, "value": 22 / 60, "most": 0.3}, *BOLTS, given("receipts", 0, origin="US")),
        # Without stock and receipts 6 bolts came from outside the programme, all of them from US.
        agreed("origin_limits", "origin_limit", {**CEILING, "stock": "left_out", "share": 0.9},
               {**WHOLE, "value": 1.0, "most": 0.9}, *BOLTS),
        # Of all that is demanded, which is gears.
        agreed("origin_limits", "origin_limit", {**CEILING, "item": None}, {**WHOLE, "value": 0.2, "most": 0.19},
               *BOLTS),
        # 3 of 10 bolts set aside are from US.
        aside({**OWN, "share": 0.29}, 0.3),
        # Without the stock all of them are.
        aside({**OWN, "stock": "left_out"}, 1.0),
    ],
    "A992": [
        # Of the order 3 bolts arrive in the first week, 3.5 are set aside; a receipt is not an opening stock.
        aside({**OWN, "share": 0.35}, 0.35, (0, {"quantity": 6.5}), (1, {"quantity": 3.5})),
        aside(OWN, 0.3, (0, {"name": "r1"})),
        # No run starts in the second week.
        aside(OWN, 0.3, (2, {"start": 1})),
    ],
    "A993": [
        # 9 bolts for 5 runs, 3 gears for 4, and 4 gears of which 3 are sent.
        aside({**OWN, "share": 0.35}, 3 / 9, (0, {"quantity": 6.0})),
        aside({**OWN, "share": 0.5}, 3 / 7.5, (0, {"quantity": 4.5}), (2, {"quantity": 3.0})),
        aside(OWN, 0.3, (3, {"quantity": 3.0})),
    ],
    "A995": [
        aside({**OWN, "scope": "programme", "share": 0.3}, 0.2),
    ],
    "A958": [
        lambda inputs, _: inputs.setdefault("borders", []).append({"border": "gate", "capacity": 1e3}),
        agreed("borders", "border", {"border": "gate", "capacity": 4.0, "capacity_per": "day"},
               {**BORDER, "last": day(22)}, GATE),
    ],
    "A959": [
        agreed("borders", "border", {"border": "gate", "capacity": 4.0, "capacity_per": "day"},
               {**BORDER, "value": 23.0}, GATE),
        agreed("borders", "border", {"border": "gate", "capacity": 4.0, "capacity_per": "day"},
               {**BORDER, "most": None}, GATE),
    ],
    "A960": [
        agreed("borders", "border", {"border": "gate", "capacity": 4.0, "capacity_per": "day"},
               {**BORDER, "kept": False}, GATE)
    ],
    "A961": [cost(low=60.0), cost(high=40.0), cost(high=None)],
    "A962": [cost(value_with=350.0, high=350.0 - 299.0), cost(stage="tier_7")],
    "A963": [lambda inputs, outputs: outputs.update(exposure=[
        {**row, "transit": row["transit"] + 1} for row in exposure_of(inputs, outputs)])],
}  # fmt: skip
