"""Eligibility and cash on the screen: verdicts with their reasons, what funds pay, and where cash is late."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl
from rich.table import Table

from ...results.funding import FundingResult
from ..listing import listing
from ..words.formats import day, quantity

NO_ADVICE = (
    "Rules as this programme reads them from public texts; no legal advice. What could not be verified is said at the "
    "rule."
)


def tables(result: FundingResult) -> Iterator[Table]:
    """Yield the tables to show."""
    summary = result.frames["eligibility_summary"]
    yield listing(
        f"Eligibility as of {result.summary['as_of']}, origin {result.summary['origin']}",
        ("contract", "instrument", "verdict", "met", "failed", "unknown", "why"),
        [
            (
                *(row["contract"], row["instrument"], row["verdict"]),
                *(str(row[name]) for name in ("met", "failed", "unknown")),
                row["reasons"] or "",
            )
            for row in summary.iter_rows(named=True)
        ],
    )
    if "cash_gaps" not in result.frames:
        return
    currency = result.summary["currency"]
    drawn = [(one["fund"], quantity(one["amount"])) for one in result.summary["drawn"]]
    yield listing(f"Drawn from funds ({currency})", ("fund", "drawn"), drawn)
    gaps = result.frames["cash_gaps"].filter(result.frames["cash_gaps"]["gap"] > 0)
    yield listing(
        f"Cash that comes late ({currency})",
        ("account", "from", "most missing", "on", "suffices", "never covered"),
        [
            (
                *(f"{row['kind']} {row['account'] or '–'}", day(row["first"]), quantity(row["gap"])),
                *(
                    day(row["deepest"]),
                    day(row["suffices"]) if row["suffices"] else "never",
                    quantity(row["uncovered"]),
                ),
            )
            for row in gaps.iter_rows(named=True)
        ],
    )


def hints(result: FundingResult, path: str) -> Iterator[str]:
    """Yield how to find what keeping a ceiling on origin takes, for contracts that are beyond one."""
    failed = result.frames["eligibility"].filter(pl.col("rule").is_in(list(result.ceilings)), verdict="failed")
    exceeded = pl.col("margin") < 0
    found = failed.group_by("contract", "instrument", "rule", maintain_order=True).agg(
        exceeded.fill_null(False).any().alias("exceeded"), (~exceeded.fill_null(False)).any().alias("other")
    )
    for contract, instrument, rule, over, other in found.iter_rows():
        asked = f"coproduce repair {path} --require {instrument} --contract {contract}"
        if over:
            more = " (it also fails on facts that no plan changes)" if other else ""
            yield f"to see what keeping {rule} for {contract} takes{more}: {asked}"
