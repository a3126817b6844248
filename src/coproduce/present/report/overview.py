"""The first screen: what is promised, what limits, what is late and what rests on assumptions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from ...results.result import PlanResult
from ..words import headline
from ..words.buckets import Timeline
from ..words.formats import NOISE, counted, day, last_day, money, quantity, share
from ..words.limits import Limit, Wording, sentences
from ..words.names import Names
from ..words.reasons import cause_words, lifting_words
from ..words.scenario import change_words, programme_title, scenario_name
from . import late
from .demands import title

MOST_CAUSES = 4


@dataclass(frozen=True)
class Family:
    """A row of the table of promises, in words."""

    name: str
    asked: str
    on_time: str
    late: str
    unmet: str
    complete: str
    worst: bool
    bar: list[headline.Segment]


@dataclass(frozen=True)
class LateLine:
    """One of the demands that are served worst, with the reason that matters most."""

    demand: str
    name: str
    what: str
    when: str
    reason: str
    effect: str
    cell: str


def families(promised: list[headline.Promise], time: Timeline) -> list[Family]:
    """Put the promises into the rows of a table; the family that is served worst is marked and always among them."""
    worst = headline.worst_family(promised)
    shown = promised[: headline.MOST_FAMILIES]
    if worst is not None and worst not in shown:
        shown = [*shown, worst]
    return [_family(one, time, worst=one is worst and len(promised) > 1) for one in shown]


def _family(one: headline.Promise, time: Timeline, *, worst: bool) -> Family:
    def part(amount: float) -> str:
        return f"{quantity(amount)} ({share(amount, one.asked)})" if amount > NOISE else "–"

    return Family(
        one.name,
        counted(one.asked, one.unit),
        part(one.on_time),
        part(one.late),
        part(one.unmet),
        headline.completion(one, time),
        worst,
        headline.promise_bar(one),
    )


def causes(found: list[late.Cause], names: Names) -> list[Limit]:
    """Say which limits hold most demands back, for plans in which no single unit more of any limit helps."""
    return [
        Limit(cause_words(cause.row, names), "", _holds(cause, names), late.place(cause.row))
        for cause in found[:MOST_CAUSES]
    ]


def _holds(cause: late.Cause, names: Names) -> str:
    alone = f" For {cause.enough:,} of them lifting it alone is enough." if cause.enough else ""
    return (
        f"{day(cause.first)} to {last_day(cause.last)}, holds back {counted(len(cause.demands), 'demand')}: "
        f"{late.some(cause.demands, names)}.{alone}"
    )


def late_lines(service: pl.DataFrame, reasons: pl.DataFrame, names: Names, time: Timeline) -> list[LateLine]:
    """Return the demands that are served worst, each with its main reason."""
    main = late.main_reasons(reasons)
    lateness: Mapping[str, float] = dict(service.select("demand", "late_unit_days").iter_rows())
    lines = []
    for one in headline.worst(service, names, time):
        reason = main.get(one.demand)
        lines.append(
            LateLine(
                title(one.demand, names),
                one.name,
                one.what,
                one.when,
                cause_words(reason, names) if reason else "",
                lifting_words(reason, lateness[one.demand]) if reason else "",
                late.place(reason) if reason else "",
            )
        )
    return lines


def cards(result: PlanResult, currency: str) -> list[tuple[str, str, str, str]]:
    """Return the key figures: mark, name, figure, what it is of."""
    summary = result.summary
    demands = summary.get("demands", 0)
    found = [
        (
            key,
            title,
            f"{summary.get(key, 0):,}",
            f"of {counted(demands, 'demand')}, {share(summary.get(key, 0), demands)}",
        )
        for key, title in (("on_time", "On time"), ("late", "Late"), ("short", "Short: some never"))
    ]
    lateness = summary.get("late_unit_days")
    if lateness is not None:
        found.append(("", "Lateness", quantity(lateness), "late unit-days (units × days late)"))
    cost = summary.get("cost")
    if cost is not None:
        figure, _, scale = money(cost, currency).removeprefix(currency).strip().partition(" ")
        found.append(("", "Cost", figure, f"{scale} {currency} over the horizon".strip()))
    return found


def screen(
    result: PlanResult, names: Names, time: Timeline, words: Wording, stages: list[str], currency: str
) -> dict[str, Any]:
    """Return the words of the first screen."""
    service, reasons = result.frames["demand_service"], result.frames["reasons"]
    kinds = dict(result.tables["items"].select("item", "kind").iter_rows())
    promised = headline.promises(service, names, kinds)
    worst = headline.worst_family(promised)
    shown = families(promised, time)
    counts = result.summary.get("evidence") or {}
    found = late.causes(service, reasons)
    limits = sentences(result.frames["bottlenecks"], words, stages, currency)
    return {
        "name": programme_title(result.tables.programme.name, result.summary),
        "scenario": scenario_name(result.summary),
        "changes": change_words(result.summary),
        "description": result.tables.programme.description,
        "horizon": f"{day(time.starts[0])} to {last_day(time.ends[-1])}",
        "horizon_end": last_day(time.ends[-1]),
        "headline": headline.headline(promised, time),
        "families": shown,
        "more_families": len(promised) - len(shown),
        "kinds": headline.by_kind(service) if service["kind"].n_unique() > 1 else [],
        "limits": limits or causes(found, names),
        "limits_are_reasons": not limits and bool(found),
        "worst": late_lines(service, reasons, names, time),
        "worst_family": headline.served_sentence(worst, time) if worst and len(promised) > 1 else "",
        "late_finding": late.finding(service, found, names),
        "late_count": late.not_on_time(service).height,
        "confidence": headline.confidence_bar(counts),
        "confidence_sentence": headline.confidence_sentence(counts),
        "cards": cards(result, currency),
        "demand_count": service.height,
    }
