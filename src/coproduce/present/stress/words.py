"""Words for the answers of a stress test."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..words.formats import NBSP
from ..words.names import Names

MEASURES = {"alpha": "in full and in time", "beta": "units in time", "gamma": "gamma"}
"""Service levels by what they are."""

REPLANNED = {**MEASURES, "late_unit_days": "late unit-days", "undelivered": "units never delivered"}
"""Measures of re-planning by what they are."""

TITLES = {
    "promises": "What may be promised of each demand",
    "commitments": "Promises made",
    "service": "Service",
    "lateness": "Lateness and worst cases",
    "losses": "Where the loss comes from",
    "causes": "Loss by shared cause",
    "loss_places": "Loss by place",
    "bands": "Deliveries over time",
    "recoveries": "How long deliveries stay behind",
}
"""Titles of the tables that every test has, in the order in which they are shown."""

FURTHER = {
    "time_to_survive": "Time to survive and time to recover",
    "single_sources": "What comes from one place only",
    "remedies": "What options that the plan does not buy would save",
    "exportable": "What may be exported",
    "recourse": "What following the plan misses",
    "replanned": "Replications with plans made on the way",
}
"""Titles of the tables that are made where they are asked for."""

NOTES = {
    "promises": "Dates are the last days of periods, quantities those delivered in time.",
    "commitments": "Dates are the last days of the first bucket by which as much is there.",
    "loss_places": "The rows add up to what risks and drills cause; what is late without them has no place.",
    "recoveries": "Recovery as the replications show it: the longest spell in which deliveries are behind those "
    "without any risk, from the end of the first bucket behind to the end of that in which all is caught up. Of the "
    "replications that are ever behind, 50, 80, 95 % have none longer. The time to recover of a place is data "
    "(recovery_days).",
    "time_to_survive": "Margin: days survived less days to recover. The time to recover is data, from the cell named.",
    "single_sources": "Loss: the least that the loss of the only source costs until it has recovered, the largest of "
    "the dates asked about.",
    "recourse": "Difference: planned anew less followed, on the same events; low and high are the ends of its 95 % "
    "interval. Quiet: the difference without any event, which comes from counting by the bucket.",
    "remedies": "What options save does not add up: each is tried alone.",
}
"""What a reader of a table has to know, by table."""

ASKED_WITH = {
    "--survival": "how long each site, supply, party, lane and border may be lost, and what comes from one place only",
    "--remedies": "what options that the plan does not buy would save, and at what cost",
    "--exportable": "how much may be exported while demand at home is kept",
    "--replan N": "what following the plan misses, against planning anew on the way",
}
"""Options of the command by what they answer."""

_ANSWERED = {
    "--survival": "time_to_survive",
    "--remedies": "remedies",
    "--exportable": "exportable",
    "--replan N": "recourse",
}

READING = (
    "The plan's promise is what the plan itself states, by whole buckets. Without any risk: the same plan carried out "
    "in short periods, where what arrives inside a bucket cannot be used before its day. Risks come on top of that.",
    "An interval says how far the number of replications carries, not how right the risks are. Probabilities have 95 % "
    "intervals of Wilson; means have 95 % intervals by the normal approximation.",
    "Quantiles are values of single replications; nothing is interpolated. A date or quantity at 90 % holds in 90 % of "
    "the replications, for one demand or promise by itself: several together hold less often.",
    "Late unit-days are units times days late, without weights; what never comes counts to the end of the horizon and "
    "one bucket more. CVaR 95 % is the mean of the worst 5 % of the replications.",
    "The rows of where the loss comes from add up to the mean loss of the replications that were taken apart. A row "
    "can be below 0: what one risk holds up may free capacity for others.",
)

LEFT_OUT = (
    "Nobody plans anew: what fails is caught up, or covered by fallbacks with a rank, as the policy says.",
    "What is not in the table of risks does not happen; risks without a shared cause strike independently.",
    "Lots may start in parts, and deliveries are made in parts.",
    "Largest stocks do not stop what arrives; least stocks are there to be used in need, and those at the end are not "
    "kept back.",
    "Options, milestones, overtime and learned loads are those of the plan, whatever happens meanwhile.",
    "Versions of an item do not stand in for each other.",
    "Money is not counted: a late payment is recorded and changes no quantity.",
)

NO_OPTION = "The plan buys every option of the programme, or there is none: no remedy is left to try."

_CERTAIN = {"plan": "late in the plan itself", "timing": "timing inside buckets, without any risk"}


def source_words(row: Mapping[str, Any], names: Names | None = None) -> str:
    """Return what a row of the table `losses` is about; the id of the risk unless names are given."""
    risk = str(row["risk"]) if names is None else names.of("risks", row["risk"])
    return _CERTAIN.get(row["source"], f"{risk} (drill)" if row["source"] == "drill" else risk)


def not_asked(there: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the options of the command whose answers are not there, with what they answer."""
    return [(option, words) for option, words in ASKED_WITH.items() if _ANSWERED[option] not in there]


def percent(value: float) -> str:
    """Write a share with one decimal; only everything is 100 % and only nothing is 0 %."""
    if 0 < value < 0.0005:
        return f"under 0.1{NBSP}%"
    return f"over 99.9{NBSP}%" if 0.9995 < value < 1 else f"{100 * value:.1f}".removesuffix(".0") + f"{NBSP}%"
