"""Evaluations as a whole: which rules are applied, what the tables say, and that the list of rules is complete."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from eligible_programme import DAYS, EXACT, FAILED, MET, UNKNOWN, programme

from coproduce import api
from coproduce.eligibility.catalogue import instruments
from coproduce.eligibility.evaluate import evaluate
from coproduce.eligibility.frames import eligibility_tables
from coproduce.eligibility.origin import Origin
from coproduce.eligibility.used import processes_used
from coproduce.tables import FUNDING_TABLES, INPUT_TABLES
from coproduce.tables.funding import INSTRUMENTS

CHECKED = {
    *(f"SAFE-{number:02}" for number in (3, 4, 5, 8, 10, 11, 12, *range(14, 21))),
    *(f"USL-{number:02}" for number in range(3, 7)),
    *(f"EDIP-{number:02}" for number in range(2, 9)),
    *(f"USI-{number:02}" for number in range(1, 4)),
    *(f"EDIRPA-{number:02}" for number in range(1, 4)),
    "ASAP-01",
}
RULES = [rule for instrument in instruments().values() for rule in instrument.rules]


def test_every_rule_of_the_list_is_checked_or_carried() -> None:
    assert {rule.rule for rule in RULES} == CHECKED
    carried = {one.rule for instrument in instruments().values() for one in instrument.carried}
    # The numbers of each instrument run without a gap.
    for name, last in (("SAFE", 23), ("USL", 6), ("EDIP", 9), ("USI", 3), ("EDIRPA", 3), ("ASAP", 1)):
        known = {rule for rule in CHECKED | carried if rule.rpartition("-")[0] == name}
        assert known == {f"{name}-{number:02}" for number in range(1, last + 1)}
    assert not CHECKED & carried


def test_instruments_are_those_that_funds_may_name() -> None:
    assert set(instruments()) == set(INSTRUMENTS) - {"national", "own"}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.rule)
def test_a_rule_names_columns_that_exist_and_says_what_was_verified(rule) -> None:  # type: ignore[no-untyped-def]
    for need in rule.needs:
        table, column = need.split(".")
        assert column in INPUT_TABLES[table].columns, need
    assert rule.verified and rule.provision and rule.meaning
    assert rule.scope in ("contract", "fund", "configuration")


def test_a_contract_is_evaluated_under_the_instruments_of_its_funds() -> None:
    two = {
        "funds.grant.instrument": "EDIP", "funds.grant.holder": "france", "funds.grant.amount": "1",
        "contracts.c.funds": "loan; grant",
    }  # fmt: skip
    found = evaluate(programme(two), as_of=DAYS["SAFE"])
    assert {one.rule.instrument for one in found.judged} == {"SAFE", "EDIP"}
    assert {one.fund for one in found.judged} == {"", "loan"}
    own = {"funds.loan.instrument": "own"}
    assert evaluate(programme(own), as_of=DAYS["SAFE"]).judged == ()


def test_the_start_of_the_programme_is_the_day_unless_another_is_asked_for() -> None:
    assert api.eligibility(programme()).as_of == date(2026, 1, 1)


def test_35_percent_rolled_up_from_decimal_costs_is_still_35_percent() -> None:
    # Three parts of 0.65 from France and three of 0.35 from the United States: 1.95 and 1.05, which is 35 % of 3.
    parts = {
        "flows.2.quantity": "-3", "items.part.component_cost": "0.65", "supplies.vendor.origin": "FR",
        "items.other.unit": "piece", "items.other.component_cost": "0.35", "supplies.abroad.item": "other",
        "supplies.abroad.site": "lyon", "supplies.abroad.origin": "US", "flows.3.process": "assemble",
        "flows.3.item": "other", "flows.3.quantity": "-3",
    }  # fmt: skip
    for changes, verdict in (
        ({}, MET),
        ({"items.other.component_cost": "0.3501"}, FAILED),
        ({"supplies.abroad.origin": ""}, MET),
        ({"items.other.component_cost": ""}, UNKNOWN),
    ):
        found = api.eligibility(programme(parts | changes), as_of=DAYS["SAFE"])
        (one,) = [one for one in found.judged if one.rule.rule == "SAFE-18"]
        assert one.finding.verdict is verdict, (changes, one.finding)


def test_each_configuration_has_its_own_finding() -> None:
    origins = {"c": {"plain": EXACT, "other": Origin({"US": 1.0})}}
    found = evaluate(programme(), as_of=DAYS["SAFE"], origins=origins)
    verdicts = {one.configuration: one.finding.verdict for one in found.judged if one.rule.rule == "SAFE-18"}
    assert verdicts == {"plain": MET, "other": FAILED}
    # Which one is delivered is open.
    assert found.verdict("c", "SAFE") is UNKNOWN
    (row,) = eligibility_tables(found)["eligibility_summary"].to_dicts()
    assert row["reasons"] == "SAFE-18 (Art 16(10)) unknown: depends on the configuration: other failed, plain met"


def test_every_product_of_a_contract_must_comply_while_its_configurations_are_choices() -> None:
    two = {
        "items.second.unit": "piece", "items.second.design_authority": "maker", "items.second.design_free": "yes",
        "flows.3.process": "assemble", "flows.3.item": "second", "flows.3.quantity": "1",
        "demands.more.item": "second", "demands.more.site": "depot", "demands.more.quantity": "1",
        "demands.more.due": "2026-12-01", "demands.more.contract": "c",
    }  # fmt: skip
    outside = Origin({"US": 1.0})
    for first, second, verdict in (
        ({"a": EXACT, "b": EXACT}, {"a": EXACT}, MET),
        ({"a": EXACT, "b": outside}, {"a": EXACT}, UNKNOWN),
        ({"a": EXACT, "b": EXACT}, {"a": outside}, FAILED),
    ):
        origins = {"c": {f"{item}: {name}": origin for item, own in (("product", first), ("second", second))
                         for name, origin in own.items()}}  # fmt: skip
        assert evaluate(programme(two), as_of=DAYS["SAFE"], origins=origins).verdict("c", "SAFE") is verdict


def test_the_plan_of_a_contract_says_which_processes_are_behind_its_product() -> None:
    two_ways = {"processes.other.site": "depot", "flows.3.process": "other", "flows.3.item": "product",
                "flows.3.quantity": "1", "processes.idle.site": "depot", "flows.4.process": "idle",
                "flows.4.item": "part", "flows.4.quantity": "1"}  # fmt: skip
    runs = pl.DataFrame({"process": ["assemble", "other", "idle"], "quantity": [5.0, 0.0, 0.0]})
    assert processes_used(programme(two_ways), {"runs": runs}) == {"c": frozenset({"assemble"})}
    # What makes its parts counts as well, since the assembly takes them.
    both = runs.with_columns(quantity=pl.lit(1.0))
    assert processes_used(programme(two_ways), {"runs": both}) == {"c": frozenset({"assemble", "other", "idle"})}


def test_one_failed_rule_fails_the_contract_and_one_unknown_rule_leaves_it_open() -> None:
    origins = {"c": {"": EXACT}}
    for changes, verdict in (
        ({}, MET),
        ({"contracts.c.purpose": ""}, UNKNOWN),
        ({"contracts.c.purpose": "", "funds.loan.maturity_years": "46"}, FAILED),
    ):
        assert evaluate(programme(changes), as_of=DAYS["SAFE"], origins=origins).verdict("c", "SAFE") is verdict


def test_a_definition_that_cannot_be_decided_does_not_count() -> None:
    # Whether the supplier is involved is not known, but it is inside anyway.
    inside = {"subcontracts.parts.contract": "c", "subcontracts.parts.share": "0.2"}
    found = evaluate(programme(inside), as_of=DAYS["SAFE"], origins={"c": {"": EXACT}})
    (definition,) = [one for one in found.judged if one.rule.rule == "SAFE-20"]
    assert definition.finding.verdict is UNKNOWN
    assert found.verdict("c", "SAFE") is MET


def test_the_tables_have_their_declared_form_and_unique_keys() -> None:
    frames = eligibility_tables(evaluate(programme(), as_of=DAYS["SAFE"], instruments=list(instruments())))
    assert set(frames) == set(FUNDING_TABLES)
    for name, frame in frames.items():
        spec = FUNDING_TABLES[name]
        assert frame.schema == spec.empty().schema
        assert frame.select(spec.key).is_unique().all()
        for column in spec.columns.values():
            if column.required:
                assert frame[column.name].null_count() == 0, (name, column.name)


def test_the_summary_counts_the_rules_and_gives_the_failed_ones_first() -> None:
    changes = {"contracts.c.purpose": "", "funds.loan.maturity_years": "46"}
    found = evaluate(programme(changes), as_of=DAYS["SAFE"], origins={"c": {"": EXACT}})
    (row,) = eligibility_tables(found)["eligibility_summary"].to_dicts()
    # Fourteen rules, of which the definition SAFE-20 does not count; 05, 15 and 16 do not apply.
    assert (row["met"], row["failed"], row["unknown"], row["not_applicable"]) == (8, 1, 1, 3)
    assert row["reasons"].startswith("SAFE-08 (Art 10(2)) failed: the loan runs for 46 years (at most 45); SAFE-04")


def test_evidence_names_the_cell_as_the_register_does() -> None:
    frames = eligibility_tables(evaluate(programme(), as_of=DAYS["SAFE"], origins={"c": {"": EXACT}}))
    rows = frames["eligibility_evidence"].filter(rule="SAFE-08")
    assert rows.select("table", "key", "column", "said", "cell").rows() == [
        ("funds", "loan", "maturity_years", "45", "funds!2 (maturity_years)")
    ]


def test_the_result_does_not_depend_on_the_order_of_the_rows() -> None:
    tables = programme()
    turned = type(tables)({name: frame.reverse() for name, frame in tables.frames.items()})
    one, other = (
        {(j.rule.rule, j.finding.verdict, j.finding.value) for j in evaluate(each, as_of=DAYS["SAFE"]).judged}
        for each in (tables, turned)
    )
    assert one == other
