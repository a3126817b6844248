"""Few whole numbers are planned as linear programmes side by side, and give what branch and bound gives."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest
from programmes import Row, tables_of

from coproduce import api
from coproduce.compile import compile_network
from coproduce.errors import InfeasibleError
from coproduce.plan import lattice
from coproduce.plan.assemble import assemble
from coproduce.tables import Tables

START = datetime(2026, 1, 5)
SEEDS = range(0, 80, 1 if os.environ.get("COPRODUCE_ALL_SEEDS") else 10)


def ordered_at_once(*options: Row, final: float = 0.0) -> Tables:
    """Return five weeks of 5 gears each, 20 of them due in week 2; options add gears, and can be ordered in week 0."""
    names = [row["option"] for row in options]
    return tables_of(
        {
            "programme": [{"name": "few", "start": START, "buckets": "5 weeks", "currency": "EUR", "gap": 1e-9}],
            "sites": [{"site": "a"}],
            "items": [{"item": "gear", "unit": "piece"}],
            "stocks": [{"item": "gear", "site": "a", "final_min": final}],
            "processes": [{"process": "make", "site": "a", "cost": 1.0}],
            "flows": [{"process": "make", "item": "gear", "quantity": 1.0}],
            "resources": [{"resource": "shop", "site": "a", "unit": "hour", "capacity": 5.0, "capacity_per": "week"}],
            "loads": [{"process": "make", "resource": "shop", "quantity": 1.0}],
            "options": [
                {name: cell for name, cell in row.items() if name != "adds"}
                | {"order_from": START, "order_until": START + timedelta(days=7)}
                for row in options
            ],
            "option_capacity": [
                {"option": name, "resource": "shop", "capacity": row["adds"], "capacity_per": "week"}
                for name, row in zip(names, options, strict=True)
            ],
            "demands": [
                {"demand": "d", "item": "gear", "site": "a", "quantity": 20.0, "due": START + timedelta(days=20)}
            ],
        }
    )


def planned(tables: Tables) -> tuple[list[float], dict[str, float]]:
    """Return the proven values of the stages before the tidy one, and what is bought."""
    result = api.plan(tables, threads=1, bottlenecks=0)
    stages = result.frames["tiers"].to_dicts()[:-1]
    assert all(row["value"] - row["bound"] <= 1e-6 * max(1.0, abs(row["value"])) for row in stages)
    bought = result.frames["investments"].select("option", "quantity").rows()
    return [row["value"] for row in stages], dict(bought)


def drawn(seed: int) -> Tables:
    rng = np.random.default_rng(seed)
    return ordered_at_once(
        *(
            {"option": name, "cost": float(rng.integers(1, 90)), "delay_days": float(rng.integers(0, 15)),
             "running_cost": float(rng.integers(0, 3)), "adds": float(rng.integers(1, 6))}
            for name in ("shift", "line")
        ),
        final=float(rng.integers(0, 9)),
    )  # fmt: skip


@pytest.mark.parametrize("seed", SEEDS)
def test_few_whole_numbers_give_the_plan_of_branch_and_bound(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    tables = drawn(seed)
    assert len(lattice.branches(assemble(compile_network(tables)))) == 4
    apart = planned(tables)
    monkeypatch.setattr(lattice, "MOST", 0)
    searched = planned(tables)
    assert apart[0] == pytest.approx(searched[0], rel=1e-6, abs=1e-5)


def test_an_option_that_saves_lateness_is_bought_and_the_one_that_only_costs_is_not() -> None:
    # 15 of 20 are made in time. The shift gives 5 a week from week 1 on, for 40 + 28 days x 1, and all are in time;
    # without it 5 wait a week. 20 runs cost 20.
    shift = {"option": "shift", "cost": 40.0, "running_cost": 1.0, "delay_days": 7.0, "adds": 5.0}
    values, bought = planned(ordered_at_once(shift, {"option": "line", "cost": 9.0, "adds": 1.0}))
    assert bought == {"shift": 1.0}
    assert values == pytest.approx([0.0, 20.0 + 68.0])


def test_an_option_without_which_a_stock_cannot_be_kept_is_bought() -> None:
    # 25 gears are made without it, 20 are due and 10 are to be left at the end: at least 5 more, so the line, in no
    # hurry: of the 20 due by the end of week 2 it lets 18 come in time, and 2 wait a week.
    line = {"option": "line", "cost": 9.0, "adds": 1.0}
    pile = {"option": "pile", "cost": 500.0, "delay_days": 35.0, "adds": 9.0}
    values, bought = planned(ordered_at_once(line, pile, final=10.0))
    assert bought == {"line": 1.0}
    assert values == pytest.approx([2 * 7.0, 30.0 + 9.0])


def test_hard_limits_that_conflict_whatever_is_bought_are_named() -> None:
    line = {"option": "line", "cost": 9.0, "adds": 1.0}
    with pytest.raises(InfeasibleError):
        api.plan(ordered_at_once(line, final=90.0), threads=1)


def test_more_combinations_than_a_number_holds_are_left_to_branch_and_bound_without_a_warning() -> None:
    tables = ordered_at_once({"option": "line", "cost": 9.0, "adds": 1.0})
    model = assemble(compile_network(tables))
    whole = np.ones_like(model.integer)
    wide = replace(model, integer=whole, lower=np.zeros(len(whole)), upper=np.full(len(whole), 1e300))
    assert lattice.branches(wide) == [wide]
