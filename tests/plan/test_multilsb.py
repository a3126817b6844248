"""The reader and both models of the sets MULTILSB on an instance made up here and worked out by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks import multilsb

from coproduce import api

# Products 1 and 2 share family 7 on resource 5; component 3, on resource 6, goes into product 1.
DATA = """RU: 1.25
RUT: {kind}
BC: 3
I k a^ik
1;5;1
2;5;1
3;6;1
I f c^if
1;7;1
2;7;1
f k v^fk
7;5;2
I succ_I
3;1
I h^I
1;2
2;1
3;0.5
"""
DEMAND = "0;0\n0;0\n3;3\n"


def instance(folder: Path, kind: int = 2, demand: str = DEMAND) -> multilsb.Instance:
    (folder / "01").mkdir(exist_ok=True)
    (folder / multilsb.DATA).write_text(DATA.format(kind=kind))
    (folder / "01" / "demand.txt").write_text(demand)
    return multilsb.read(folder / "01")


def test_holding_cost_and_capacity_follow_from_the_files(tmp_path: Path) -> None:
    one = instance(tmp_path)
    assert one.products == [1, 2]
    # A unit of product 1 holds its own 2 and the 0.5 of its component; owed it costs three times that.
    assert one.holding() == {1: 2.5, 2: 1.0, 3: 0.5}
    assert one.backlog() == {1: 7.5, 2: 3.0}
    # Work of a period: (3 + 3) / 3 and 3 / 3; one set-up takes 2.
    assert one.capacity() == {5: pytest.approx(2 + 2 / 1.25), 6: pytest.approx(1.0)}
    assert instance(tmp_path, kind=1).capacity() == {5: pytest.approx(4 / 1.25), 6: pytest.approx(0.8)}


def test_both_models_end_at_the_optimum_worked_out_by_hand(tmp_path: Path) -> None:
    # A set-up leaves 1.6 of 3.6 hours: 4.8 of the 6 units in three periods, and a unit of time moved is the same
    # for both products, so the dearer one comes last: product 1 takes 1.6 of period 3 and 1.4 of period 2, product
    # 2 the 0.2 left there and 1.6 of period 1 (2 in stock is less than 3 owed); 1.2 of it stay owed. Components
    # come at 1 a period and are used as 1.4 and 1.6: 1 and 0.6 wait. 1.4 x 2.5 + (0.2 + 1.6 x 2) x 1 + 1.6 x 0.5 +
    # 1.2 x 3 = 11.3. Both products in period 2 need one set-up together: two would take 4 of 3.6 hours.
    one = instance(tmp_path)
    natural = multilsb.plain(one)
    natural.highs.run()
    assert natural.highs.getInfo().objective_function_value == pytest.approx(11.3)
    assert natural.penalty() == pytest.approx(3.6)
    result = api.plan(multilsb.programme(one), threads=1, bottlenecks=0)
    assert result.summary["audit"] == "passed"
    money = result.frames["tiers"].row(0, named=True)
    assert (money["value"], money["bound"]) == (pytest.approx(11.3, rel=2e-3), pytest.approx(11.3, rel=2e-3))
    costs = dict(result.frames["costs"].group_by("kind").agg(amount="amount").iter_rows())
    assert sum(costs["lateness"]) == pytest.approx(3.6)


def test_demands_that_do_not_fit_the_products_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not 2 products"):
        instance(tmp_path, demand="1;2;3\n")
