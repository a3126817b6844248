"""The tables of re-planning: a few replications carried out again with plans made on the way, on the same events."""

from __future__ import annotations

import dataframely as dy

from .columns import choice, integer, label, number, text

MEASURES = ("alpha", "beta", "late_unit_days", "undelivered")
_MEASURE = (
    "alpha: share of the demands delivered in full and in time; beta: share of the units asked for delivered in time; "
    "late_unit_days: lateness; undelivered: units not delivered within the horizon"
)
_TIER = "Priority; `all` for all tiers together"


class Replanned(dy.Schema):
    """Every replication that was carried out both ways, on the same events."""

    replication = integer("Number of the replication, from 0 on, as in the stress test", minimum=0, part_of_key=True)
    tier = label(_TIER, part_of_key=True)
    measure = choice(MEASURES, _MEASURE, required=True)
    unit = text("Unit", required=True)
    followed = number("Following the plan", "unit of the row", required=True)
    replanned = number("Planning anew on the way", "unit of the row", required=True)
    difference = number("`replanned` less `followed`", "unit of the row", required=True)
    events = integer("Events of the replication", minimum=0)
    plans = integer("Plans that were made on the way, each passed by the audit", minimum=0)
    eased = integer("Of them, those without least and largest stocks, for with them there was none", minimum=0)
    unplanned = integer("Dates without a plan either way: the earlier one was followed", minimum=0)


class Recourse(dy.Schema):
    """What following the plan misses: the mean difference that planning anew on the way makes."""

    tier = label(_TIER, part_of_key=True)
    measure = choice(MEASURES, _MEASURE, required=True)
    unit = text("Unit", required=True)
    followed = number("Mean, following the plan", "unit of the row", required=True)
    replanned = number("Mean, planning anew on the way", "unit of the row", required=True)
    difference = number("Mean of `replanned` less `followed`", "unit of the row", required=True)
    low = number("Lower end of its 95 % interval (Student's t); empty with one replication", "unit of the row")
    high = number("Upper end of its 95 % interval (Student's t); empty with one replication", "unit of the row")
    quiet = number(
        "The same difference in a replication without any event: what planning anew gains or loses because the plan "
        "counts by the bucket and is carried out by the period",
        "unit of the row",
        required=True,
    )
    replications = integer("Replications that were carried out both ways", minimum=1)
    every = integer("Buckets from one plan to the next", minimum=1)
