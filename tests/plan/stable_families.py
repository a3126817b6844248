"""The tiny programme of the families of plan stability, for the expected texts of their blocks: three weeks."""

from __future__ import annotations

from agreed_families import LANE, programme, wanted, week

from coproduce.tables import Tables


def stable() -> Tables:
    """Return a process, a supply and a lane, four demands of which one was delivered, and a plan that began before."""
    return programme(
        programme=[{"name": "tiny", "currency": "EUR", "start": week(0), "buckets": "3 weeks",
                    "frozen_until": week(7)}],
        processes=[{"process": "p", "site": "a", "change_price": 2.0}],
        flows=[{"process": "p", "item": "part", "quantity": 1.0}],
        supplies=[{"supply": "s", "item": "part", "site": "b", "change_price": 3.0}],
        lanes=[LANE | {"lane": "l", "change_price": 1.0, "start_from": week(7)}],
        stocks=[{"item": "part", "site": "a", "opening": 9.0}],
        demands=[wanted("d1", 4.0, 8, change_price=5.0), wanted("d2", 2.0, 8),
                 *(wanted(name, 1.0, 15) for name in ("d3", "d4"))],
        baseline=[
            {"kind": "horizon", "start": week(-7), "end": week(14)},
            {"kind": "run", "entity": "p", "start": week(-7), "end": week(7), "quantity": 6.0},
            {"kind": "run", "entity": "p", "start": week(7), "end": week(14), "quantity": 4.0},
            {"kind": "order", "entity": "s", "start": week(7), "end": week(21), "quantity": 8.0},
            {"kind": "delivery", "entity": "d1", "start": week(0), "end": week(7), "quantity": 1.0},
            {"kind": "delivery", "entity": "d1", "start": week(7), "end": week(14), "quantity": 4.0},
        ],
    )  # fmt: skip
