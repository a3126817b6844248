"""Joint set-ups in the hand-made plan of `audit_case`, and what one check of them must find."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from audit_case import Frames, Row

Plant = Callable[[Frames, Frames], None]


def shared(*set_ups: Row, amount: float = 7.0) -> Plant:
    """Let `survey` share a set-up of 7 euros, start 1 run of it in bucket 1, and state some set-ups.

    A run of `survey` moves, loads and costs nothing; it counts in the tidy stage alone.
    """

    def plant(inputs: Frames, outputs: Frames) -> None:
        inputs["setup_groups"] = [{"setup_group": "bench", "site": "A", "cost": 7.0}]
        inputs["processes"][1]["setup_group"] = "bench"
        outputs["runs"].append({"process": "survey", "site": "A", "bucket": 1, "quantity": 1.0, "cost": 0.0})
        outputs["setups"] = list(set_ups)
        outputs["costs"].append({"kind": "setup", "entity": "bench", "amount": amount})
        for row, more in ((2, amount), (3, 1.0)):
            value = outputs["tiers"][row]["value"] + more
            outputs["tiers"][row].update(value=value, bound=value * 0.99)

    return plant


def set_up(**cells: Any) -> Row:
    return {"setup_group": "bench", "site": "A", "bucket": 1, "cost": 7.0} | cells


def taking(inputs: Frames, outputs: Frames) -> None:
    """Let the set-up take 2 hours of the press, 6 euros, that the table of its load leaves out."""
    shared(set_up(cost=13.0))(inputs, outputs)
    inputs["setup_loads"] = [{"setup_group": "bench", "resource": "press", "quantity": 2.0}]
    outputs["resource_load"][1]["utilisation"] += 2.0 / 50.0
    next(row for row in outputs["costs"] if row["kind"] == "resource")["amount"] += 6.0
    value = outputs["tiers"][2]["value"] + 6.0
    outputs["tiers"][2].update(value=value, bound=value * 0.99)


JOINT: dict[str, list[Plant]] = {
    "A106": [shared(set_up(), set_up(setup_group="ghost"))],
    "A107": [shared(set_up(site="B"))],
    "A304": [taking],
    "A761": [shared(set_up(bucket=2))],
    "A104": [shared(set_up(), set_up(), amount=14.0)],
    "A762": [shared(set_up(cost=6.0))],
    "A763": [shared(set_up(), amount=8.0)],
}
SOUND = shared(set_up())
