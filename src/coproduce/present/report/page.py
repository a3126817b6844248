"""Gathers everything that the page shows from a result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from ...results.result import PlanResult
from ..words import identity
from ..words import stability as words
from ..words.buckets import Timeline, timeline
from ..words.formats import NOISE, gap
from ..words.limits import Wording
from ..words.names import Names, read_names
from . import (
    agreements,
    borders,
    changes,
    commitments,
    costs,
    deliveries,
    demands,
    doubts,
    evidence,
    flows,
    growth,
    late,
    limits,
    overview,
    production,
    resources,
    stability,
    stages,
    stock,
)
from .preview import preview
from .sheet import Sheet
from .sitemap import site_map

# The tabs in their order: id, which is also the address behind the #, and title.
TABS = (
    ("overview", "Overview"),
    ("deliveries", "Deliveries"),
    ("map", "Map"),
    ("capacity", "Capacity"),
    ("bottlenecks", "Bottlenecks"),
    ("late", "Late demands"),
    ("stock", "Stock"),
    ("evidence", "Evidence"),
    ("costs", "Costs"),
    ("agreements", "Agreements"),
    ("proof", "Problems and proof"),
)


@dataclass(frozen=True)
class Parts:
    """What several parts of the page are made from."""

    result: PlanResult
    names: Names
    time: Timeline
    currency: str

    @property
    def stages(self) -> list[str]:
        """Names of the stages, in the order in which they were solved."""
        return self.result.frames["tiers"]["stage"].to_list()

    @property
    def item_kinds(self) -> dict[str, str]:
        """Kind of every item."""
        return dict(self.result.tables["items"].select("item", "kind").iter_rows())

    @property
    def wording(self) -> Wording:
        """How limits are put into words."""
        return Wording(self.result.tables, self.names, self.time)


def context(result: PlanResult) -> dict[str, Any]:
    """Return the template's variables: words for the first screen, the map, and `data` for tables and charts."""
    currency = str(result.summary.get("currency") or result.tables.programme.currency)
    parts = Parts(result, read_names(result.tables), timeline(result.frames["buckets"]), currency)
    moved = flows.lane_flows(result.frames["shipments"], result.tables)
    connections = flows.arcs(moved)
    sheets = _sheets(parts, moved)
    data = _charts(parts, connections) | {"sheets": {name: sheet.payload() for name, sheet in sheets.items()}}
    return {
        **overview.screen(result, parts.names, parts.time, parts.wording, parts.stages, currency),
        "change_sentence": words.sentence(result.summary.get("baseline"), currency),
        "promise_sentence": commitments.sentence(result.frames["claims"], result.frames["promises"]),
        "previews": {name: preview(sheet) for name, sheet in sheets.items()},
        **_proof(parts),
        "map": site_map(result.tables, parts.names, connections),
        "map_finding": flows.finding(connections, parts.names),
        "tabs": [tab for tab in TABS if tab[0] != "agreements" or data["sheets"]["agreements"]["rows"]],
        "noun": parts.time.noun,
        "data_has": _present(data),
        "data": data,
    }


def _charts(parts: Parts, connections: list[flows.Arc]) -> dict[str, Any]:
    """Return the data of all charts."""
    frames, tables, names, time = parts.result.frames, parts.result.tables, parts.names, parts.time
    return {
        "time": time.payload(),
        "currency": parts.currency,
        "file": _file_stem(tables.programme.name),
        "deliveries": deliveries.payload(frames["demand_service"], frames["deliveries"], names, time),
        "production": production.payload(frames["stock"], parts.item_kinds, names, time),
        "stock": stock.payload(frames["stock"], tables, names, time),
        "resources": resources.payload(frames["resource_load"], tables, names, time, _limiting(frames)),
        "limits": limits.chart(frames["bottlenecks"], parts.wording, parts.stages, parts.currency),
        "costs": costs.chart(frames["costs"], parts.currency),
        "flows": {
            "items": flows.items_of(connections, names),
            "arcs": [{item: list(amounts) for item, amounts in arc.volumes.items()} for arc in connections],
        },
    }


def _limiting(frames: Mapping[str, pl.DataFrame]) -> set[str]:
    """Return the resources of which more would help, or that hold a late demand back."""
    helping = frames["bottlenecks"].filter(pl.col("one_more") < -NOISE)
    both = [
        frame.filter(pl.col("kind").is_in(["resource", "people"]))["entity"] for frame in (helping, frames["reasons"])
    ]
    return {entity for entities in both for entity in entities}


def _sheets(parts: Parts, moved: list[flows.LaneFlow]) -> dict[str, Sheet]:
    """Return all tables that are not the table of a chart."""
    frames, tables, names = parts.result.frames, parts.result.tables, parts.names
    service, reasons = frames["demand_service"], frames["reasons"]
    delayed = late.delayed(reasons, service)
    return {
        "demands": demands.sheet(service, tables, names),
        "late": late.sheet(service, reasons, names),
        "reasons": late.reason_sheet(service, reasons, names),
        "causes": late.cause_sheet(late.causes(service, reasons), names),
        "binding": limits.binding_sheet(frames["bottlenecks"], parts.wording, parts.stages, delayed, parts.currency),
        "limits": limits.sheet(frames["bottlenecks"], parts.wording, parts.stages),
        "agreements": agreements.sheet(frames["agreements"], tables),
        "agreement_costs": agreements.cost_sheet(frames["agreement_costs"], tables),
        "baseline_changes": stability.sheet(frames["baseline_changes"], names, parts.time, parts.currency),
        "exposure": agreements.exposure_sheet(frames["exposure"], names),
        "learned": changes.learned_sheet(frames["learned_loads"], tables, names, parts.time),
        "versions": changes.version_sheet(frames["versions"], names, parts.currency),
        "borders": borders.sheet(moved, names),
        "flows": flows.lane_sheet(moved, names, parts.currency),
        "purchases": flows.purchase_sheet(frames["purchases"], tables, names, parts.currency),
        "costs": costs.sheet(frames["costs"], names, parts.currency),
        "evidence": evidence.register_sheet(frames["register"]),
        "promises": commitments.promise_sheet(frames["claims"], tables, names),
        "differences": commitments.difference_sheet(frames["claims"], tables),
        "beside": commitments.plan_sheet(frames["promises"], tables, names),
        "statements": commitments.statement_sheet(tables),
        "coverage": evidence.coverage_sheet(frames["register"]),
        "sources": evidence.sources_sheet(tables),
        "milestones": growth.milestone_sheet(frames["milestone_plan"], names, parts.time),
        "investments": growth.investment_sheet(frames["investments"], names, parts.currency),
        "levels": growth.level_sheet(frames["output_levels"], names, parts.time),
        "people": growth.people_sheet(frames["people"], names, parts.time),
        "stages": stages.sheet(frames["tiers"]),
        "warnings": doubts.sheet(parts.result.problems),
    }


def _proof(parts: Parts) -> dict[str, Any]:
    """Return what vouches for the plan."""
    summary = parts.result.summary
    return {
        "audit": identity.audit_words(summary),
        "audit_passed": identity.passed(summary),
        "stopped": identity.stopped(summary),
        "gap": gap(summary.get("gap")),
        "facts": identity.facts(summary, parts.result.tables, parts.time),
        "warnings": len(parts.result.problems),
    }


def _present(data: dict[str, Any]) -> dict[str, bool]:
    """Say which parts of the page have anything to show."""
    return {
        "deliveries": bool(data["deliveries"]["items"]),
        "production": bool(data["production"]["items"]),
        "stock": bool(data["stock"]["places"]),
        "resources": bool(data["resources"]["resources"]),
        "limits": bool(data["limits"]),
        "costs": bool(data["costs"]["names"]),
        "late": bool(data["sheets"]["late"]["rows"]),
        "causes": bool(data["sheets"]["causes"]["rows"]),
        "binding": bool(data["sheets"]["binding"]["rows"]),
        "agreements": bool(data["sheets"]["agreements"]["rows"]),
        "agreement_costs": bool(data["sheets"]["agreement_costs"]["rows"]),
        "baseline_changes": bool(data["sheets"]["baseline_changes"]["rows"]),
        "exposure": bool(data["sheets"]["exposure"]["rows"]),
        "learned": bool(data["sheets"]["learned"]["rows"]),
        "versions": bool(data["sheets"]["versions"]["rows"]),
        "borders": bool(data["sheets"]["borders"]["rows"]),
        "purchases": bool(data["sheets"]["purchases"]["rows"]),
        **{name: bool(data["sheets"][name]["rows"]) for name in ("milestones", "investments", "levels", "people")},
        "promises": bool(data["sheets"]["promises"]["rows"]),
        "differences": bool(data["sheets"]["differences"]["rows"]),
        "beside": bool(data["sheets"]["beside"]["rows"]),
    }


def _file_stem(name: str) -> str:
    """Return a name for downloads: letters, digits and hyphens of the programme's name."""
    stem = "".join(letter if letter.isalnum() and letter.isascii() else "-" for letter in name.lower())
    return "-".join(filter(None, stem.split("-")))[:40] or "plan"
