"""Plans that are held to the rules of an instrument, on the programme of two contracts that is solved by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from programmes import tables_of
from test_earmarks import two_contracts
from test_origin import bought, cost, week

from coproduce import api
from coproduce.eligibility.imposed import RequirementError, required
from coproduce.tables import Tables

Row = dict[str, Any]


def seeking(**tables: list[Row]) -> Tables:
    """Return the two contracts, of which `one` seeks a SAFE loan; nobody says who sells."""
    rows = {name: frame.to_dicts() for name, frame in two_contracts().frames.items()}
    rows["parties"] = [{"party": "p", "kind": "state", "country": "FR"}]
    rows["funds"] = [
        {"fund": name, "instrument": instrument, "kind": "loan", "holder": "p", "amount": 1e6}
        for name, instrument in (("loan", "SAFE"), ("budget", "national"))
    ]
    rows["contracts"] = [
        {"contract": name, "buyers": "p", "funds": fund, "category": "1", "category_arguable": "no"}
        for name, fund in (("one", "loan"), ("other", "budget"))
    ]
    return tables_of(rows | tables)


def test_the_ceiling_of_an_instrument_is_imposed_on_the_contracts_that_seek_it_alone() -> None:
    # 35 % of 10 x 100 EUR are 8.75 engines from US for `one`, 10 for `other`: 18.75 x 10 + 1.25 x 30 + 20 x 5.
    result = api.plan(seeking(), threads=1, bottlenecks=0, require="SAFE", price_of_agreements=True)
    assert bought(result) == {"us": 18.75, "fr": 1.25, "ua": 20.0}
    assert cost(result) == pytest.approx(325.0)
    said = result.summary["required"]
    assert [(one["contract"], one["rule"]) for one in said["imposed"]] == [("one", "SAFE-18")]
    # What eligibility costs: 325 less the 300 EUR of engines from US alone.
    price = result.frames["agreement_costs"].filter(stage="cost").row(0, named=True)
    assert (price["agreement"], price["low"], price["high"]) == (
        "SAFE-18.one", pytest.approx(25.0), pytest.approx(25.0),
    )  # fmt: skip
    row = result.frames["agreements"].row(0, named=True)
    assert (row["file"], row["cell"].split(" ")[-1]) == ("--require SAFE", "(share)")


def test_what_cannot_be_imposed_is_named_with_its_reason() -> None:
    left = {(one.contract, one.rule): one for one in required(seeking(), "SAFE").left}
    assert left["one", "SAFE-14"].verdict == "unknown"
    assert "contracts.contractor" in left["one", "SAFE-14"].why
    assert {contract for contract, _ in left} == {"one"}
    assert ("one", "SAFE-18") not in left


def test_a_ceiling_is_not_imposed_where_a_component_has_no_cost_and_the_component_is_named() -> None:
    tables = seeking()
    bare = tables["items"].with_columns(
        component_cost=pl.when(pl.col("item") != "engine").then(pl.col("component_cost"))
    )
    found = required(replace(tables, frames={**tables.frames, "items": bare}), "SAFE")
    assert found.imposed == ()
    assert next(one.why for one in found.left if one.rule == "SAFE-18") == "items.component_cost is missing for engine"


def test_a_country_of_concern_is_kept_out_of_what_is_set_aside() -> None:
    tables = seeking(concern_countries=[{"country": "US"}])
    result = api.plan(tables, threads=1, bottlenecks=0, require="SAFE")
    assert bought(result) == {"us": 10.0, "fr": 10.0, "ua": 20.0}


def test_rows_without_an_origin_are_said_to_count_as_outside() -> None:
    tables = seeking()
    blank = tables["supplies"].with_columns(origin=pl.when(pl.col("supply") != "us").then(pl.col("origin")))
    found = required(replace(tables, frames={**tables.frames, "supplies": blank}), "SAFE")
    assert [one.note for one in found.imposed] == ["rows without a declared origin count as outside: 1 of supplies"]


@pytest.mark.parametrize(
    ("instrument", "contracts", "words"),
    [("USL", (), "no contract names a fund of USL"), ("SAFE", ("other",), '"other" names no fund of SAFE'),
     ("SAFE", ("nobody",), 'there is no contract "nobody"')],
)  # fmt: skip
def test_a_requirement_that_is_about_nothing_is_refused(
    instrument: str, contracts: tuple[str, ...], words: str
) -> None:
    with pytest.raises(RequirementError, match=words):
        required(seeking(), instrument, contracts)


def test_the_plan_of_a_requirement_is_one_of_the_programme_and_meets_the_rule(tmp_path: Path) -> None:
    tables = seeking()
    api.write(api.plan(tables, threads=1, bottlenecks=0, require="SAFE"), tmp_path / "plan", {})
    for required_of, verdict in ((api.load_result(tmp_path / "plan"), "met"), (api.plan(tables, threads=1), "failed")):
        found = api.fund(tables, required_of).frames["eligibility"]
        assert found.filter(rule="SAFE-18", contract="one")["verdict"].to_list() == [verdict]


def with_partner(**terms: float) -> Tables:
    """Return the two contracts with engines from Canada for 15 EUR as well, and an agreement with Canada."""
    rows = {name: frame.to_dicts() for name, frame in seeking().frames.items()}
    offer = {"supply": "ca", "item": "engine", "site": "lviv", "origin": "CA", "price": 15.0}
    agreement = {"instrument": "SAFE", "country": "CA", "start": week(-30)} | terms
    return tables_of(rows | {"supplies": [*rows["supplies"], offer], "partner_agreements": [agreement]})


@pytest.mark.parametrize(
    ("terms", "engines_of_one", "costs"),
    # 8.75 engines from US are 35 % of 1,000 EUR; `other` takes ten of them and both take bodies for 50.
    [
        ({}, {"us": 8.75, "ca": 1.25}, 87.5 + 1.25 * 15),
        ({"most_outside": 0.5}, {"us": 8.75, "ca": 1.25}, 87.5 + 1.25 * 15),
        # 63 % from inside leave 370 EUR to US and CA together: half an engine from CA, 0.75 from FR.
        ({"least_inside": 0.63}, {"us": 8.75, "ca": 0.5, "fr": 0.75}, 87.5 + 0.5 * 15 + 0.75 * 30),
        # 70 % from inside is stricter than the ceiling, which stays.
        ({"least_inside": 0.7}, {"us": 8.75, "fr": 1.25}, 87.5 + 1.25 * 30),
        ({"most_outside": 0.3}, {"us": 8.75, "fr": 1.25}, 87.5 + 1.25 * 30),
    ],
)  # fmt: skip
def test_an_agreement_with_a_partner_is_imposed_where_it_is_looser_than_the_ceiling(
    terms: dict[str, float], engines_of_one: dict[str, float], costs: float
) -> None:
    tables = with_partner(**terms)
    result = api.plan(tables, threads=1, bottlenecks=0, require="SAFE")
    asked = engines_of_one | {"us": engines_of_one["us"] + 10.0, "ua": 20.0}
    assert bought(result) == asked
    assert cost(result) == pytest.approx(costs + 100.0 + 100.0)
    verdicts = api.fund(tables, result).frames["eligibility"].filter(rule="SAFE-18", contract="one")["verdict"]
    assert verdicts.to_list() == ["met"]


@pytest.mark.parametrize(
    ("terms", "words"), [({}, "from CA count as inside"), ({"least_inside": 0.7}, "from CA count as outside")]
)
def test_it_is_said_how_components_of_a_partner_count(terms: dict[str, float], words: str) -> None:
    assert all(words in one.note for one in required(with_partner(**terms), "SAFE").imposed)


def test_an_agreement_of_another_instrument_or_not_yet_in_force_changes_nothing() -> None:
    for change in ({"instrument": "USL"}, {"start": week(1)}):
        tables = with_partner()
        agreement = [tables["partner_agreements"].to_dicts()[0] | change]
        rows = {name: frame.to_dicts() for name, frame in tables.frames.items()} | {"partner_agreements": agreement}
        result = api.plan(tables_of(rows), threads=1, bottlenecks=0, require="SAFE")
        assert cost(result) == pytest.approx(325.0)
