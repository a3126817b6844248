"""ASAP: grants for capacity to make ammunition until June 2025, Regulation (EU) 2023/1525; kept for past contracts."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from ..book import cell
from ..case import Case
from ..clause import Clause, decided, every
from ..design import products_known
from ..grants import grant_ceiling
from ..rule import Instrument, Rule
from ..verdict import Finding

NAME = "ASAP"
PRODUCTS, PARTS = Fraction(35, 100), Fraction(40, 100)
_PARTS = ("component", "material")


def _parts(case: Case) -> Clause:
    """Return the condition that components or raw materials are made, and no end products."""
    unknown = products_known(case)
    rows = [case.book.items[item] for item in case.items]
    return unknown or every(
        decided(row["kind"] in _PARTS, f"{row['item']} is a {row['kind']}", cell("items", row, "kind")) for row in rows
    )


def _grant(case: Case) -> Finding:
    return grant_ceiling(case, PRODUCTS, PARTS, _parts(case), "eligible cost")


RULES = (
    Rule(
        "ASAP-01", NAME, "article on the funding rate",
        "The grant is at most 35 % of the eligible cost of capacity for products, 40 % for components and raw "
        "materials",
        "contract", ("contracts.grant", "contracts.value", "items.kind"), _grant,
        date(2023, 7, 25), date(2025, 7, 1),
        "that it was published on 24 July 2023 (OJ L 185) was read, its articles were not found; "
        "the rates are from the European Parliament's summary of "
        "2023/0140(COD); the number of the article, the day of entry into force and higher rates in special cases "
        "could not be verified",
    ),
)  # fmt: skip

INSTRUMENT = Instrument(
    NAME, "Regulation (EU) 2023/1525 (ASAP)", "32023R1525", "no rule on origin is carried", "-", RULES
)
