"""Ukraine Support Instrument of EDIP: grants with Ukraine, Regulation (EU) 2025/2643, chapter III."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

from ..buyers import among, buyers
from ..case import Case
from ..clause import Clause, any_of, clause_of, concluded, every, refined
from ..components import ceiling
from ..design import authority
from ..establishment import seated
from ..grants import grant_ceiling, route
from ..location import in_zone
from ..participants import Participation, may_take_part
from ..rule import Check, Instrument, Rule
from ..subcontractors import Cooperation, Involvement
from ..verdict import Finding
from ..zones import EEA_EFTA, EU, UKRAINE

NAME = "USI"
ZONE = EU | UKRAINE
CONTROL_ZONE = EU | EEA_EFTA | UKRAINE
ENTRY = date(2025, 12, 30)
END = date(2028, 1, 1)
CEILING = Fraction(35, 100)
READ = "read in a public copy of the Official Journal's text (CELEX 32025R2643)"


def _asked(case: Case) -> Participation:
    route_known = case.contract["route"]
    maybe_common = route_known in (None, "common")
    return Participation(
        zone=ZONE,
        control_zone=CONTROL_ZONE,
        seat_by_management=True,
        excused_zone=EU,
        screening=None,
        involvement=Involvement(Fraction(15, 100), critical=False, classified=True, supplier_exempt=True),
        cooperation=Cooperation(Fraction(15, 100), Fraction(35, 100), ENTRY, study_months=None)
        if maybe_common
        else None,
        doubt="" if route_known else "contracts.route",
    )


def _recipients(case: Case) -> Finding:
    asked = _asked(case)
    return concluded(every((may_take_part(case, asked), in_zone(case, ZONE, asked))))


def _ukraine(case: Case) -> Clause:
    """Return the condition that Ukraine, or one established and managed there, takes part."""
    parties = [case.contract["contractor"], *(row["party"] for row in case.subcontracts)]
    there = [seated(case.book, party, UKRAINE) for party in dict.fromkeys(parties) if party is not None]
    return any_of((among(buyers(case), "UA"), *there))


def _product(case: Case) -> Finding:
    found = ceiling(case, ZONE, CEILING)
    return refined(found, every((clause_of(found), authority(case, ZONE, date(2033, 12, 31)), _ukraine(case))))


def _grant(case: Case) -> Finding:
    raises = route(case, "reinforcement", "supporting")
    return grant_ceiling(case, Fraction(25, 100), Fraction(1), raises, "value of the contract or eligible cost")


def _rule(rule: str, provision: str, meaning: str, scope: str, needs: str, check: Check, verified: str = READ) -> Rule:
    return Rule(rule, NAME, provision, meaning, scope, tuple(needs.split()), check, ENTRY, END, verified)


RULES = (
    _rule("USI-01", "Art 26(1), (3)-(6)",
          "Recipients are established and managed in the Union or Ukraine, with facilities there, and not "
          "controlled from elsewhere but an EEA EFTA State, or give guarantees if established in the Union", "contract",
          "contracts.contractor parties.country parties.management parties.controller ownership.share "
          "subcontracts.share subcontracts.classified subcontracts.own_design sites.country", _recipients,
          f"{READ}; control by a party in an EEA EFTA State is allowed, since paragraph 5 speaks of non-associated "
          "countries; areas of Ukraine not controlled by its government (Art 26(1)) are not told apart"),
    replace(
        _rule("USI-02", "Art 27(3)-(5), (7)",
              "Components from outside the Union and Ukraine cost at most 35 % of the components, none comes from a "
              "country of concern; free decision on the design; Ukraine or one established and managed there takes "
              "part",
              "configuration", "supplies.origin items.component_cost items.design_authority items.design_free "
              "contracts.buyers parties.country",
              _product,
              f"{READ}; content from EEA EFTA States is outside; Art 12(4) applies through Art 27(8)"),
        ceiling=CEILING,
    ),
    _rule("USI-03", "Art 33(1), (4)",
          "Reinforcement and supporting actions: up to the whole eligible cost; common procurement: up to 25 % of "
          "the contract",
          "contract", "contracts.grant contracts.value contracts.route", _grant),
)  # fmt: skip

INSTRUMENT = Instrument(
    NAME, "Regulation (EU) 2025/2643 (EDIP), chapter III: Ukraine Support Instrument", "32025R2643", "Union, Ukraine",
    "estimated cost of the components of the end product", RULES,
)  # fmt: skip
