"""Every rule of the other instruments on cases worked out by hand: met, failed, unknown, and the limit itself."""

from __future__ import annotations

from datetime import date

import pytest
from eligible_programme import EXACT, FAILED, MET, NOT_APPLICABLE, UNKNOWN, found, programme

from coproduce.eligibility.evaluate import evaluate
from coproduce.eligibility.origin import Origin
from coproduce.eligibility.verdict import Verdict

Changes = dict[str, str]
# A subcontractor from outside: reached by the Ukraine Support Loan; EDIP asks besides that it is no mere supplier.
OUTSIDE = {
    "subcontracts.outsider.contract": "c",
    "subcontracts.outsider.share": "0.35",
    "subcontracts.outsider.critical": "yes",
    "subcontracts.outsider.classified": "yes",
    "subcontracts.outsider.own_design": "no",
    "subcontracts.outsider.had_prior_contract": "no",
}
# The manufacturer is outside, and every condition of the derogation for urgent need holds.
OUTSIDE_MAKER = {"parties.maker.country": "US", "parties.maker.management": "US"}
URGENT = {
    "contracts.c.urgent": "yes",
    "contracts.c.no_equivalent": "no",
    "contracts.c.lead_days_inside": "200",
    "contracts.c.lead_days_outside": "100",
    "contracts.c.lead_time_committed": "yes",
    "contracts.c.derogation_approved": "yes",
}
NOT_URGENT = {"contracts.c.urgent": "no"}
NOT_EXCUSED = {"parties.maker.guarantees": "no", "parties.maker.screened": "no"}
NO_BONUS = {"contracts.c.scheme": "no", "contracts.c.bonus": "no", "contracts.c.for_ukraine": "no"}
BOUGHT = {"ownership.1.owner": "outsider"}
INDUSTRY = {"contracts.c.route": "reinforcement"}
ASKS = "contracts.c.grant"

CASES: list[tuple[str, Changes, Verdict]] = [
    ("USL-03", {}, MET),  # 35 % from outside: the limit
    ("USL-03", OUTSIDE_MAKER | NOT_URGENT, FAILED),
    ("USL-03", OUTSIDE_MAKER, UNKNOWN),  # whether there is an urgent need is not known
    ("USL-03", OUTSIDE_MAKER | URGENT, MET),  # by the derogation
    ("USL-03", OUTSIDE | NOT_URGENT, UNKNOWN),  # point (b) could not be read
    ("USL-03", OUTSIDE | NOT_URGENT | {"subcontracts.outsider.share": "0.3501"}, FAILED),
    ("USL-03", NOT_URGENT | {"items.product.design_free": "no"}, FAILED),  # category two
    ("USL-03", NOT_URGENT | {"items.product.design_free": "no", "contracts.c.category": "1"}, MET),
    ("USL-03", NOT_URGENT | {"sites.lyon.country": "US"}, FAILED),
    ("USL-04", URGENT, MET),
    ("USL-04", URGENT | {"contracts.c.lead_days_outside": "200"}, FAILED),  # not a day sooner
    ("USL-04", URGENT | {"contracts.c.lead_days_outside": "199"}, MET),
    ("USL-04", URGENT | {"contracts.c.lead_days_outside": "200", "contracts.c.no_equivalent": "yes"}, MET),
    ("USL-04", URGENT | {"contracts.c.lead_days_inside": ""}, UNKNOWN),
    ("USL-04", URGENT | {"contracts.c.derogation_approved": ""}, UNKNOWN),
    ("USL-04", URGENT | {"contracts.c.lead_time_committed": "no"}, FAILED),
    ("USL-05", {}, MET),
    ("USL-05", {"contracts.c.buyers": "ukraine"}, MET),
    ("USL-05", {"contracts.c.buyers": "france; poland"}, FAILED),
    ("USL-05", {"contracts.c.buyers": ""}, UNKNOWN),
    ("USL-05", {"parties.ukraine.country": ""}, UNKNOWN),
    ("USL-06", {"contracts.c.signed": "2026-01-15"}, MET),
    ("USL-06", {"contracts.c.signed": "2026-01-14"}, FAILED),  # the day itself: asked is after it
    ("USL-06", {"contracts.c.signed": ""}, UNKNOWN),
    ("EDIP-02", {}, NOT_APPLICABLE),  # grants for common procurement are not linked to costs
    ("EDIP-02", INDUSTRY, FAILED),  # a purchase
    ("EDIP-02", INDUSTRY | {"contracts.c.cost_type": "non_recurrent"}, MET),
    ("EDIP-02", INDUSTRY | {"contracts.c.cost_type": "maintenance"}, FAILED),
    ("EDIP-02", {"contracts.c.route": ""}, UNKNOWN),
    ("EDIP-02", {"contracts.c.route": "", "contracts.c.cost_type": "investment"}, MET),  # whichever route
    ("EDIP-03", {}, MET),
    ("EDIP-03", {"parties.maker.management": "UA"}, FAILED),  # Ukraine is outside
    ("EDIP-03", {"parties.maker.country": "NO"}, MET),
    ("EDIP-03", {"parties.maker.country": ""}, UNKNOWN),
    ("EDIP-03", {"ownership.1.owner": "ukraine"} | NOT_EXCUSED, FAILED),
    ("EDIP-03", BOUGHT | {"parties.maker.guarantees": "yes"}, MET),
    # Whether a screening amounts to guarantees is arguable.
    ("EDIP-03", BOUGHT | {"parties.maker.guarantees": "no", "parties.maker.screened": "yes"}, UNKNOWN),
    ("EDIP-03", {"sites.lyon.country": "UA"}, FAILED),
    ("EDIP-04", {}, MET),
    ("EDIP-04", {"contracts.c.category": "1", "items.product.design_free": "no"}, FAILED),  # asked of every product
    ("EDIP-04", {"items.product.design_free": ""}, UNKNOWN),
    # Ammunition in industrial reinforcement: a commitment until the last day of 2033 will do, and nowhere else.
    ("EDIP-04", INDUSTRY | {"items.product.design_free": "no", "contracts.c.design_commitment": "2033-12-31"}, MET),
    ("EDIP-04", INDUSTRY | {"items.product.design_free": "no", "contracts.c.design_commitment": "2034-01-01"}, FAILED),
    ("EDIP-04", {"items.product.design_free": "no", "contracts.c.design_commitment": "2033-12-31"}, FAILED),
    (
        "EDIP-04",
        INDUSTRY | {"items.product.design_free": "no", "contracts.c.design_commitment": "2033-12-31",
                    "contracts.c.product": ""},
        UNKNOWN,
    ),
    ("EDIP-04", INDUSTRY | {"items.product.design_authority": "france"}, MET),  # an authority of a Member State
    ("EDIP-05", {"contracts.c.buyers": "france; poland; germany"}, MET),  # three: the limit
    ("EDIP-05", {"contracts.c.buyers": "france; poland; ukraine", "contracts.c.scheme": "no"}, FAILED),  # two
    ("EDIP-05", {"contracts.c.buyers": "france; poland; ukraine", "contracts.c.scheme": "yes"}, MET),
    ("EDIP-05", {"contracts.c.buyers": "france; poland"}, UNKNOWN),  # whether it is a SEAP is not known
    ("EDIP-05", {"parties.germany.country": "NO", "contracts.c.scheme": "no"}, MET),  # three, two of them members
    ("EDIP-05", {"parties.germany.country": "NO", "parties.poland.country": "IS", "contracts.c.scheme": "no"}, FAILED),
    ("EDIP-05", INDUSTRY, NOT_APPLICABLE),
    ("EDIP-06", {}, NOT_APPLICABLE),
    ("EDIP-06", OUTSIDE, FAILED),  # no contract before; a study does not help
    ("EDIP-06", OUTSIDE | {"subcontracts.outsider.study_months": "1"}, FAILED),
    ("EDIP-06", OUTSIDE | {"subcontracts.outsider.had_prior_contract": ""}, UNKNOWN),
    ("EDIP-06", OUTSIDE | {"subcontracts.outsider.prior_contract": "2025-12-29"}, MET),  # the limits
    ("EDIP-06", OUTSIDE | {"subcontracts.outsider.prior_contract": "2025-12-30"}, FAILED),
    ("EDIP-06", OUTSIDE | {"subcontracts.outsider.own_design": "yes"}, NOT_APPLICABLE),  # a supplier
    ("EDIP-06", OUTSIDE | {"subcontracts.outsider.share": "0.1499"}, NOT_APPLICABLE),
    ("EDIP-06", OUTSIDE | INDUSTRY, NOT_APPLICABLE),
    ("EDIP-07", {}, MET),  # 15 of 100: the limit
    ("EDIP-07", {ASKS: "15.01"} | NO_BONUS, FAILED),
    ("EDIP-07", {ASKS: "15.01"} | NO_BONUS | {"contracts.c.for_ukraine": "yes"}, MET),
    ("EDIP-07", {ASKS: "15.01"}, UNKNOWN),
    ("EDIP-07", {ASKS: "25", "contracts.c.bonus": "yes"}, MET),
    ("EDIP-07", {ASKS: "25.01", "contracts.c.bonus": "yes"}, FAILED),
    ("EDIP-07", {ASKS: ""}, UNKNOWN),
    ("EDIP-07", INDUSTRY, NOT_APPLICABLE),
    ("EDIP-08", {}, NOT_APPLICABLE),
    ("EDIP-08", INDUSTRY | {ASKS: "35"}, MET),
    ("EDIP-08", INDUSTRY | {ASKS: "35.01", "contracts.c.bonus": "no"}, FAILED),
    ("EDIP-08", INDUSTRY | {ASKS: "50", "contracts.c.bonus": "yes"}, UNKNOWN),  # who benefits is not known
    ("EDIP-08", INDUSTRY | {ASKS: "50", "contracts.c.bonus": "yes", "contracts.c.sme_majority": "yes"}, MET),
    ("EDIP-08", INDUSTRY | {ASKS: "50.01", "contracts.c.bonus": "yes", "contracts.c.sme_majority": "yes"}, FAILED),
    ("USI-01", {}, MET),
    ("USI-01", {"parties.maker.country": "UA", "parties.maker.management": "UA"}, MET),
    ("USI-01", {"parties.maker.country": "NO"}, FAILED),  # EEA EFTA States are outside
    ("USI-01", {"parties.maker.management": ""}, UNKNOWN),
    # Control from Norway is allowed, from the United States not.
    ("USI-01", {"parties.stranger.country": "NO", "parties.stranger.management": "NO", "ownership.1.owner": "stranger",
                "ownership.3.party": "stranger", "ownership.3.owner": "france", "ownership.3.share": "1"}, MET),
    ("USI-01", BOUGHT | {"parties.maker.guarantees": "no", "parties.maker.screened": "no"}, FAILED),
    ("USI-02", {}, MET),
    ("USI-02", {"contracts.c.buyers": "france"}, FAILED),  # neither Ukraine nor anyone in it
    ("USI-02", {"contracts.c.buyers": "france", "parties.maker.country": "UA", "parties.maker.management": "UA"}, MET),
    ("USI-02", {"contracts.c.buyers": ""}, UNKNOWN),
    ("USI-02", {"items.product.design_free": "no"}, FAILED),
    ("USI-03", {ASKS: "25"}, MET),
    ("USI-03", {ASKS: "25.01"}, FAILED),
    ("USI-03", {ASKS: "25.01", "contracts.c.route": ""}, UNKNOWN),
    ("USI-03", INDUSTRY | {ASKS: "100"}, MET),
    ("USI-03", INDUSTRY | {ASKS: "100.01"}, FAILED),
    ("EDIRPA-01", {"contracts.c.buyers": "france; poland; germany"}, MET),
    ("EDIRPA-01", {"contracts.c.buyers": "france; poland; ukraine"}, FAILED),  # Ukraine is no Member State
    ("EDIRPA-01", {"contracts.c.buyers": "france; poland; germany", "parties.germany.country": ""}, UNKNOWN),
    ("EDIRPA-02", {}, MET),
    ("EDIRPA-02", {ASKS: "15.01", "contracts.c.for_ukraine": "no", "contracts.c.sme_share": "0.1499"}, FAILED),
    ("EDIRPA-02", {ASKS: "15.01", "contracts.c.for_ukraine": "no", "contracts.c.sme_share": "0.15"}, MET),
    ("EDIRPA-02", {ASKS: "15.01"}, UNKNOWN),
    ("EDIRPA-02", {ASKS: "20", "contracts.c.for_ukraine": "yes"}, MET),
    ("EDIRPA-02", {ASKS: "20.01", "contracts.c.for_ukraine": "yes"}, FAILED),
    # 15 % of the budget of EUR 300 m are 45 m, 20 % are 60 m, whatever the contract is worth.
    ("EDIRPA-02", {ASKS: "45000000", "contracts.c.value": "1e9"}, MET),
    ("EDIRPA-02", {ASKS: "45000001", "contracts.c.value": "1e9", "contracts.c.for_ukraine": "yes"}, MET),
    ("EDIRPA-02", {ASKS: "60000001", "contracts.c.value": "1e9", "contracts.c.for_ukraine": "yes"}, FAILED),
    ("EDIRPA-03", {}, MET),  # 65 of 100: the limit
    ("EDIRPA-03", {"contracts.c.product_value": "100.1"}, FAILED),  # the value is the denominator
    ("EDIRPA-03", {"contracts.c.product_value": ""}, UNKNOWN),
    ("ASAP-01", {ASKS: "35"}, MET),
    ("ASAP-01", {ASKS: "35.01"}, FAILED),
    ("ASAP-01", {ASKS: "40", "items.product.kind": "component"}, MET),
    ("ASAP-01", {ASKS: "40.01", "items.product.kind": "component"}, FAILED),
    ("ASAP-01", {ASKS: ""}, UNKNOWN),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "changes", "verdict"), CASES)
def test_rules_find_what_is_worked_out_by_hand(rule: str, changes: Changes, verdict: Verdict) -> None:
    finding = found(rule, changes)
    assert finding.verdict is verdict, finding.facts
    assert bool(finding.missing) == (verdict is UNKNOWN)


# Component cost by country, and what each instrument finds: zones and denominators are their own.
CONTENT = [
    ({"FR": 65.0, "UA": 35.0}, {"USL-03": MET, "EDIP-04": MET, "USI-02": MET, "EDIRPA-03": MET}),
    ({"FR": 64.0, "UA": 36.0}, {"USL-03": MET, "EDIP-04": FAILED, "USI-02": MET, "EDIRPA-03": FAILED}),
    ({"FR": 64.0, "NO": 36.0}, {"USL-03": MET, "EDIP-04": MET, "USI-02": FAILED, "EDIRPA-03": MET}),
    ({"FR": 64.0, "US": 36.0}, {"USL-03": FAILED, "EDIP-04": FAILED, "USI-02": FAILED, "EDIRPA-03": FAILED}),
    # Half of the value of the end product is no component: all from inside, and yet short of 65 % of the value.
    ({"FR": 50.0}, {"USL-03": MET, "EDIP-04": MET, "USI-02": MET, "EDIRPA-03": FAILED}),
]


@pytest.mark.parametrize(("cost", "verdicts"), CONTENT)
def test_zone_and_denominator_are_those_of_each_instrument(
    cost: dict[str, float], verdicts: dict[str, Verdict]
) -> None:
    assert {rule: found(rule, NOT_URGENT, Origin(cost)).verdict for rule in verdicts} == verdicts


@pytest.mark.parametrize("rule", ["USL-03", "EDIP-04", "USI-02", "EDIRPA-03"])
def test_unknown_origin_decides_only_where_it_cannot_matter(rule: str) -> None:
    assert found(rule, NOT_URGENT, Origin({"FR": 65.0}, unknown=35.0)).verdict is MET  # 65 inside is enough
    assert found(rule, NOT_URGENT, Origin({"FR": 64.0}, unknown=36.0)).verdict is UNKNOWN
    # 35 of 100 are from outside, the limit itself, if all that is not known is from inside; a cent more is too much.
    assert found(rule, NOT_URGENT, Origin({"FR": 60.0, "US": 35.0}, unknown=5.0)).verdict is UNKNOWN
    assert found(rule, NOT_URGENT, Origin({"FR": 59.99, "US": 35.01}, unknown=5.0)).verdict is FAILED
    assert found(rule, NOT_URGENT, Origin({"FR": 64.0, "US": 36.0}, unpriced=("gear",))).verdict is UNKNOWN
    assert found(rule, NOT_URGENT, None).verdict is UNKNOWN


def test_money_of_a_contract_in_another_currency_needs_a_dated_rate() -> None:
    dollars = {ASKS: "50000000", "contracts.c.value": "1e9", "contracts.c.currency": "USD",
               "contracts.c.for_ukraine": "no", "contracts.c.sme_share": "0", "exchange_rates.1.currency": "USD",
               "exchange_rates.1.rate": "0.9"}  # fmt: skip
    # 50 m USD at 0.9 are 45 m EUR, 15 % of the budget; at 0.91 they are 45.5 m.
    assert found("EDIRPA-02", dollars).verdict is MET
    assert found("EDIRPA-02", dollars | {"exchange_rates.1.rate": "0.91"}).verdict is FAILED
    dated = dollars | {"exchange_rates.1.date": "2025-06-02"}
    assert found("EDIRPA-02", dated, as_of=date(2025, 6, 1)).verdict is UNKNOWN
    assert found("EDIRPA-02", dated, as_of=date(2025, 6, 2)).verdict is MET


@pytest.mark.parametrize(
    ("rule", "last", "first_after"),
    [("EDIRPA-01", date(2025, 12, 31), date(2026, 1, 1)), ("ASAP-01", date(2025, 6, 30), date(2025, 7, 1)),
     ("EDIP-05", date(2027, 12, 31), date(2028, 1, 1))],
)  # fmt: skip
def test_what_has_ended_is_not_applied(rule: str, last: date, first_after: date) -> None:
    assert found(rule, as_of=last).verdict is not NOT_APPLICABLE
    assert found(rule, as_of=first_after).verdict is NOT_APPLICABLE


def test_a_finding_names_the_cells_that_it_rests_on() -> None:
    rows = {(row.table, row.key, row.column, row.said) for row in found("EDIP-07", {}, EXACT).rows}
    assert rows >= {("contracts", "c", "grant", "15"), ("contracts", "c", "value", "100")}


@pytest.mark.parametrize(
    ("inside", "units", "verdict"),
    # The product is worth 100: ten of them 1,000, of which 650 is the floor. Of several products nothing is told.
    [(650.0, 10.0, MET), (649.0, 10.0, FAILED), (650.0, None, UNKNOWN)],
)  # fmt: skip
def test_what_a_plan_delivers_is_divided_by_the_value_of_all_that_it_delivers(
    inside: float, units: float | None, verdict: Verdict
) -> None:
    origins = {"c": {"plan": Origin({"FR": inside}, units=units)}}
    found_of_plan = evaluate(programme(), as_of=date(2025, 6, 1), instruments=["EDIRPA"], origins=origins)
    (one,) = [one for one in found_of_plan.judged if one.rule.rule == "EDIRPA-03"]
    assert one.finding.verdict is verdict, one.finding.facts
