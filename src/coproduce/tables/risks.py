"""What can happen: risks, their targets, how often and how long, for the stress test."""

from __future__ import annotations

from dataclasses import dataclass

import dataframely as dy

from .columns import choice, date, key, label, number, pattern, text


@dataclass(frozen=True, slots=True)
class RiskKind:
    """What a kind of risk may be given: tables it can hit and columns that it must have.

    Attributes
    ----------
    targets : values of `target_table`
    needs : columns that may not be empty
    surge : whether the factor is above 1 and not below
    """

    targets: tuple[str, ...]
    needs: tuple[str, ...] = ()
    surge: bool = False


RISK_KINDS = {
    "power_outage": RiskKind(("zones", "sites")),
    "site_damage": RiskKind(("sites", "resources")),
    "supplier_failure": RiskKind(("supplies", "parties", "items")),
    "closure": RiskKind(("lanes", "borders")),
    "customs_delay": RiskKind(("lanes", "borders", "supplies"), needs=("delay_days",)),
    "partner_withdrawal": RiskKind(("parties",)),
    "late_milestone": RiskKind(
        ("sites", "resources", "processes", "supplies", "lanes"), needs=("date", "duration_days")
    ),
    "yield_loss": RiskKind(("processes", "sites", "items"), needs=("severity",)),
    "demand_surge": RiskKind(("items", "demands", "parties"), needs=("severity",), surge=True),
    "late_payment": RiskKind(("parties",)),
}

TARGET_COLUMNS = {
    "sites": ("sites", "site"),
    "resources": ("resources", "resource"),
    "processes": ("processes", "process"),
    "supplies": ("supplies", "supply"),
    "lanes": ("lanes", "lane"),
    "borders": ("lanes", "border"),
    "parties": ("parties", "party"),
    "zones": ("sites", "zone"),
    "items": ("items", "item"),
    "demands": ("demands", "demand"),
}
"""Table and column that hold the ids of each kind of target."""

DISTRIBUTIONS = ("fixed", "exponential", "lognormal", "uniform", "triangular")


class Drills(dy.Schema):
    """What is to happen for certain, to see what becomes of the plan: a site is gone for 90 days from a date."""

    drill = key("Id of the drill")
    name = text("Name as shown")
    target_table = choice(tuple(TARGET_COLUMNS), "What the target is", required=True)
    target = label("Id of the target", required=True)
    date = date("First day", required=True)
    duration_days = number("How long it lasts", "days", above=0, required=True)
    severity = number(
        "Factor left: 0 nothing is left, 1.3 for demand is 30 % more", "share", minimum=0, maximum=1000, default=0.0
    )
    recovery = choice(
        ("step", "gradual"), "How the factor comes back: at the end, or in a straight line", default="step"
    )
    delay_days = number("Days longer that what leaves meanwhile is under way", "days", above=0)


class Risks(dy.Schema):
    """What can happen to a site, resource, process, supply, lane, border, party, power zone, item or demand."""

    risk = key("Id of the risk")
    name = text("Name as shown")
    kind = choice(tuple(RISK_KINDS), "What happens", required=True)
    target_table = choice(tuple(TARGET_COLUMNS), "What the target is", required=True)
    target = label("Id of the target", required=True)
    rate = number("Events per year of 365 days, at any time; empty: one event on `date`", "1/year", minimum=0)
    date = date("Day of the one event; empty: `rate` gives the events")
    probability = number("Probability of the event on `date`; empty: certain", "share", minimum=0, maximum=1)
    duration = choice(DISTRIBUTIONS, "Distribution of the duration", default="fixed")
    duration_days = number(
        "Duration: the fixed one, the mean (exponential, lognormal) or the mode (triangular); empty: to the end",
        "days",
        above=0,
    )
    duration_low = number("Shortest duration (uniform, triangular)", "days", minimum=0)
    duration_high = number("Longest duration (uniform, triangular)", "days", above=0)
    duration_deviation = number("Standard deviation of the duration (lognormal)", "days", above=0)
    severity = number(
        "Factor left at the start of the event: 0 nothing is left, 1.3 for demand is 30 % more; empty: 0",
        "share",
        minimum=0,
        maximum=1000,
    )
    recovery = choice(
        ("step", "gradual"), "How the factor comes back: at the end, or in a straight line over the duration; "
        "empty: gradual for site_damage, else step",
    )  # fmt: skip
    delay_days = number("Days longer that what leaves during the event is under way", "days", above=0)
    cause = label("Shared cause: rows of one cause have the same events, drawn once")
    cause_share = number(
        "Probability that an event of the cause hits this target", "share", minimum=0, maximum=1, default=1.0
    )
    season = pattern(
        r"^\s*(1[0-2]|[1-9])(\s*;\s*(1[0-2]|[1-9]))*\s*$",
        "11; 12; 1; 2",
        "Months in which an event may begin; empty: all",
    )
    remark = text("Why, and where the figures are from")
