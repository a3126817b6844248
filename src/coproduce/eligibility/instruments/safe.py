"""SAFE: loans of the Union to Member States for common procurement, Council Regulation (EU) 2025/1106."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

from ..buyers import Buyers, buyers, number
from ..case import Case
from ..category import OTHER, by_category
from ..clause import Clause, clause_of, concluded, decided, every, implied, not_known, refined
from ..dates import days_left, paid_by, signed_by
from ..design import decides_freely
from ..funds import maturity, prefinancing, requests
from ..grants import fact
from ..location import in_zone
from ..participants import Participation, cooperates, excused, may_take_part, reaches
from ..partners import content_ceiling, opened
from ..rule import Carried, Check, Instrument, Rule
from ..subcontractors import Cooperation, Involvement
from ..verdict import Finding, Verdict
from ..zones import EEA_EFTA, EU, UKRAINE

NAME = "SAFE"
ZONE = EU | EEA_EFTA | UKRAINE
ENTRY = date(2025, 5, 29)
LAST_SINGLE = date(2026, 5, 30)
CEILING = Fraction(35, 100)
READ = "read in a public copy of the Official Journal's text (CELEX 32025R1106)"
DEFENCE = ("1", "2")


def _asked(case: Case) -> Participation:
    zone = opened(case.book, NAME, ZONE)
    return Participation(
        zone=zone,
        control_zone=zone,
        seat_by_management=False,
        excused_zone=EU,
        screening=True,
        involvement=Involvement(Fraction(15, 100), critical=True, classified=True),
        cooperation=Cooperation(Fraction(15, 100), Fraction(35, 100), before=ENTRY, study_months=24),
    )


def _borrowers(case: Case) -> tuple[frozenset[str], bool]:
    """Return the Member States that hold a SAFE fund, and whether a SAFE fund has no known holder."""
    funds = case.book.of("funds", "instrument", NAME)
    holders = [case.book.parties.get(row["holder"]) for row in funds]
    known = frozenset(row["country"] for row in holders if row is not None and row["country"] in EU)
    return known, not funds or any(row is None or row["country"] is None for row in holders)


def _common(case: Case) -> Finding:
    found = buyers(case)
    least, single = found.least(ZONE), found.least() <= 1 and found.countries <= EU
    if found.named and single and found.least() == found.most() == 1:
        said = f"{found.said}: bought by a single Member State; Art 4(3) applies instead"
        return Finding(Verdict.NOT_APPLICABLE, said, rows=found.rows)
    together = every((number(found, 2, ZONE, "Member States, EEA EFTA States and Ukraine"), _lender(case, found)))
    if single and found.unknown and together.verdict is Verdict.FAILED:
        # All buyers may be of one Member State, and then Art 4(3) applies.
        together = Clause(Verdict.UNKNOWN, together.said, found.missing, together.rows)
    return concluded(together, value=float(least), limit=2.0, margin=float(least - 2), unit="parties")


def _lender(case: Case, found: Buyers) -> Clause:
    """Return the condition that a buyer receives a SAFE loan."""
    borrowers, more = _borrowers(case)
    lends = found.countries & borrowers
    words = f"with a SAFE loan: {', '.join(sorted(lends)) or 'none known'}"
    if not lends and (found.unknown or not found.named or (more and found.countries & EU)):
        missing = (*found.missing, "funds: which buyer receives a SAFE loan")
        return Clause(Verdict.UNKNOWN, words, missing if found.unknown or not found.named else missing[-1:], found.rows)
    return decided(bool(lends), words, *found.rows)


def _purpose(case: Case) -> Finding:
    purpose, at = case.contract["purpose"], case.cell("purpose")
    if purpose is None:
        return concluded(not_known("the purpose is not known", "contracts.purpose", at))
    return concluded(decided(purpose != "other", f"purpose: {purpose}", at))


def _single(case: Case) -> Finding:
    found = buyers(case)
    if found.named and (found.least() >= 2 or not found.countries <= EU or found.most() == 0):
        return Finding(Verdict.NOT_APPLICABLE, f"{found.said}: not bought by a single Member State", rows=found.rows)
    alone = decided(True, found.said, *found.rows)
    if not found.named or found.unknown:
        alone = Clause(Verdict.UNKNOWN, found.said, found.missing, found.rows)
    opened_up = fact(case, "opened_to_others", "steps were taken to open it to other states")
    clause = implied(alone, every((signed_by(case, LAST_SINGLE), opened_up, _lender(case, found))))
    left = days_left(case, LAST_SINGLE)
    figure = None if left is None else float(left)
    sum_ = "" if left is None else f"{LAST_SINGLE} - {case.contract['signed']:%Y-%m-%d} = {left} days"
    return concluded(clause, margin=figure, unit="days", arithmetic=sum_)


def _defence(case: Case, clause: Clause) -> Finding:
    """Return a finding for defence products; other products fall under Art 16(13) alone."""
    return concluded(by_category(case, DEFENCE, clause))


def _taking_part(case: Case) -> Finding:
    return _defence(case, may_take_part(case, _asked(case)))


def _cooperation(case: Case) -> Finding:
    return _defence(case, cooperates(case, _asked(case)))


def _excused(case: Case) -> Finding:
    return _defence(case, excused(case, _asked(case)))


def _location(case: Case) -> Finding:
    return _defence(case, in_zone(case, opened(case.book, NAME, ZONE), _asked(case)))


def _origin(case: Case) -> Finding:
    found = content_ceiling(case, NAME, ZONE, CEILING)
    return refined(found, by_category(case, DEFENCE, clause_of(found)))


def _design(case: Case) -> Finding:
    contractor = case.contract["contractor"]
    free = decides_freely(case, () if contractor is None else (contractor,), "the contractor")
    return concluded(by_category(case, ("2",), free))


def _involved(case: Case) -> Finding:
    return _defence(case, reaches(case, _asked(case)))


def _rule(rule: str, provision: str, meaning: str, scope: str, needs: str, check: Check, verified: str = READ) -> Rule:
    return Rule(rule, NAME, provision, meaning, scope, tuple(needs.split()), check, start=ENTRY, verified=verified)


RULES = (
    _rule("SAFE-03", "Art 2(3)",
          "Common procurement: at least one Member State with a SAFE loan, and at least one more Member State, EEA "
          "EFTA State or Ukraine; further states may join, and existing contracts may count", "contract",
          "contracts.buyers parties.kind parties.country funds.instrument funds.holder", _common,
          f"{READ}; the holder of a declared SAFE fund is taken as a Member State with a loan"),
    _rule("SAFE-04", "Art 4(1)",
          "Purpose: more capacity to make, earlier availability (slots, stocks included), or interoperability",
          "contract", "contracts.purpose", _purpose),
    _rule("SAFE-05", "Art 4(3)",
          "A single Member State with a loan may buy if the contract was signed by 30 May 2026 and steps are taken "
          "to open it to others",
          "contract", "contracts.buyers contracts.signed contracts.opened_to_others", _single),
    _rule("SAFE-08", "Art 10(2)", "The loan agreement runs for 45 years at most", "fund", "funds.maturity_years",
          lambda case: maturity(case, 45)),
    _rule("SAFE-10", "Art 11(1)-(2)",
          "Pre-financing of up to 15 % of the loan, if asked for in the plan, once the loan agreement is in force",
          "fund",
          "funds.prefinancing funds.prefinancing_requested funds.amount funds.agreed funds.available_from",
          lambda case: prefinancing(case, Fraction(15, 100))),
    _rule("SAFE-11", "Art 12(1)", "Payments of the loan may be approved until 31 December 2030", "fund",
          "funds.available_until", lambda case: paid_by(case, date(2030, 12, 31))),
    _rule("SAFE-12", "Art 12(2)-(3)",
          "Two payment requests a year, each assessed within two months", "fund",
          "funds.requests_per_year funds.assessment_days", lambda case: requests(case, 2, 62),
          f"{READ}; two months are up to 62 days, and a fund that counts on a longer assessment fails"),
    _rule("SAFE-14", "Art 16(3)",
          "Contractor and subcontractors involved are established and managed in the Union, the EEA EFTA States or "
          "Ukraine and not controlled from elsewhere, unless Art 16(4) or 16(5) excuses them", "contract",
          "contracts.contractor parties.country parties.management parties.controller ownership.share "
          "subcontracts.share subcontracts.critical subcontracts.classified", _taking_part,
          f"{READ}; the conditions that an agreement under Art 17 sets for participants are not carried: a country "
          "with an agreement in force counts as inside; an excuse under Art 16(5) is taken to leave the seat of the "
          "management where paragraph 3 wants it; a share of exactly half of the votes is taken as joint control"),
    _rule("SAFE-15", "Art 16(4)",
          "A subcontractor with 15 % to 35 % of the value that is not established or managed inside may work along "
          "if it had a direct contract for the product before 29 May 2025, or the contractor will study a "
          "replacement within two years",
          "contract", "subcontracts.share subcontracts.prior_contract subcontracts.had_prior_contract "
          "subcontracts.study_months subcontracts.study_committed", _cooperation,
          f"{READ}; both ends of 15 % to 35 % are taken as included; entry into force by Art 23 is 29 May 2025"),
    _rule("SAFE-16", "Art 16(5)-(7)",
          "One established in the Union and controlled from outside may take part if the investment was screened, "
          "and mitigated where needed, or if it gives guarantees that the Member State has verified", "contract",
          "parties.country parties.screened parties.guarantees", _excused,
          f"{READ}; recital 18 speaks of entities in the EEA EFTA States and Ukraine too, paragraph 5 of the Union "
          "only"),
    _rule("SAFE-17", "Art 16(8)",
          "Facilities used are in the Union, the EEA EFTA States or Ukraine; outside only without a readily "
          "available alternative and not against security interests", "contract",
          "processes.site sites.country sites.party site_exceptions.no_alternative site_exceptions.secure", _location,
          f"{READ}; a site outside whose party is neither the contractor nor a declared subcontractor leaves it open"),
    replace(
        _rule("SAFE-18", "Art 16(10)",
              "Components from outside the Union, the EEA EFTA States and Ukraine cost at most 35 % of the estimated "
              "cost of the components of the end product; none comes from a country that goes against security "
              "interests",
              "configuration", "supplies.origin stocks.origin receipts.origin items.component_cost "
              "concern_countries.country partner_agreements.country", _origin,
              f"{READ}; guidance on how to count, which recital 19 announces, was not found"),
        ceiling=CEILING,
        partners=True,
    ),
    _rule("SAFE-19", "Art 16(11)",
          "Category two: the contractor decides on definition, adaptation and evolution of the design without "
          "restriction from outside, and may substitute or remove restricted components", "contract",
          "contracts.category contracts.category_arguable items.design_authority items.design_free", _design),
    replace(
        _rule("SAFE-20", "Art 16(12)",
              "A subcontractor is involved if it delivers a critical input with unique attributes, has at least 15 "
              "% of the value, and needs classified information", "contract",
              "subcontracts.share subcontracts.critical subcontracts.classified", _involved,
              f"{READ}; a definition: it says whom the other rules reach and cannot fail"),
        counts=False,
    ),
)  # fmt: skip

CARRIED = (
    Carried("SAFE-01", "Art 1, second subparagraph, (a)",
            "Category one: ammunition and missiles, artillery, ground combat, small drones and defence against "
            "them, critical infrastructure, cyber, military mobility", "category 1", READ),
    Carried("SAFE-02", "Art 1, second subparagraph, (b)",
            "Category two: air and missile defence, maritime, other drones, strategic enablers, space, artificial "
            "intelligence and electronic warfare", "category 2", READ),
    Carried("SAFE-06", "Art 5, 6", "Loans of the Union to Member States, EUR 150 bn in all", "150000000000 EUR", READ),
    Carried("SAFE-07", "Art 7(1), 8(7), 8(8)", "Requests, a possible new call, last decision of the Council",
            "2025-11-30; 2026-12-31; 2027-06-30", READ),
    Carried("SAFE-09", "Recital 28", "Ten years without repayment, in principle: a recital, not a rule", "10 years",
            "the recital was not read again"),
    Carried("SAFE-13", "Art 13", "The three largest borrowers together hold at most 60 % of the maximum", "60 %", READ),
    Carried("SAFE-21", "Art 16(13)", "Other products for defence purposes: appropriate security conditions only",
            f"category {OTHER}", READ),
    Carried("SAFE-22", "Art 17(1)-(2)", "Agreements may open the instrument to further countries, with their own "
          "shares",
            "table partner_agreements", READ),
    Carried("SAFE-23", "Art 18, 19, 20", "Existing contracts may be opened; urgency is deemed to exist; exempt from "
          "VAT", "-", READ),
)  # fmt: skip

INSTRUMENT = Instrument(
    NAME, "Council Regulation (EU) 2025/1106 (SAFE)", "32025R1106", "Union, EEA EFTA States, Ukraine",
    "estimated cost of the components of the end product", RULES, CARRIED,
)  # fmt: skip
