"""A small programme that meets every rule, and changes of its cells."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from datetime import date
from functools import cache

import polars as pl

from coproduce import api
from coproduce.check.columns import parse_table
from coproduce.check.meant import Names
from coproduce.eligibility.evaluate import evaluate
from coproduce.eligibility.origin import Origin
from coproduce.eligibility.verdict import Finding, Verdict
from coproduce.read import from_frames
from coproduce.tables import Tables

Programme = dict[str, dict[str, dict[str, str]]]

# Days on which the instruments are in force.
DAYS = {
    "SAFE": date(2026, 6, 1), "USL": date(2026, 6, 1), "EDIP": date(2026, 6, 1), "USI": date(2026, 6, 1),
    "EDIRPA": date(2025, 6, 1), "ASAP": date(2025, 6, 1),
}  # fmt: skip

MET, FAILED, UNKNOWN, NOT_APPLICABLE = Verdict.MET, Verdict.FAILED, Verdict.UNKNOWN, Verdict.NOT_APPLICABLE

BASE: Programme = {
    "programme": {"x": {"name": "x", "start": "2026-01-01", "buckets": "12 months", "currency": "EUR"}},
    "parties": {
        "france": {"kind": "state", "country": "FR"},
        "poland": {"kind": "state", "country": "PL"},
        "germany": {"kind": "state", "country": "DE"},
        "ukraine": {"kind": "state", "country": "UA"},
        "maker": {"country": "FR", "management": "FR"},
        "parts": {"country": "PL", "management": "PL"},
        "outsider": {"country": "US", "management": "US"},
        "stranger": {"country": "JP", "management": "JP"},
    },
    "ownership": {
        "1": {"party": "maker", "owner": "france", "share": "1"},
        "2": {"party": "parts", "owner": "poland", "share": "1"},
    },
    "sites": {"lyon": {"country": "FR", "party": "maker"}, "depot": {"country": "UA"}},
    "items": {
        "product": {"unit": "piece", "kind": "product", "design_authority": "maker", "design_free": "yes"},
        "part": {"unit": "piece"},
    },
    "processes": {"assemble": {"site": "lyon"}},
    "flows": {
        "1": {"process": "assemble", "item": "product", "quantity": "1"},
        "2": {"process": "assemble", "item": "part", "quantity": "-1"},
    },
    "supplies": {"vendor": {"item": "part", "site": "lyon", "party": "parts"}},
    "lanes": {"road": {"from_site": "lyon", "to_site": "depot"}},
    "demands": {
        "order": {
            "item": "product", "site": "depot", "quantity": "10", "due": "2026-12-01", "contract": "c",
        }
    },
    "funds": {
        "loan": {
            "instrument": "SAFE", "kind": "loan", "holder": "france", "amount": "1000", "agreed": "2026-01-01",
            "available_until": "2030-12-31", "prefinancing": "0.15", "prefinancing_requested": "yes",
            "requests_per_year": "2", "assessment_days": "62", "maturity_years": "45",
        }
    },
    "contracts": {
        "c": {
            "buyers": "france; poland; germany; ukraine", "contractor": "maker", "signed": "2026-05-30",
            "funds": "loan",
            "route": "common", "purpose": "ramp_up", "category": "2", "category_arguable": "no",
            "product": "ammunition_or_missile", "cost_type": "purchase", "value": "100", "product_value": "100",
            "grant": "15", "opened_to_others": "yes",
        }
    },
}  # fmt: skip

KEYED = {"ownership": "", "flows": "", "programme": "", "exchange_rates": ""}
"""Tables whose rows this file numbers, since they have no id of their own."""


def programme(changes: Mapping[str, str] | None = None) -> Tables:
    """Return the checked programme with changed cells: `table.row.column` to the new value, "" for an empty cell."""
    changed = deepcopy(BASE)
    for place, value in (changes or {}).items():
        table, row, column = place.split(".")
        changed.setdefault(table, {}).setdefault(row, {})[column] = value
    touched = {place.split(".")[0] for place in changes or {}}
    frames = {name: _parsed(name, changed[name]) if name in touched else _base()[name] for name in changed}
    return Tables(frames)


@cache
def _base() -> dict[str, pl.DataFrame]:
    """Return the base, checked as a whole."""
    return dict(api.check(from_frames({name: _frame(name, rows) for name, rows in BASE.items()})).unwrap().frames)


def _parsed(name: str, rows: dict[str, dict[str, str]]) -> pl.DataFrame:
    """Return one changed table with the types and defaults that the checks give it."""
    raw = from_frames({name: _frame(name, rows)})
    parsed = parse_table(raw.sheets[name], Names(raw))
    assert not parsed.problems, parsed.problems
    return parsed.frame


def _frame(name: str, rows: dict[str, dict[str, str]]) -> pl.DataFrame:
    key = {"subcontracts": "party", "site_exceptions": "site", "partner_agreements": "country"}.get(name, name[:-1])
    key = KEYED.get(name, {"parties": "party", "processes": "process", "supplies": "supply",
                           "concern_countries": "country"}.get(name, key))  # fmt: skip
    cells = [({key: row} if key else {}) | values for row, values in rows.items()]
    columns = list(dict.fromkeys(column for line in cells for column in line))
    return pl.DataFrame(
        [[line.get(column) or None for column in columns] for line in cells],
        schema=dict.fromkeys(columns, pl.String),
        orient="row",
    )


EXACT = Origin({"FR": 65.0, "US": 35.0})
"""Components of which 35 of 100 come from outside every zone."""


def found(
    rule: str, changes: Mapping[str, str] | None = None, origin: Origin | None = EXACT, as_of: date | None = None
) -> Finding:
    """Return what a rule finds about the contract of a changed programme."""
    instrument = rule.split("-")[0]
    judged = evaluate(
        programme(changes),
        as_of=as_of or DAYS[instrument],
        instruments=[instrument],
        origins={} if origin is None else {"c": {"only": origin}},
    ).judged
    (one,) = [one for one in judged if one.rule.rule == rule]
    return one.finding
