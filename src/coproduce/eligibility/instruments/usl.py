"""Ukraine Support Loan: defence products that Ukraine procures, Regulation (EU) 2026/467."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

from ..buyers import among, buyers, number
from ..case import Case
from ..category import by_category
from ..clause import Clause, any_of, clause_of, concluded, decided, every, refined
from ..dates import days_left, signed_after
from ..design import decides_freely
from ..location import in_zone
from ..participants import Participation, may_take_part
from ..partners import content_ceiling, opened
from ..rule import Carried, Check, Instrument, Rule
from ..subcontractors import Cooperation, Involvement
from ..urgency import derogation, urgent
from ..verdict import Finding, Verdict
from ..zones import EEA_EFTA, EU, UKRAINE

NAME = "USL"
ZONE = EU | EEA_EFTA | UKRAINE
ENTRY = date(2026, 2, 27)
SIGNED_AFTER = date(2026, 1, 14)
CEILING = Fraction(35, 100)
READ = "read in a public copy of the Official Journal's text (CELEX 32026R0467)"
UNREAD = "Art 13(4)(b)"
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
        cooperation=Cooperation(Fraction(15, 100), Fraction(35, 100), ENTRY, study_months=None, unread=UNREAD),
    )


def _product(case: Case) -> Finding:
    asked, contractor = _asked(case), case.contract["contractor"]
    found = content_ceiling(case, NAME, ZONE, CEILING)
    free = decides_freely(case, () if contractor is None else (contractor,), "the manufacturer")
    conditions = by_category(
        case, DEFENCE, every((may_take_part(case, asked), in_zone(case, asked.zone, asked), clause_of(found)))
    )
    design = by_category(case, ("2",), free)
    kept = every((conditions, design))
    if kept.verdict in (Verdict.MET, Verdict.NOT_APPLICABLE):
        return refined(found, kept)
    excuse = derogation(case)
    return refined(found, any_of((kept, replace(excuse, said=f"derogation of Art 13(5): {excuse.said}"))))


def _method(case: Case) -> Finding:
    found = buyers(case)
    ukraine = among(found, "UA")
    if ukraine.verdict is not Verdict.MET:
        return concluded(ukraine)
    if found.least() == found.most() == 1:
        return concluded(every((ukraine, decided(True, "procured by Ukraine alone: point (a)"))))
    with_members = number(found, 1, EU, "Member States")
    way = "with a Member State: point (c), or (b) if it is a common procurement under SAFE (see SAFE-03)"
    other = Clause(Verdict.MET, way if with_members.verdict is Verdict.MET else "with others: see points (c) and (d)")
    return concluded(every((ukraine, other)))


def _signed(case: Case) -> Finding:
    left = days_left(case, SIGNED_AFTER)
    margin = None if left is None else float(-left - 1)
    sum_ = "" if left is None else f"{case.contract['signed']:%Y-%m-%d} - {SIGNED_AFTER} = {-left} days (at least 1)"
    return concluded(signed_after(case, SIGNED_AFTER), margin=margin, unit="days", arithmetic=sum_)


def _rule(rule: str, provision: str, meaning: str, scope: str, needs: str, check: Check, verified: str = READ) -> Rule:
    return Rule(rule, NAME, provision, meaning, scope, tuple(needs.split()), check, start=ENTRY, verified=verified)


RULES = (
    replace(
        _rule("USL-03", "Art 13(4)(a), (c), (e), (g), (h)",
              "Manufacturer and subcontractors involved, their facilities and 65 % of the component cost are from the "
              "Union, the EEA EFTA States or Ukraine; for category two the manufacturer decides freely on the design; "
              "Art 13(5) may excuse",
              "configuration", "contracts.contractor parties.country parties.management parties.controller "
              "ownership.share subcontracts.share sites.country supplies.origin items.component_cost "
              "contracts.category items.design_authority",
              _product,
              f"{READ}; points (b) and (d) are missing there, and a second search found the proposal "
          "COM(2026) 20 alone: where (b) may let a subcontractor with 15 % to 35 % of "
              "the value work along the verdict stays unknown, and what guarantees must contain by (d) is not checked"),
        ceiling=CEILING,
        partners=True,
    ),
    replace(
        _rule("USL-04", "Art 13(5)",
              "In urgent need what does not comply may be bought if no equivalent exists at the scale or in time, "
              "or if it is there significantly sooner, with a legal commitment on the lead time, once the "
              "Commission has approved",
              "contract", "contracts.urgent contracts.no_equivalent contracts.lead_days_inside "
              "contracts.lead_days_outside contracts.lead_time_committed contracts.derogation_approved", urgent,
              f"{READ}; significantly shorter is not defined there: any gain of time counts once the Commission has "
              "approved; the rule counts for the contract through USL-03 only"),
        counts=False,
    ),
    _rule("USL-05", "Art 13(8)(a)-(d)",
          "Procured by Ukraine, also as a common procurement under SAFE, or by agreement of Ukraine with Member "
          "States or organisations", "contract", "contracts.buyers parties.country", _method,
          f"{READ}; contributions of Ukraine to other programmes (point (e)) are not tested"),
    _rule("USL-06", "Art 13(9)", "The contract was signed after 14 January 2026", "contract", "contracts.signed",
          _signed),
)  # fmt: skip

CARRIED = (
    Carried("USL-01", "Art 4(1)-(2)", "Maximum amount; available until 31 December 2027, paid out by 31 December 2028",
            "90000000000 EUR; 2027-12-31; 2028-12-31", "not read again"),
    Carried("USL-02", "Art 13(2)", "The same categories one and two as SAFE", "category 1 or 2", READ),
)  # fmt: skip

INSTRUMENT = Instrument(
    NAME, "Regulation (EU) 2026/467 (Ukraine Support Loan)", "32026R0467", "Union, EEA EFTA States, Ukraine",
    "estimated cost of the components of the defence product", RULES, CARRIED,
)  # fmt: skip
