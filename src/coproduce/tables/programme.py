"""The programme itself: its horizon, currency and settings."""

from __future__ import annotations

import dataframely as dy

from .columns import choice, date, number, pattern, text

BUCKETS_PATTERN = (
    r"^\s*[1-9]\d*\s*(hour|day|week|month|quarter)s?(\s*,\s*[1-9]\d*\s*(hour|day|week|month|quarter)s?)*\s*$"
)


class Programme(dy.Schema):
    """One joint-production effort and the settings of its plan."""

    name = text("Name of the programme, as the report shows it", required=True)
    description = text("What the programme is, in a sentence or two")
    start = date(
        "First instant of the horizon; must be the first day of a month where buckets are months", required=True
    )
    buckets = pattern(
        BUCKETS_PATTERN,
        "8 weeks, 10 months",
        "Lengths of the time buckets, fine first: a count and hours, days, weeks, months or quarters",
        required=True,
    )
    currency = pattern(r"^[A-Z]{3}$", "EUR", "Currency of every result (ISO 4217)", required=True)
    objective = choice(
        ("tiers", "money"),
        "tiers: least lateness tier by tier, then least cost; money: least cost with priced lateness",
        default="tiers",
    )
    lead_time_rounding = choice(
        ("spread", "up"),
        "spread: a lead time splits a bucket's flow over the buckets it reaches; up: outputs whole in the last one "
        "reached, inputs whole in the first",
        default="spread",
    )
    tier_tolerance = number(
        "How much later stages may worsen an earlier one (a tier, the cost), as a share of its value",
        "share",
        minimum=0,
        maximum=0.1,
        default=0.0,
    )
    gap = number("Largest relative gap at which a stage counts as solved", "share", minimum=0, maximum=1, default=1e-4)
    frozen_until = date(
        "In buckets that begin before this date the plan starts, orders, ships and delivers exactly what the baseline "
        "does; empty: nothing is frozen"
    )
