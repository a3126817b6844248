"""What the charts of a stress test are drawn from: rows of its tables, named, in the order in which they are drawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import polars as pl

from ...results.stress.result import StressResult
from ..words.formats import day, tidy
from ..words.names import Names
from .words import source_words

BANDS = ("asked", "planned", "quiet", "mean", "q05", "q25", "q50", "q75", "q95")
_PROMISED = ("at_80", "at_90", "at_95")
_LOST = {"sites": "Sites", "supplies": "Supplies", "parties": "Parties", "lanes": "Lanes", "borders": "Borders"}
_ONE = {"sites": "site", "supplies": "supply", "parties": "party", "lanes": "lane", "borders": "border"}
Row = Mapping[str, Any]


def charts(result: StressResult, frames: Mapping[str, pl.DataFrame], names: Names) -> dict[str, Any]:
    """Return the data of every chart that has something to draw.

    Parameters
    ----------
    frames : the tables in the order in which they are shown
    """
    made = {
        "bands": bands(frames["bands"], names),
        "tornado": tornado(result, frames["losses"], names),
        "chances": chances(result, frames, names),
    }
    further = {"time_to_survive": survival, "remedies": remedies, "exportable": exports}
    return made | {
        name: draw(frames[name], names) for name, draw in further.items() if name in frames and frames[name].height
    }


def bands(frame: pl.DataFrame, names: Names) -> list[dict[str, Any]]:
    """Return the curves of every item, tier and customer, a value for each bucket of the plan."""
    found = []
    for (scope, name, unit), part in frame.group_by("scope", "name", "unit", maintain_order=True):
        curves = {curve: [tidy(value) for value in part[curve].to_list()] for curve in BANDS}
        found.append({"scope": scope, "name": _curve(str(scope), str(name), names), "unit": unit, **curves})
    return found


def _curve(scope: str, name: str, names: Names) -> str:
    return f"tier {name}" if scope == "tier" else names.of({"item": "items", "customer": "parties"}[scope], name)


def tornado(result: StressResult, losses: pl.DataFrame, names: Names) -> dict[str, Any]:
    """Return what the loss comes from, the largest part first."""
    total = result.summary["taken_apart_loss"]
    return {
        "bars": [{"name": source_words(row, names), "source": row["source"],
                  **_numbers(row, ("late_unit_days", "low", "high", "undelivered", "happens", "events"))}
                 for row in losses.iter_rows(named=True)],
        "total": tidy(total["late_unit_days"]) if total else None,
        "taken_apart": result.summary["taken_apart"],
    }  # fmt: skip


def chances(result: StressResult, frames: Mapping[str, pl.DataFrame], names: Names) -> list[dict[str, Any]]:
    """Return how often promises and demands are kept, the least likely first; what the plan breaks comes last."""
    status = dict(result.plan.frames["demand_service"].select("demand", "status").iter_rows())
    promised = [
        {"name": f"{names.of('commitments', row['commitment'])} ({row['source']})", "due": _day(row["due"]),
         "chance": row["probability"], "unit": names.unit(row["item"]), "asked": row["promised"],
         **_numbers(row, ("low", "high", "planned", *_PROMISED))}
        for row in frames["commitments"].iter_rows(named=True)
    ]  # fmt: skip
    asked = [
        {"name": names.of("demands", row["demand"]), "due": _day(row["due"]),
         "broken": status[row["demand"]] != "on_time", "chance": row["kept"],
         "low": tidy(row["kept_low"]), "high": tidy(row["kept_high"]),
         "unit": names.unit(row["item"]), "asked": row["quantity"], "planned": tidy(row["planned"]),
         **{f"at_{share}": tidy(row[f"in_time_{share}"]) for share in (80, 90, 95)}}
        for row in frames["promises"].sort("kept", "demand").iter_rows(named=True)
    ]  # fmt: skip
    groups = (("Promises made", "promise", promised), ("Demands", "demand", asked))
    return [
        {"title": title, "noun": noun, "rows": sorted(rows, key=lambda row: bool(row.get("broken")))}
        for title, noun, rows in groups
        if rows
    ]


def survival(frame: pl.DataFrame, names: Names) -> list[dict[str, Any]]:
    """Return the times to survive and to recover, of all and of each kind of target, the shortest margin first."""
    rows = [_survival(row, names) for row in frame.iter_rows(named=True)]
    kinds = [(title, [row for row in rows if row["table"] == table]) for table, title in _LOST.items()]
    groups = [("All", [row | {"name": f"{row['name']} ({_ONE[row['table']]})"} for row in rows]), *kinds]
    return [{"title": title, "rows": part} for title, part in groups if part]


def _survival(row: Row, names: Names) -> dict[str, Any]:
    figures = _numbers(row, ("survives_days", "fails_days", "recovery_days", "margin_days", "loss_at_recovery"))
    table = row["target_table"]
    return {"name": names.of(table, row["target"]), "table": table, "date": _day(row["date"]), **figures,
            "verdict": row["verdict"], "tiers": row["tiers"]}  # fmt: skip


def remedies(frame: pl.DataFrame, names: Names) -> dict[str, Any]:
    """Return what options save, for a million and in all, best first, and what could not be said of others."""
    ranked = frame.filter(pl.col("status").is_in(["planned", "kept"]))
    columns = ("saved", "saved_low", "saved_high", "investment", "planned_saved",
               *(f"saved_per_million{end}" for end in ("", "_low", "_high")))  # fmt: skip
    others = {state: frame.filter(status=state).height for state in ("kept", "impossible", "not_planned")}
    return {
        "bars": [
            {"name": names.of("options", row["option"]), "kept": row["status"] == "kept", **_numbers(row, columns)}
            for row in ranked.iter_rows(named=True)
        ],
        **others,
    }


def exports(frame: pl.DataFrame, names: Names) -> list[dict[str, Any]]:
    """Return what may be exported with each probability."""
    del names
    columns = ("confidence", "level", "next_level", "probability", "probability_low", "probability_high", "per_month",
               "delivered", "unmet_need", "unfunded")  # fmt: skip
    return [_numbers(row, columns) for row in frame.iter_rows(named=True)]


def _numbers(row: Row, columns: Iterable[str]) -> dict[str, Any]:
    return {name: tidy(row[name], 9) for name in columns}


def _day(moment: datetime | None) -> str:
    return "" if moment is None else day(moment)
