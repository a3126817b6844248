"""Baselines that the hand-made plan of `audit_case` departs from, and departures that one check must find."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from audit_case import ENDS, Frames, Row, day

Plant = Callable[[Frames, Frames], None]
PARTS = {"run": ("runs", "process"), "order": ("purchases", "supply"), "shipment": ("shipments", "lane"),
         "delivery": ("deliveries", "demand")}  # fmt: skip
SOURCES = {"run": "processes", "order": "supplies", "shipment": "lanes", "delivery": "demands"}


def baseline_like(outputs: Frames) -> list[Row]:
    """Return the baseline that the plan itself makes."""
    rows: list[Row] = [{"kind": "horizon", "entity": None, "start": day(0), "end": day(89)}]
    for kind, (table, column) in PARTS.items():
        for row in outputs[table]:
            ends = {"start": day((0, *ENDS)[row["bucket"]]), "end": day(ENDS[row["bucket"]])}
            item = row["item"] if kind == "shipment" else None
            rows.append({"kind": kind, "entity": row[column], "item": item, "quantity": row["quantity"], **ends})
    return rows


def otherwise(kind: str, less: float = 1.0, price: float | None = None, **shown: Any) -> Plant:
    """Let the baseline do less in the first row of a kind, and show the change: by default as it is.

    A delivery is moved to the week before instead, so that the plan is behind its promise for a week.
    """

    def plant(inputs: Frames, outputs: Frames) -> None:
        inputs["baseline"] = baseline_like(outputs)
        row = next(one for one in inputs["baseline"] if one["kind"] == kind)
        before = row["quantity"]
        row["quantity"] = before - less
        bucket = [day(at) for at in (0, *ENDS)].index(row["start"])
        cells = {"kind": kind, "entity": row["entity"], "item": "gear", "bucket": bucket, "start": row["start"],
                 "before": before - less, "after": before, "change": less, "behind": None, "cost": 0.0,
                 "unit": "piece"}  # fmt: skip
        if price is not None:
            next(one for one in inputs[SOURCES[kind]] if row["entity"] in one.values())["change_price"] = price
        if shown.get("entity", "") is not None:
            outputs["baseline_changes"] = [cells | shown]

    return plant


def promised(**shown: Any) -> Plant:
    """Let the baseline deliver 8 units to `in_time` a week earlier, in the third week, at 0.5 a unit and day: 28."""

    def plant(inputs: Frames, outputs: Frames) -> None:
        inputs["baseline"] = baseline_like(outputs)
        row = next(one for one in inputs["baseline"] if one["entity"] == "in_time")
        row |= {"start": day(14), "end": day(21)}
        next(one for one in inputs["demands"] if one["demand"] == "in_time")["change_price"] = 0.5
        same = {"kind": "delivery", "entity": "in_time", "item": "gear", "unit": "piece"}
        outputs["baseline_changes"] = [
            {**same, "bucket": 2, "start": day(14), "before": 8.0, "after": 0.0, "change": -8.0, "behind": 8.0,
             "cost": 28.0, **shown},
            {**same, "bucket": 3, "start": day(21), "before": 0.0, "after": 8.0, "change": 8.0, "behind": 0.0,
             "cost": 0.0},
        ]  # fmt: skip

    return plant


def frozen(plant: Plant) -> Plant:
    """Freeze the first week as well."""

    def both(inputs: Frames, outputs: Frames) -> None:
        plant(inputs, outputs)
        inputs["programme"][0]["frozen_until"] = day(3)

    return both


def paid(plant: Plant, kind: str, entity: str, amount: float) -> Plant:
    """Show what changes cost in the table of costs and in the value of the stage, 355.023 without them."""

    def both(inputs: Frames, outputs: Frames) -> None:
        plant(inputs, outputs)
        outputs["costs"].append({"kind": kind, "entity": entity, "amount": amount})
        value = 355.023 + amount
        outputs["tiers"][2] |= {"value": value, "bound": value * 0.99}

    return both


STABLE: dict[str, list[Plant]] = {
    "A982": [frozen(otherwise("run")), frozen(otherwise("order", less=-1.0))],
    "A983": [otherwise("run", before=8.0), otherwise("shipment", change=2.0),
             paid(promised(behind=7.0), "changed_delivery", "in_time", 28.0)],
    "A984": [paid(otherwise("run", price=2.0), "changed_run", "forge", 2.0),
             paid(promised(cost=14.0), "changed_delivery", "in_time", 28.0)],
    "A985": [otherwise("run", entity=None), otherwise("shipment", entity=None)],
    "A986": [otherwise("run", price=2.0, cost=2.0)],
    # 2 dollars at 0.5
    "A987": [otherwise("order", price=2.0, cost=1.0)],
    "A988": [otherwise("shipment", price=3.0, cost=3.0)],
    "A989": [promised()],
}  # fmt: skip
