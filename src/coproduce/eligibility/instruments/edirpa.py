"""EDIRPA: grants for common procurement until 2025, Regulation (EU) 2023/2418; kept for past contracts."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from ..buyers import buyers, number
from ..case import Case
from ..clause import Clause, any_of, clause_of, concluded, decided, every, not_known, refined
from ..components import PLAN, floor
from ..exact import exact, percent
from ..grants import fact, grant_ceiling
from ..rule import Check, Instrument, Rule
from ..verdict import Finding
from ..zones import EEA_EFTA, EU

NAME = "EDIRPA"
ZONE = EU | EEA_EFTA
ENTRY = date(2023, 10, 27)
END = date(2026, 1, 1)
BUDGET_EUR = 300_000_000
PLAIN, RAISED = Fraction(15, 100), Fraction(20, 100)
READ = "read in a public copy of the Official Journal's text (CELEX 32023R2418)"


def _consortium(case: Case) -> Finding:
    found = buyers(case)
    count = found.least(EU)
    return concluded(
        number(found, 3, EU, "Member States"), value=float(count), limit=3.0, margin=float(count - 3), unit="parties"
    )


def _small_firms(case: Case) -> Clause:
    share, at = case.contract["sme_share"], case.cell("sme_share")
    if share is None:
        return not_known("the share of smaller firms is not known", "contracts.sme_share", at)
    words = f"{percent(exact(share))} goes to small or medium-sized firms or mid-caps (at least 15 %)"
    return decided(exact(share) >= Fraction(15, 100), words, at)


def _grant(case: Case) -> Finding:
    raises = any_of((fact(case, "for_ukraine", "Ukraine or Moldova receives quantities"), _small_firms(case)))
    found = grant_ceiling(case, PLAIN, RAISED, raises, "value of the contract")
    return refined(found, every((clause_of(found), _of_budget(case, raises))))


def _of_budget(case: Case, raises: Clause) -> Clause:
    """Return the condition that the grant is at most the same share of the whole budget of the instrument."""
    euros, at = case.euros(case.contract["grant"]), case.cell("grant")
    if euros is None:
        return not_known("the grant in EUR is not known", "contracts.grant, and a rate of EUR on the day", at)
    share = euros / BUDGET_EUR
    if share <= PLAIN or share > RAISED:
        return decided(share <= PLAIN, f"{percent(share)} of the budget of the instrument (at most 15 %, or 20 %)", at)
    return Clause(
        raises.verdict, f"{percent(share)} of the budget, 20 % if: {raises.said}", raises.missing, raises.rows
    )


def _origin(case: Case) -> Finding:
    value = case.book.money(case.contract["product_value"], case.contract["currency"])
    if case.configuration == PLAN and value is not None and case.origin is not None:
        if not case.origin.units:
            said = "the component cost is that of all deliveries, and the value that of one end product"
            return concluded(not_known(said, "the origin by configuration of the product"), unit="share")
        value = float(exact(value) * exact(case.origin.units))
    return floor(case, ZONE, Fraction(65, 100), value)


def _rule(rule: str, provision: str, meaning: str, scope: str, needs: str, check: Check, verified: str = READ) -> Rule:
    return Rule(rule, NAME, provision, meaning, scope, tuple(needs.split()), check, ENTRY, END, verified)


RULES = (
    _rule("EDIRPA-01", "Art 8(1)(c)", "A consortium of at least three Member States", "contract",
          "contracts.buyers parties.country", _consortium),
    _rule("EDIRPA-02", "Art 7(3)-(4)",
          "The grant is at most 15 % of the value of the contract and of the budget of EUR 300 m; 20 % if Ukraine "
          "or Moldova receives quantities or 15 % of the value goes to smaller firms", "contract",
          "contracts.grant contracts.value contracts.for_ukraine contracts.sme_share", _grant),
    _rule("EDIRPA-03", "Art 9(12)",
          "Components from the Union and EEA EFTA States cost at least 65 % of the estimated value of the end "
          "product; none comes from a country of concern", "configuration",
          "supplies.origin items.component_cost contracts.product_value", _origin,
          f"{READ}; the value of the end product, not the cost of its components, is the denominator; of a plan, that "
          "value times the units delivered"),
)  # fmt: skip

INSTRUMENT = Instrument(
    NAME, "Regulation (EU) 2023/2418 (EDIRPA)", "32023R2418", "Union, EEA EFTA States",
    "estimated value of the end product", RULES,
)  # fmt: skip
