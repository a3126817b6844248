"""The tables of an evaluation: findings, the cells that they rest on, and a summary by contract and instrument."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import groupby
from typing import Any

import polars as pl

from ..errors import column_letter
from ..tables import FUNDING_TABLES, INPUT_TABLES, Tables
from ..tables.keys import row_key
from .evaluate import Eligibility, Judged, by_rule, together
from .verdict import Row, Verdict, both

_REASONS = 3


def eligibility_tables(found: Eligibility) -> dict[str, pl.DataFrame]:
    """Return the tables declared in `tables.FUNDING_TABLES`, by name."""
    return {
        "eligibility": _frame("eligibility", (_finding(one) for one in found.judged)),
        "eligibility_evidence": _frame("eligibility_evidence", _evidence(found)),
        "eligibility_summary": _frame("eligibility_summary", _summaries(found)),
    }


def _frame(name: str, rows: Iterator[dict[str, Any]]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=FUNDING_TABLES[name].empty().schema)


def _place(one: Judged) -> dict[str, Any]:
    return {
        "contract": one.contract,
        "instrument": one.rule.instrument,
        "rule": one.rule.rule,
        "fund": one.fund,
        "configuration": one.configuration,
    }


def _finding(one: Judged) -> dict[str, Any]:
    rule, finding = one.rule, one.finding
    return _place(one) | {
        "provision": rule.provision,
        "meaning": rule.meaning,
        "verdict": str(finding.verdict),
        "counts": "yes" if rule.counts else "no",
        "facts": finding.facts,
        "arithmetic": finding.arithmetic,
        "missing": "; ".join(finding.missing),
        "value": finding.value,
        "limit": finding.limit,
        "margin": finding.margin,
        "unit": finding.unit,
        "margin_money": finding.margin_money,
        "coverage": finding.coverage,
        "verified": rule.verified,
    }


def _evidence(found: Eligibility) -> Iterator[dict[str, Any]]:
    places = _Places(found.tables)
    for one in found.judged:
        for line, row in enumerate(one.finding.rows, start=1):
            file, cell = places.of(row)
            said = {"table": row.table, "key": row.key, "column": row.column, "said": row.said}
            yield _place(one) | said | {"line": line, "file": file, "cell": cell}


class _Places:
    """Where the cells of a programme stand, looked up table by table."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._rows = cache(self._rows_of)
        self.of = cache(self._of)

    def _rows_of(self, table: str) -> Mapping[str, int]:
        keys = self._tables[table].select(row_key(INPUT_TABLES[table])).to_series().to_list()
        return {key: at for at, key in reversed(list(enumerate(keys)))}

    def _of(self, row: Row) -> tuple[str, str]:
        """Return file and cell as the register writes them."""
        at = self._rows(row.table).get(row.key)
        if at is None:
            return "", f"{row.table} ({row.column})"
        origin = self._tables.origin(row.table, at, row.column)
        letter = column_letter(origin.position) if origin.position >= 0 else ""
        return origin.file, f"{origin.sheet}!{letter}{origin.row} ({origin.column})"


def _summaries(evaluated: Eligibility) -> Iterator[dict[str, Any]]:
    as_of = evaluated.as_of.isoformat()
    for (contract, instrument), group in groupby(evaluated.judged, lambda one: (one.contract, one.rule.instrument)):
        rules = [found for found in by_rule(group).values() if found[0].rule.counts]
        counted = [together(found) for found in rules]
        yield {
            "contract": contract,
            "instrument": instrument,
            "as_of": as_of,
            "verdict": str(both(*counted)),
            **{str(verdict): counted.count(verdict) for verdict in Verdict},
            "reasons": "; ".join(_reasons(rules)),
        }


def _reasons(rules: list[list[Judged]]) -> list[str]:
    """Return the first reasons, those of failed rules before those of unknown ones."""
    open_rules = [
        f"{found[0].rule.rule} ({found[0].rule.provision}) {verdict}: {_of_configurations(found)}"
        for verdict in (Verdict.FAILED, Verdict.UNKNOWN)
        for found in rules
        if together(found) is verdict
    ]
    return open_rules[:_REASONS]


def _of_configurations(found: list[Judged]) -> str:
    if len({one.finding.verdict for one in found}) == 1:
        return _why(found[0])
    return "depends on the configuration: " + ", ".join(f"{one.configuration} {one.finding.verdict}" for one in found)


def _why(one: Judged) -> str:
    if one.finding.verdict is Verdict.UNKNOWN and one.finding.missing:
        return f"missing {', '.join(one.finding.missing)}"
    return one.finding.facts
