"""Gathers everything that the page shows from a result."""

from __future__ import annotations

from typing import Any

from ...results.result import PlanResult
from . import (
    costs,
    deliveries,
    demands,
    doubts,
    evidence,
    flows,
    headline,
    identity,
    limits,
    production,
    resources,
    stock,
)
from . import stages as stages_view
from .buckets import timeline
from .formats import counted, day, gap, last_day, money, quantity, share
from .names import read_names
from .sitemap import site_map


def context(result: PlanResult) -> dict[str, Any]:
    """Return the template's variables: words for the first screen, the map, and `data` for tables and charts."""
    tables, frames, summary = result.tables, result.frames, result.summary
    names, time = read_names(tables), timeline(frames["buckets"])
    currency = str(summary.get("currency") or tables.programme.currency)
    service = frames["demand_service"]
    stage_names = frames["tiers"]["stage"].to_list()
    wording = limits.Wording(tables, names, time, bool((tables["demands"]["weight"] != 1).any()))
    item_kinds = dict(tables["items"].select("item", "kind").iter_rows())
    promised = headline.promises(service, names, item_kinds)
    moved = flows.lane_flows(frames["shipments"], tables)
    connections = flows.arcs(moved)
    counts = summary.get("evidence") or {}
    data = {
        "time": time.payload(),
        "currency": currency,
        "file": _file_stem(tables.programme.name),
        "deliveries": deliveries.payload(service, frames["deliveries"], names, time),
        "production": production.payload(frames["stock"], item_kinds, names, time),
        "stock": stock.payload(frames["stock"], tables, names, time),
        "resources": resources.payload(frames["resource_load"], tables, names, time),
        "limits": limits.chart(frames["bottlenecks"], wording, stage_names, currency),
        "costs": costs.chart(frames["costs"], currency),
        "flows": {
            "items": flows.items_of(connections, names),
            "arcs": [{item: list(amounts) for item, amounts in arc.volumes.items()} for arc in connections],
        },
        "sheets": {
            "demands": demands.sheet(service, tables, names).payload(),
            "limits": limits.sheet(frames["bottlenecks"], wording, stage_names).payload(),
            "flows": flows.lane_sheet(moved, names, currency).payload(),
            "purchases": flows.purchase_sheet(frames["purchases"], tables, names, currency).payload(),
            "costs": costs.sheet(frames["costs"], names, currency).payload(),
            "evidence": evidence.register_sheet(tables).payload(),
            "coverage": evidence.coverage_sheet(tables).payload(),
            "sources": evidence.sources_sheet(tables).payload(),
            "stages": stages_view.sheet(frames["tiers"]).payload(),
            "warnings": doubts.sheet(result.problems).payload(),
        },
    }
    return {
        "name": tables.programme.name,
        "description": tables.programme.description,
        "horizon": f"{day(time.starts[0])} to {last_day(time.ends[-1])}",
        "headline": headline.headline(promised, time),
        "promises": [(one, headline.promise_bar(one)) for one in promised[: headline.MOST_FAMILIES]],
        "more_promises": max(len(promised) - headline.MOST_FAMILIES, 0),
        "kinds": headline.by_kind(service) if service["kind"].n_unique() > 1 else [],
        "limits": limits.sentences(frames["bottlenecks"], wording, stage_names, currency),
        "worst": headline.worst(service, names, time),
        "confidence": headline.confidence_bar(counts),
        "confidence_sentence": headline.confidence_sentence(counts),
        "cards": _cards(result, currency),
        "audit": identity.audit_words(summary),
        "audit_passed": identity.passed(summary),
        "gap": gap(summary.get("gap")),
        "map": site_map(tables, names, connections),
        "map_finding": flows.finding(connections, names),
        "facts": identity.facts(summary, tables, time),
        "warnings": len(result.problems),
        "noun": time.noun,
        "data_has": _present(data),
        "demand_count": service.height,
        "data": data,
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
