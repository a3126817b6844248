"""Gathers everything that the page shows from a result."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ...results.result import PlanResult
from ..words import headline, identity
from ..words.buckets import Timeline, timeline
from ..words.formats import counted, day, gap, last_day, money, quantity, share
from ..words.limits import Wording, sentences
from ..words.names import Names, read_names
from . import (
    commitments,
    costs,
    deliveries,
    demands,
    doubts,
    evidence,
    flows,
    limits,
    production,
    resources,
    stages,
    stock,
)
from .sitemap import site_map


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
    data = _charts(parts, connections) | {"sheets": _sheets(parts, moved)}
    return {
        **_summary(parts),
        **_proof(parts),
        "map": site_map(result.tables, parts.names, connections),
        "map_finding": flows.finding(connections, parts.names),
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
        "resources": resources.payload(frames["resource_load"], tables, names, time),
        "limits": limits.chart(frames["bottlenecks"], parts.wording, parts.stages, parts.currency),
        "costs": costs.chart(frames["costs"], parts.currency),
        "flows": {
            "items": flows.items_of(connections, names),
            "arcs": [{item: list(amounts) for item, amounts in arc.volumes.items()} for arc in connections],
        },
    }


def _sheets(parts: Parts, moved: list[flows.LaneFlow]) -> dict[str, Any]:
    """Return all tables that are not the table of a chart."""
    frames, tables, names = parts.result.frames, parts.result.tables, parts.names
    found = {
        "demands": demands.sheet(frames["demand_service"], tables, names),
        "limits": limits.sheet(frames["bottlenecks"], parts.wording, parts.stages),
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
        "stages": stages.sheet(frames["tiers"]),
        "warnings": doubts.sheet(parts.result.problems),
    }
    return {name: sheet.payload() for name, sheet in found.items()}


def _summary(parts: Parts) -> dict[str, Any]:
    """Return the words of the first screen."""
    result, names, time = parts.result, parts.names, parts.time
    service, bottlenecks = result.frames["demand_service"], result.frames["bottlenecks"]
    promised = headline.promises(service, names, parts.item_kinds)
    counts = result.summary.get("evidence") or {}
    return {
        "name": result.tables.programme.name,
        "description": result.tables.programme.description,
        "horizon": f"{day(time.starts[0])} to {last_day(time.ends[-1])}",
        "headline": headline.headline(promised, time),
        "promises": [(one, headline.promise_bar(one)) for one in promised[: headline.MOST_FAMILIES]],
        "more_promises": max(len(promised) - headline.MOST_FAMILIES, 0),
        "kinds": headline.by_kind(service) if service["kind"].n_unique() > 1 else [],
        "limits": sentences(bottlenecks, parts.wording, parts.stages, parts.currency),
        "worst": headline.worst(service, names, time),
        "confidence": headline.confidence_bar(counts),
        "confidence_sentence": headline.confidence_sentence(counts),
        "promise_sentence": commitments.sentence(result.frames["claims"], result.frames["promises"]),
        "cards": _cards(result, parts.currency),
        "demand_count": service.height,
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
        "purchases": bool(data["sheets"]["purchases"]["rows"]),
        "promises": bool(data["sheets"]["promises"]["rows"]),
        "differences": bool(data["sheets"]["differences"]["rows"]),
        "beside": bool(data["sheets"]["beside"]["rows"]),
    }


def _cards(result: PlanResult, currency: str) -> list[tuple[str, str, str]]:
    """Return the key figures: name, figure, what it is of."""
    summary = result.summary
    demands_count = summary.get("demands", 0)

    def of(key: str) -> tuple[str, str]:
        count = summary.get(key, 0)
        return f"{count:,}", f"of {counted(demands_count, 'demand')}, {share(count, demands_count)}"

    cards = [("On time", *of("on_time")), ("Late", *of("late")), ("Short", *of("short"))]
    late = summary.get("late_unit_days")
    if late is not None:
        cards.append(("Lateness", quantity(late), "late unit-days"))
    cost = summary.get("cost")
    if cost is not None:
        figure, _, scale = money(cost, currency).removeprefix(currency).strip().partition(" ")
        cards.append(("Cost", figure, f"{scale} {currency} over the horizon".strip()))
    return cards


def _file_stem(name: str) -> str:
    """Return a name for downloads: letters, digits and hyphens of the programme's name."""
    stem = "".join(letter if letter.isalnum() and letter.isascii() else "-" for letter in name.lower())
    return "-".join(filter(None, stem.split("-")))[:40] or "plan"
