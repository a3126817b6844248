"""EDIP: grants of the European Defence Industry Programme, Regulation (EU) 2025/2643, chapter II."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

from ..buyers import buyers, number
from ..case import Case
from ..clause import Clause, any_of, clause_of, concluded, decided, every, implied, refined, under
from ..components import ceiling
from ..design import authority
from ..grants import fact, grant_ceiling, route
from ..location import in_zone
from ..participants import Participation, cooperates, may_take_part
from ..rule import Carried, Check, Instrument, Rule
from ..subcontractors import Cooperation, Involvement
from ..verdict import Finding
from ..zones import EEA_EFTA, EU

NAME = "EDIP"
ZONE = EU | EEA_EFTA
ENTRY = date(2025, 12, 30)
END = date(2028, 1, 1)
CEILING = Fraction(35, 100)
READ = "read in a public copy of the Official Journal's text (CELEX 32025R2643)"
NOT_PAID = ("purchase", "maintenance")


def _asked(case: Case) -> Participation:
    # Only common procurement knows the derogation for subcontractors (Art 11(7)).
    route_known = case.contract["route"]
    maybe_common = route_known in (None, "common")
    return Participation(
        zone=ZONE,
        control_zone=ZONE,
        seat_by_management=True,
        excused_zone=ZONE,
        screening=None,
        involvement=Involvement(Fraction(15, 100), critical=False, classified=True, supplier_exempt=True),
        cooperation=Cooperation(Fraction(15, 100), Fraction(35, 100), ENTRY, study_months=None)
        if maybe_common
        else None,
        doubt="" if route_known else "contracts.route",
    )


def _cost(case: Case) -> Finding:
    kind = case.contract["cost_type"]
    paid = decided(kind not in NOT_PAID, f"cost of type {kind}", case.cell("cost_type"))
    return concluded(implied(route(case, "single", "reinforcement", "supporting"), paid))


def _recipients(case: Case) -> Finding:
    asked = _asked(case)
    return concluded(every((may_take_part(case, asked), in_zone(case, ZONE, asked))))


def _product(case: Case) -> Finding:
    found = ceiling(case, ZONE, CEILING)
    return refined(found, every((clause_of(found), authority(case, EU, date(2033, 12, 31)))))


def _common(case: Case) -> Finding:
    found = buyers(case)
    states = every(
        (number(found, 3, ZONE, "Member States and associated countries"), number(found, 2, EU, "Member States"))
    )
    together = any_of((fact(case, "scheme", "done by a structure for a European armament programme"), states))
    finding = concluded(
        together, value=float(found.least(ZONE)), limit=3.0, margin=float(found.least(ZONE) - 3), unit="parties"
    )
    return under(route(case, "common", "single"), finding)


def _cooperation(case: Case) -> Finding:
    return concluded(implied(route(case, "common"), cooperates(case, _asked(case))))


def _common_grant(case: Case) -> Finding:
    raises = any_of((
        fact(case, "scheme", "done by a structure for a European armament programme"),
        fact(case, "for_ukraine", "Ukraine or Moldova receives additional quantities"),
        fact(case, "bonus", "one of the other conditions of Art 20(5) holds"),
    ))  # fmt: skip
    found = grant_ceiling(case, Fraction(15, 100), Fraction(25, 100), raises, "value of the contract")
    return under(route(case, "common"), found)


def _industry_grant(case: Case) -> Finding:
    who: Clause = any_of((
        fact(case, "sme_majority", "most beneficiaries are small or medium-sized firms or mid-caps"),
        fact(case, "scheme", "done by a structure for a European armament programme"),
    ))  # fmt: skip
    raises = every((who, fact(case, "bonus", "one of the conditions of Art 20(7) holds")))
    found = grant_ceiling(case, Fraction(35, 100), Fraction(50, 100), raises, "eligible cost")
    return under(route(case, "reinforcement"), found)


def _rule(rule: str, provision: str, meaning: str, scope: str, needs: str, check: Check, verified: str = READ) -> Rule:
    return Rule(rule, NAME, provision, meaning, scope, tuple(needs.split()), check, ENTRY, END, verified)


RULES = (
    _rule("EDIP-02", "Art 3(3)",
          "The Union pays neither the purchase nor the maintenance of defence products; one-off costs may be covered",
          "contract", "contracts.cost_type contracts.route", _cost,
          f"{READ}; does not apply to common procurement, whose grants are not linked to costs (Art 20(3))"),
    _rule("EDIP-03", "Art 9(1), (3)-(6); Art 11(6)",
          "Recipients, and by common procurement contractors and subcontractors, are established and managed in the "
          "Union or an EEA EFTA State, with facilities there, and not controlled from elsewhere, or give guarantees",
          "contract",
          "contracts.contractor parties.country parties.management parties.controller ownership.share "
          "subcontracts.share subcontracts.classified subcontracts.own_design sites.country", _recipients,
          f"{READ}; Ukraine is outside; whether a screening amounts to guarantees (Art 9(6)) is taken as arguable; "
          "use of facilities outside (Art 9(4)) is allowed but its costs are not paid, which is not computed"),
    replace(
        _rule("EDIP-04", "Art 10(3)-(5); Art 12(4)",
              "Components from outside the Union and EEA EFTA States cost at most 35 % of the components, none comes "
              "from a country of concern; the recipient or contractor decides freely on the design of every product",
              "configuration",
              "supplies.origin items.component_cost items.design_authority items.design_free contracts.product "
              "contracts.design_commitment contracts.route", _product,
              f"{READ}; the commitment until 31 December 2033 in place of the authority is for ammunition and missiles "
              "in industrial reinforcement only (Art 12(4)), where authorities of Member States may hold it too"),
        ceiling=CEILING,
    ),
    _rule("EDIP-05", "Art 11(3)",
          "Common procurement by at least three Member States or associated countries, two of them Member States, "
          "or by a structure for a European armament programme", "contract",
          "contracts.buyers parties.country contracts.scheme contracts.route", _common),
    _rule("EDIP-06", "Art 11(7)",
          "In common procurement a subcontractor with 15 % to 35 % of the value that is not established or managed "
          "inside may work along if it had a direct contract for the product before 30 December 2025", "contract",
          "subcontracts.share subcontracts.prior_contract subcontracts.had_prior_contract contracts.route",
          _cooperation,
          f"{READ}; entry into force is taken as 30 December 2025, the day after publication"),
    _rule("EDIP-07", "Art 20(4)-(5)",
          "Common procurement: the grant is at most 15 % of the value of the contract, 25 % if one of five "
          "conditions holds",
          "contract", "contracts.grant contracts.value contracts.scheme contracts.for_ukraine contracts.bonus "
          "contracts.route", _common_grant),
    _rule("EDIP-08", "Art 20(6)-(7)",
          "Industrial reinforcement: the grant is at most 35 % of the eligible cost, 50 % if most beneficiaries are "
          "small or mid-caps, or by a structure, and one of three conditions holds", "contract",
          "contracts.grant contracts.value contracts.scheme contracts.sme_majority contracts.bonus contracts.route",
          _industry_grant, f"{READ}; contracts.value stands for the eligible cost"),
)  # fmt: skip

CARRIED = (
    Carried("EDIP-01", "Art 3(1)-(2)", "Programme EUR 1.2 bn, Ukraine Support Instrument EUR 300 m, 30 December "
          "2025 to 31 December 2027", "1200000000 EUR; 300000000 EUR", READ),
    Carried("EDIP-09", "Art 2(4), (12), (15), (18), (31)", "What bottleneck, dynamic availability management, lead "
          "time, maintenance and subcontractor mean; suppliers of components of their own design are no subcontractors",
            "-", READ),
)  # fmt: skip

INSTRUMENT = Instrument(
    NAME, "Regulation (EU) 2025/2643 (EDIP), chapter II", "32025R2643", "Union, EEA EFTA States",
    "estimated cost of the components of the end product", RULES, CARRIED,
)  # fmt: skip
