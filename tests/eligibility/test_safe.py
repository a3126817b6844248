"""Every rule of SAFE on cases worked out by hand: met, failed, unknown, and the limit itself."""

from __future__ import annotations

from datetime import date

import pytest
from eligible_programme import DAYS, EXACT, FAILED, MET, NOT_APPLICABLE, UNKNOWN, found, programme

from coproduce.eligibility.evaluate import evaluate
from coproduce.eligibility.origin import Origin
from coproduce.eligibility.verdict import Verdict

Changes = dict[str, str]
ALONE = {"contracts.c.buyers": "france"}
# A subcontractor from outside with 15 %, a critical input and classified information: reached by Art 16(3).
OUTSIDE = {
    "subcontracts.outsider.contract": "c",
    "subcontracts.outsider.share": "0.15",
    "subcontracts.outsider.critical": "yes",
    "subcontracts.outsider.classified": "yes",
    "subcontracts.outsider.study_months": "24",
}
# The contractor belongs to a company outside.
BOUGHT = {"ownership.1.owner": "outsider"}

CASES: list[tuple[str, Changes, Verdict]] = [
    # One borrower (France holds the loan) and one more state of the zone are the least.
    ("SAFE-03", {"contracts.c.buyers": "france; ukraine"}, MET),
    ("SAFE-03", {"contracts.c.buyers": "france; poland"}, MET),
    ("SAFE-03", {"contracts.c.buyers": "poland; germany"}, FAILED),  # neither holds a loan
    ("SAFE-03", {"contracts.c.buyers": "ukraine"}, FAILED),  # one state, and no Member State
    ("SAFE-03", ALONE, NOT_APPLICABLE),  # Art 4(3) instead
    ("SAFE-03", {"contracts.c.buyers": ""}, UNKNOWN),
    ("SAFE-03", {"parties.france.country": ""}, UNKNOWN),  # whether a Member State borrows is not known
    ("SAFE-03", {"contracts.c.buyers": "france; ukraine", "parties.ukraine.country": ""}, UNKNOWN),
    ("SAFE-04", {}, MET),
    ("SAFE-04", {"contracts.c.purpose": "other"}, FAILED),
    ("SAFE-04", {"contracts.c.purpose": ""}, UNKNOWN),
    ("SAFE-05", {}, NOT_APPLICABLE),  # four states buy
    ("SAFE-05", ALONE, MET),  # signed on 30 May 2026: the last day
    ("SAFE-05", ALONE | {"contracts.c.signed": "2026-05-31"}, FAILED),
    ("SAFE-05", ALONE | {"contracts.c.signed": ""}, UNKNOWN),
    ("SAFE-05", {"contracts.c.buyers": "poland"}, FAILED),  # France holds the loan
    ("SAFE-05", ALONE | {"contracts.c.opened_to_others": "no"}, FAILED),
    ("SAFE-05", ALONE | {"contracts.c.opened_to_others": ""}, UNKNOWN),
    ("SAFE-08", {}, MET),  # 45 years: the limit
    ("SAFE-08", {"funds.loan.maturity_years": "45.1"}, FAILED),
    ("SAFE-08", {"funds.loan.maturity_years": ""}, UNKNOWN),
    ("SAFE-08", {"funds.loan.kind": "grant"}, NOT_APPLICABLE),
    ("SAFE-10", {}, MET),  # 15 %: the limit
    ("SAFE-10", {"funds.loan.prefinancing": "0.1501"}, FAILED),
    ("SAFE-10", {"funds.loan.prefinancing_requested": "no"}, FAILED),
    ("SAFE-10", {"funds.loan.prefinancing_requested": ""}, UNKNOWN),
    ("SAFE-10", {"funds.loan.prefinancing_requested": "", "funds.loan.prefinancing": "0"}, MET),
    ("SAFE-10", {"funds.loan.available_from": "2026-01-01"}, MET),  # on the day of the agreement
    ("SAFE-10", {"funds.loan.available_from": "2025-12-31"}, FAILED),  # before the agreement of 1 January 2026
    ("SAFE-11", {}, MET),  # 31 December 2030: the last day
    ("SAFE-11", {"funds.loan.available_until": "2031-01-01"}, FAILED),
    ("SAFE-11", {"funds.loan.available_until": ""}, UNKNOWN),
    ("SAFE-12", {}, MET),  # two requests, 62 days: the limits
    ("SAFE-12", {"funds.loan.requests_per_year": "3"}, FAILED),
    ("SAFE-12", {"funds.loan.assessment_days": "63"}, FAILED),
    ("SAFE-12", {"funds.loan.requests_per_year": ""}, UNKNOWN),
    ("SAFE-12", {"funds.loan.requests_per_year": "", "funds.loan.assessment_days": "63"}, FAILED),  # however many
    ("SAFE-14", {}, MET),
    ("SAFE-14", {"parties.maker.country": "US"}, FAILED),
    ("SAFE-14", {"parties.maker.management": "CH"}, FAILED),  # Switzerland is not in the EEA
    ("SAFE-14", {"parties.maker.management": "NO"}, MET),
    ("SAFE-14", {"parties.maker.management": ""}, UNKNOWN),
    ("SAFE-14", {"contracts.c.contractor": ""}, UNKNOWN),
    ("SAFE-14", BOUGHT | {"parties.maker.screened": "no", "parties.maker.guarantees": "no"}, FAILED),
    ("SAFE-14", BOUGHT | {"parties.maker.screened": "no", "parties.maker.guarantees": ""}, UNKNOWN),
    ("SAFE-14", BOUGHT | {"parties.maker.guarantees": "yes"}, MET),  # excused by Art 16(5)
    ("SAFE-14", OUTSIDE, MET),  # excused by Art 16(4)
    ("SAFE-14", OUTSIDE | {"subcontracts.outsider.share": "0.36"}, FAILED),
    ("SAFE-14", OUTSIDE | {"subcontracts.outsider.share": "0.36", "subcontracts.outsider.classified": "no"}, MET),
    ("SAFE-15", {}, NOT_APPLICABLE),
    ("SAFE-15", OUTSIDE, MET),  # 15 % and 24 months: the limits
    ("SAFE-15", OUTSIDE | {"subcontracts.outsider.share": "0.35"}, MET),  # 35 %: the limit
    ("SAFE-15", OUTSIDE | {"subcontracts.outsider.share": "0.3501"}, FAILED),
    ("SAFE-15", OUTSIDE | {"subcontracts.outsider.share": "0.1499"}, NOT_APPLICABLE),  # not involved
    ("SAFE-15", OUTSIDE | {"subcontracts.outsider.study_months": "24.1"}, UNKNOWN),  # a contract before is not excluded
    (
        "SAFE-15",
        OUTSIDE | {"subcontracts.outsider.study_months": "25", "subcontracts.outsider.had_prior_contract": "no"},
        FAILED,
    ),
    # A contract of the day before entry into force, and of the day itself.
    (
        "SAFE-15",
        OUTSIDE | {"subcontracts.outsider.study_months": "25", "subcontracts.outsider.prior_contract": "2025-05-28"},
        MET,
    ),
    (
        "SAFE-15",
        OUTSIDE | {"subcontracts.outsider.study_months": "25", "subcontracts.outsider.prior_contract": "2025-05-29"},
        FAILED,
    ),
    ("SAFE-15", OUTSIDE | {"subcontracts.outsider.critical": ""}, MET),  # whichever is so
    (
        "SAFE-15",
        OUTSIDE | {"subcontracts.outsider.critical": "", "subcontracts.outsider.share": "0.4"},
        UNKNOWN,  # failed if critical, not reached if not
    ),
    ("SAFE-16", {}, NOT_APPLICABLE),
    ("SAFE-16", BOUGHT | {"parties.maker.screened": "yes"}, MET),
    ("SAFE-16", BOUGHT | {"parties.maker.screened": "no", "parties.maker.guarantees": "no"}, FAILED),
    ("SAFE-16", BOUGHT, UNKNOWN),
    # Art 16(5) speaks of the Union: one established in Norway is not excused.
    ("SAFE-16", BOUGHT | {"parties.maker.country": "NO", "parties.maker.screened": "yes"}, FAILED),
    ("SAFE-17", {}, MET),
    ("SAFE-17", {"sites.lyon.country": "US"}, FAILED),  # the only way to make it
    ("SAFE-17", {"sites.lyon.country": ""}, UNKNOWN),
    ("SAFE-17", {"sites.lyon.country": "US", "sites.lyon.party": ""}, UNKNOWN),  # who runs it is not known
    ("SAFE-17", {"sites.lyon.country": "US", "sites.lyon.party": "parts"}, UNKNOWN),  # a supplier, or a subcontractor
    ("SAFE-17", {"sites.lyon.country": "US", "sites.lyon.party": "outsider"} | OUTSIDE, FAILED),
    # Below 15 % nobody is involved, and its facilities are not looked at.
    ("SAFE-17", {"sites.lyon.country": "US", "sites.lyon.party": "outsider"} | OUTSIDE
     | {"subcontracts.outsider.share": "0.1"}, MET),
    # ... unless it is the contractor, which nobody knows here.
    ("SAFE-17", {"sites.lyon.country": "US", "sites.lyon.party": "outsider", "contracts.c.contractor": ""} | OUTSIDE
     | {"subcontracts.outsider.share": "0.1"}, UNKNOWN),
    ("SAFE-17", {"sites.lyon.party": "outsider", "contracts.c.contractor": ""} | OUTSIDE
     | {"subcontracts.outsider.share": "0.1"}, MET),  # the site is inside, whoever runs it
    (
        "SAFE-17",
        {
            "sites.lyon.country": "US",
            "site_exceptions.lyon.contract": "c",
            "site_exceptions.lyon.no_alternative": "yes",
            "site_exceptions.lyon.secure": "yes",
        },
        MET,
    ),
    (
        "SAFE-17",
        {
            "sites.lyon.country": "US",
            "site_exceptions.lyon.contract": "c",
            "site_exceptions.lyon.no_alternative": "yes",
        },
        UNKNOWN,
    ),
    # Another process makes it in Ukraine: which one is used is open.
    (
        "SAFE-17",
        {
            "sites.lyon.country": "US", "processes.other.site": "depot", "flows.3.process": "other",
            "flows.3.item": "product", "flows.3.quantity": "1",
        },
        UNKNOWN,
    ),
    ("SAFE-19", {}, MET),
    ("SAFE-19", {"contracts.c.category": "1"}, NOT_APPLICABLE),
    ("SAFE-19", {"items.product.design_free": "no"}, FAILED),
    ("SAFE-19", {"items.product.design_authority": "outsider"}, FAILED),
    ("SAFE-19", {"items.product.design_authority": ""}, UNKNOWN),
    # Arguable: met under two and not asked under one is met; failed under two alone is not known.
    ("SAFE-19", {"contracts.c.category": "1", "contracts.c.category_arguable": "yes"}, MET),
    (
        "SAFE-19",
        {"contracts.c.category": "1", "contracts.c.category_arguable": "yes", "items.product.design_free": "no"},
        UNKNOWN,
    ),
    ("SAFE-19", {"contracts.c.category": "", "items.product.design_free": "no"}, UNKNOWN),
    ("SAFE-20", {}, NOT_APPLICABLE),
    ("SAFE-20", OUTSIDE, MET),  # 15 %: involved
    ("SAFE-20", OUTSIDE | {"subcontracts.outsider.critical": ""}, UNKNOWN),
    ("SAFE-20", OUTSIDE | {"subcontracts.outsider.critical": "", "subcontracts.outsider.share": "0.1499"}, MET),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "changes", "verdict"), CASES)
def test_rules_of_safe_find_what_is_worked_out_by_hand(rule: str, changes: Changes, verdict: Verdict) -> None:
    finding = found(rule, changes)
    assert finding.verdict is verdict, finding.facts
    assert bool(finding.missing) == (verdict is UNKNOWN)


# (cost by country, of unknown origin, without a cost) and the verdict
ORIGINS = [
    (Origin({"FR": 65.0, "US": 35.0}), MET),  # 35 %: the limit
    (Origin({"FR": 64.99, "US": 35.01}), FAILED),
    (Origin({"FR": 0.65, "US": 0.35}), MET),  # 0.35 / 1.0 in tenths that binary numbers do not hold
    (Origin({"UA": 0.2, "NO": 0.45, "US": 0.1, "CN": 0.25}), MET),  # 0.1 + 0.25 of 1.0
    (Origin({"FR": 65.0, "US": 30.0}, unknown=5.0), MET),  # 35 % even if all of it is from outside
    (Origin({"FR": 65.0, "US": 30.0}, unknown=5.1), UNKNOWN),  # 29.97 % to 35.06 %
    (Origin({"FR": 60.0, "US": 35.0}, unknown=5.0), UNKNOWN),  # the limit itself if all of it is from inside
    (Origin({"FR": 59.99, "US": 35.01}, unknown=5.0), FAILED),
    (Origin({"FR": 10.0, "US": 54.0}, unknown=36.0), FAILED),  # 54 % already
    (Origin({"FR": 100.0}, unpriced=("gear",)), UNKNOWN),
    (Origin({}), UNKNOWN),
    (None, UNKNOWN),
]


@pytest.mark.parametrize(("origin", "verdict"), ORIGINS)
def test_the_ceiling_of_35_percent_is_exact_and_knows_what_it_does_not_know(
    origin: Origin | None, verdict: Verdict
) -> None:
    assert found("SAFE-18", origin=origin).verdict is verdict


def test_the_margin_of_the_ceiling_is_in_shares_and_in_money() -> None:
    # 30 of 120 are from outside: 25 %, 10 points inside; 35 % of 120 is 42, 12 more could be.
    finding = found("SAFE-18", origin=Origin({"FR": 90.0, "US": 30.0}))
    assert (finding.value, finding.limit) == (0.25, 0.35)
    assert finding.margin == pytest.approx(0.10)
    assert finding.margin_money == pytest.approx(12.0)
    assert finding.coverage == 1.0


def test_a_component_from_a_country_of_concern_fails_whatever_the_share() -> None:
    concern = {"concern_countries.XX.basis": "declared"}
    assert found("SAFE-18", concern, Origin({"FR": 99.0, "XX": 1.0})).verdict is FAILED
    assert found("SAFE-18", concern, Origin({"FR": 99.0, "US": 1.0})).verdict is MET
    assert found("SAFE-18", concern, Origin({"FR": 99.0}, unknown=1.0)).verdict is UNKNOWN
    later = {"concern_countries.XX.start": "2026-06-02"}
    assert found("SAFE-18", later, Origin({"FR": 99.0, "XX": 1.0})).verdict is MET


def test_an_agreement_counts_only_while_in_force_and_under_its_own_shares() -> None:
    # 50 from Canada: outside by the general rule, but not under an agreement that asks for 40 % from inside.
    origin = Origin({"FR": 45.0, "CA": 50.0, "US": 5.0})
    agreement = {
        "partner_agreements.CA.instrument": "SAFE", "partner_agreements.CA.start": "2026-02-11",
        "partner_agreements.CA.least_inside": "0.4",
    }  # fmt: skip
    assert found("SAFE-18", {}, origin).verdict is FAILED
    assert found("SAFE-18", agreement, origin).verdict is MET
    assert found("SAFE-18", agreement, origin, as_of=date(2026, 2, 11)).verdict is MET
    assert found("SAFE-18", agreement, origin, as_of=date(2026, 2, 10)).verdict is FAILED
    ended = agreement | {"partner_agreements.CA.end": "2026-06-01"}
    assert found("SAFE-18", ended, origin, as_of=date(2026, 5, 31)).verdict is MET
    assert found("SAFE-18", ended, origin, as_of=date(2026, 6, 1)).verdict is FAILED
    assert found("SAFE-18", agreement | {"partner_agreements.CA.least_inside": "0.45"}, origin).verdict is MET
    assert found("SAFE-18", agreement | {"partner_agreements.CA.least_inside": "0.46"}, origin).verdict is FAILED
    assert found("SAFE-18", agreement | {"partner_agreements.CA.most_outside": "0.04"}, origin).verdict is FAILED
    assert found("SAFE-14", agreement | {"parties.maker.management": "CA"}, origin).verdict is MET


def test_other_products_for_defence_purposes_are_left_to_art_16_13() -> None:
    other = {"contracts.c.category": "other", "parties.maker.country": "US"}
    assert found("SAFE-14", other).verdict is NOT_APPLICABLE
    assert found("SAFE-14", other | {"contracts.c.category": ""}).verdict is UNKNOWN  # it may be such a product


def test_the_days_to_the_last_signature_are_the_margin() -> None:
    # 20 to 30 May 2026 are ten days.
    assert found("SAFE-05", ALONE | {"contracts.c.signed": "2026-05-20"}).margin == 10


def test_nothing_is_found_before_the_regulation_is_in_force() -> None:
    assert found("SAFE-18", {}, EXACT, as_of=date(2025, 5, 28)).verdict is NOT_APPLICABLE
    assert found("SAFE-18", {}, EXACT, as_of=date(2025, 5, 29)).verdict is MET


def test_a_plan_says_which_site_is_used() -> None:
    two_ways = {
        "sites.lyon.country": "US", "processes.other.site": "depot", "flows.3.process": "other",
        "flows.3.item": "product", "flows.3.quantity": "1",
    }  # fmt: skip
    for used, verdict in (("assemble", FAILED), ("other", MET)):
        judged = evaluate(
            programme(two_ways), as_of=DAYS["SAFE"], processes={"c": frozenset((used,))}
        ).judged  # fmt: skip
        (one,) = [one for one in judged if one.rule.rule == "SAFE-17"]
        assert one.finding.verdict is verdict
