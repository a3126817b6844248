"""Origins against the direct expansion of random bills of materials, and cases worked out by hand."""

from __future__ import annotations

import os
from datetime import datetime
from itertools import islice
from math import prod

import pytest
from bills import Expansion, base, choices, random_bill, ways

from coproduce.eligibility.configurations import FEW, ONLY
from coproduce.eligibility.origin import Origin
from coproduce.eligibility.origins import configurations, origins_of, zones_of
from coproduce.tables import Tables

PROGRAMMES = 240
STEP = 1 if os.environ.get("COPRODUCE_ALL_SEEDS") else 4
MOST_CHOICES = 3000
Key = tuple[tuple[tuple[str, float], ...], float, tuple[str, ...]]


def with_contract(tables: Tables, item: str) -> Tables:
    rows = {name: frame.to_dicts() for name, frame in tables.frames.items()}
    return base(**rows | {"contracts": [{"contract": "c", "item": item, "buyers": "x"}]})


def key(cost: dict[str, float], unknown: float, bare: set[str]) -> Key:
    return tuple(sorted((country, round(amount, 7)) for country, amount in cost.items())), round(unknown, 7), tuple(
        sorted(bare))  # fmt: skip


def expanded(tables: Tables) -> set[Key]:
    """Return what the direct expansion finds over all choices that come to an end."""
    found = set()
    for choice in choices(tables):
        one = Expansion(tables, choice).of("i0")
        if one is not None:
            cost = {country: amount for country, amount in one[0].items() if country}
            found.add(key(cost, one[0].get(None, 0.0), one[1]))
    return found


def shares(found: set[Key], zone: frozenset[str]) -> tuple[float, float]:
    """Return the least share from outside, unknown origin inside, and the largest, unknown origin outside."""
    low, high = [], []
    for cost, unknown, _ in found:
        total = sum(amount for _, amount in cost) + unknown
        outside = sum(amount for country, amount in cost if country not in zone)
        low.append(outside / total if total else 0.0)
        high.append((outside + unknown) / total if total else 0.0)
    return min(low), max(high)


def declared_shares(origins: list[Origin], zone: frozenset[str]) -> tuple[float, float]:
    """Return the same of origins, whatever has no price left aside."""
    low = min(origin.outside(zone) / origin.total if origin.total else 0.0 for origin in origins)
    high = max((origin.outside(zone) + origin.unknown) / origin.total if origin.total else 0.0 for origin in origins)
    return low, high


@pytest.mark.parametrize("seed", range(0, PROGRAMMES, STEP))
def test_the_roll_up_of_a_random_bill_of_materials_is_its_direct_expansion(seed: int) -> None:
    tables = with_contract(random_bill(seed), "i0")
    if prod(len(way) for way in ways(tables).values()) > MOST_CHOICES:
        pytest.skip("too many combinations to expand all of them")
    expected, found = expanded(tables), list(origins_of(tables, "c").values())
    ours = {key(dict(origin.cost), origin.unknown, set(origin.unpriced)) for origin in found}
    for zone in zones_of(tables, "c").values():
        assert declared_shares(found, zone) == pytest.approx(shares(expected, zone), abs=1e-6)
    assert any(bare for *_, bare in expected) == any(origin.unpriced for origin in found)
    if prod(len(way) for way in ways(tables).values()) <= FEW:
        assert ours == expected


def test_random_bills_have_loops_by_products_and_many_configurations() -> None:
    tables = [random_bill(seed) for seed in islice(range(PROGRAMMES), 60)]
    assert sum("used" in one["items"]["item"].to_list() for one in tables) > 20
    assert sum(any(item.startswith("by") for item in one["items"]["item"]) for one in tables) > 20
    assert sum(prod(len(way) for way in ways(one).values()) > FEW for one in tables) > 10


def engine_and_body() -> Tables:
    """Return a product of an engine (40, US or FR) and two bodies, each pressed of 3 kg of steel from UA at 5."""
    return base(
        items=[{"item": "product", "unit": "piece"}, {"item": "engine", "unit": "piece", "component_cost": 40.0},
               {"item": "body", "unit": "piece", "component_cost": 30.0},
               {"item": "steel", "unit": "kg", "component_cost": 5.0}],
        processes=[{"process": "assemble", "site": "lviv"}, {"process": "press", "site": "lviv", "yield_rate": 0.5}],
        flows=[{"process": "assemble", "item": "product", "quantity": 1.0},
               {"process": "assemble", "item": "engine", "quantity": -1.0},
               {"process": "assemble", "item": "body", "quantity": -2.0},
               {"process": "press", "item": "body", "quantity": 1.0},
               {"process": "press", "item": "steel", "quantity": -3.0}],
        supplies=[{"supply": "us", "item": "engine", "site": "lviv", "origin": "US"},
                  {"supply": "fr", "item": "engine", "site": "lviv", "origin": "FR"},
                  {"supply": "steel", "item": "steel", "site": "lviv", "origin": "UA"}],
        contracts=[{"contract": "c", "item": "product", "buyers": "x"}],
    )  # fmt: skip


def test_a_bought_engine_and_made_bodies_count_by_what_is_bought() -> None:
    # 2 bodies at a yield of a half take 2 x 3 / 0.5 = 12 kg of steel: 60 from UA beside the engine's 40. The estimated
    # cost of a body does not count, since bodies are made.
    found = origins_of(engine_and_body(), "c")
    assert sorted(found) == ["engine FR (fr)", "engine US (us)"]
    origin = found["engine US (us)"]
    assert origin.cost == pytest.approx({"UA": 60.0, "US": 40.0})
    assert origin.outside_shares(frozenset({"UA", "FR"})) == pytest.approx((0.4, 0.4))
    assert {(row.table, row.key, row.column) for row in origin.rows} == {
        ("items", "steel", "component_cost"), ("supplies", "steel", "origin"),
        ("items", "engine", "component_cost"), ("supplies", "us", "origin")}  # fmt: skip


def changed(tables: Tables, table: str, row: int, **cells: object) -> Tables:
    rows = {name: frame.to_dicts() for name, frame in tables.frames.items()}
    rows[table][row] |= cells
    return base(**rows)


def test_an_offer_of_which_nothing_may_be_ordered_is_no_source() -> None:
    found = origins_of(changed(engine_and_body(), "supplies", 0, total_limit=0.0), "c")
    assert {name: origin.cost for name, origin in found.items()} == {ONLY: pytest.approx({"FR": 40.0, "UA": 60.0})}


def test_what_is_not_declared_leaves_the_share_open() -> None:
    # Without the steel's origin 60 of 100 may be from anywhere: between 40 and 100 % from outside.
    found = origins_of(changed(engine_and_body(), "supplies", 2, origin=None), "c")["engine US (us)"]
    assert (found.unknown, found.coverage) == (pytest.approx(60.0), pytest.approx(0.4))
    assert found.outside_shares(frozenset({"UA"})) == pytest.approx((0.4, 1.0))


def test_a_component_without_a_price_leaves_every_share_open() -> None:
    found = origins_of(changed(engine_and_body(), "items", 3, component_cost=None), "c")["engine US (us)"]
    assert found.unpriced == ("steel",)
    assert (found.outside_shares(frozenset({"UA"})), found.coverage) == ((0.0, 1.0), None)


def test_co_products_share_their_inputs_by_component_cost() -> None:
    # A run makes a body worth 30 and 2 plates worth 5 each of 3 kg: the body takes 30/40 of 3 kg x 5; two bodies.
    tables = engine_and_body()
    rows = {name: frame.to_dicts() for name, frame in tables.frames.items()}
    rows["processes"][1]["yield_rate"] = 1.0
    rows["items"].append({"item": "plate", "unit": "piece", "component_cost": 5.0})
    rows["flows"].append({"process": "press", "item": "plate", "quantity": 2.0})
    assert origins_of(base(**rows), "c")["engine FR (fr)"].cost["UA"] == pytest.approx(22.5)
    # Without a cost of the plates the units count: one of three.
    rows["items"][-1]["component_cost"] = None
    assert origins_of(base(**rows), "c")["engine FR (fr)"].cost["UA"] == pytest.approx(10.0)


def test_a_loop_counts_by_what_it_takes_from_outside() -> None:
    # A new tool costs 10. A worn one takes 0.8 of a tool and is mended with a part for 1: a tool that only goes round
    # takes x = 0.8 x + 1, which is 5.
    tables = base(
        items=[{"item": name, "unit": "piece", "component_cost": cost}
               for name, cost in (("tool", 10.0), ("worn", None), ("part", 1.0))],
        processes=[{"process": "wear", "site": "lyon"}, {"process": "mend", "site": "lyon"}],
        flows=[{"process": "wear", "item": "tool", "quantity": -0.8},
               {"process": "wear", "item": "worn", "quantity": 1.0},
               {"process": "mend", "item": "worn", "quantity": -1.0},
               {"process": "mend", "item": "part", "quantity": -1.0},
               {"process": "mend", "item": "tool", "quantity": 1.0}],
        supplies=[{"supply": "new", "item": "tool", "site": "lyon", "origin": "FR"},
                  {"supply": "kit", "item": "part", "site": "lyon", "origin": "US"}],
        contracts=[{"contract": "c", "item": "tool", "buyers": "x"}],
    )  # fmt: skip
    found = {name: origin.cost for name, origin in origins_of(tables, "c").items()}
    assert found == {"tool FR (new)": pytest.approx({"FR": 10.0}), "tool mend": pytest.approx({"US": 5.0})}
    # If nothing is lost, what goes round needs no end of parts: that is no configuration.
    rows = {name: frame.to_dicts() for name, frame in tables.frames.items()}
    rows["flows"][0]["quantity"] = -1.0
    assert list(origins_of(base(**rows), "c")) == ["tool FR (new)"]


def test_a_recipe_that_changes_with_the_date_makes_two_configurations() -> None:
    tables = engine_and_body()
    rows = {name: frame.to_dicts() for name, frame in tables.frames.items()}
    change = datetime(2026, 3, 1)
    rows["flows"][4]["start_until"] = change
    rows["flows"].append({"process": "press", "item": "steel", "quantity": -2.0, "line": 2, "start_from": change})
    costs = sorted(round(origin.cost["UA"], 6) for origin in origins_of(base(**rows), "c").values())
    assert costs == [40.0, 40.0, 60.0, 60.0]


def test_what_a_site_makes_of_nothing_is_a_component_from_its_country() -> None:
    tables = engine_and_body()
    rows = {name: frame.to_dicts() for name, frame in tables.frames.items()}
    rows["flows"] = [row for row in rows["flows"] if row["item"] != "steel"]
    # Two bodies at 30, made in UA.
    assert origins_of(base(**rows), "c")["engine FR (fr)"].cost == pytest.approx({"FR": 40.0, "UA": 60.0})


def test_contracts_share_one_roll_up_and_each_names_its_products() -> None:
    tables = engine_and_body()
    rows = {name: frame.to_dicts() for name, frame in tables.frames.items()}
    demand = {"site": "lviv", "quantity": 1.0, "due": datetime(2026, 1, 20), "contract": "d"}
    rows["demands"] = [demand | {"demand": "d1", "item": "product"}, demand | {"demand": "d2", "item": "body"}]
    rows["contracts"].append({"contract": "d", "buyers": "x"})
    found = configurations(base(**rows))
    assert list(found["d"]) == ["product: engine FR (fr)", "product: engine US (us)", f"body: {ONLY}"]
    assert found["c"]["engine US (us)"] == found["d"]["product: engine US (us)"]
