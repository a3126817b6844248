"""The matrix of contracts and rules for every instrument, and what stands behind each of its verdicts."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import count, groupby
from typing import Any

import polars as pl

from ...results.funding import FundingResult
from ..words.formats import quantity, share

SIGNS = {"met": "✓", "failed": "✗", "unknown": "?", "not_applicable": "–"}
_GRAVEST = ("failed", "unknown", "met", "not_applicable")
_KEYS = ("contract", "instrument", "rule", "fund", "configuration")

Row = Mapping[str, Any]


def matrices(result: FundingResult) -> list[dict[str, Any]]:
    """Return for every instrument its rules, the verdicts of every contract that seeks it, and the proofs of all."""
    names = dict(result.tables["contracts"].select("contract", "name").iter_rows())
    cells = _cells(result.frames["eligibility_evidence"])
    currency = result.summary["currency"]
    numbers = count(1)
    whole = {(row["contract"], row["instrument"]): row["verdict"] for row in _verdicts(result)}
    return [
        _matrix(str(instrument), part, names, whole, list(_proofs(part, names, cells, currency, numbers)))
        for (instrument,), part in result.frames["eligibility"].group_by("instrument", maintain_order=True)
    ]


def gravest(verdicts: Collection[str]) -> str:
    """Return the verdict that a cell shows where a rule is judged for several funds or configurations."""
    return next(verdict for verdict in _GRAVEST if verdict in verdicts)


def _verdicts(result: FundingResult) -> Iterator[Row]:
    return result.frames["eligibility_summary"].iter_rows(named=True)


def _matrix(
    instrument: str,
    part: pl.DataFrame,
    names: Mapping[str, str | None],
    whole: Mapping[tuple[str, str], str],
    proofs: Sequence[Row],
) -> dict[str, Any]:
    rules = part.unique("rule", maintain_order=True).sort("rule")
    at = {(proof["contract"], proof["rule"]): proof for proof in proofs}
    contracts = part["contract"].unique(maintain_order=True).to_list()
    return {
        "instrument": instrument,
        "rules": [
            {**rule, "number": rule["rule"].removeprefix(f"{instrument}-")}
            for rule in rules.select("rule", "provision", "meaning", "counts").iter_rows(named=True)
        ],
        # A rule that was not judged for a contract stays empty: that is not "nothing falls under it".
        "rows": [
            {
                "name": names.get(one) or one,
                "verdict": whole[one, instrument],
                "cells": [at.get((one, rule)) for rule in rules["rule"]],
            }
            for one in contracts
        ],
        "proofs": proofs,
    }


def _proofs(
    part: pl.DataFrame,
    names: Mapping[str, str | None],
    cells: Mapping[tuple[Any, ...], list[Row]],
    currency: str,
    numbers: Iterator[int],
) -> Iterator[dict[str, Any]]:
    """Yield for every cell of the matrix its verdict and all findings behind it."""
    rows = part.sort("contract", "rule", maintain_order=True).iter_rows(named=True)
    for (contract, rule), found in groupby(rows, lambda row: (row["contract"], row["rule"])):
        findings = [_finding(row, cells.get(tuple(row[key] for key in _KEYS), []), currency) for row in found]
        yield {
            "place": f"e{next(numbers)}",
            "contract": contract,
            "name": names.get(contract) or contract,
            "rule": rule,
            "counts": findings[0]["counts"],
            "verdict": gravest([one["verdict"] for one in findings]),
            "findings": findings,
        }


def _finding(row: Row, cells: Sequence[Row], currency: str) -> dict[str, Any]:
    """Return a finding with its numbers as words."""
    return {
        **row,
        "subject": ", ".join(
            [f"{word} {row[key]}" for key, word in (("fund", "fund"), ("configuration", "origin")) if row[key]]
        ),
        "margins": ", ".join(_margins(row, currency)),
        "covered": "" if row["coverage"] is None else share(row["coverage"], 1.0),
        "cells": cells,
    }


def _margins(row: Row, currency: str) -> Iterator[str]:
    unit = row["unit"] or ""
    if row["margin"] is not None:
        points = f"{100 * row['margin']:.2f} percentage points"
        yield points if unit == "share" else f"{quantity(row['margin'])} {unit}".strip()
    if row["margin_money"] is not None:
        yield f"{quantity(row['margin_money'])} {currency}"


def _cells(evidence: pl.DataFrame) -> dict[tuple[Any, ...], list[Row]]:
    found: dict[tuple[Any, ...], list[Row]] = {}
    for row in evidence.iter_rows(named=True):
        found.setdefault(tuple(row[key] for key in _KEYS), []).append(row)
    return found
