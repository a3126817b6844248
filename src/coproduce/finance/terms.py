"""When what is owed under a plan is paid: the terms of payment with the milestones that it reaches."""

from __future__ import annotations

from datetime import datetime

from ..money.terms import Terms, last_day, terms_of
from ..tables import Tables
from .serving import Frames


def horizon_end(frames: Frames) -> datetime:
    """Return the last day of the horizon."""
    return last_day(frames["buckets"]["end"][-1])


def payment_terms(tables: Tables, frames: Frames) -> Terms:
    """Return the parts of all terms; a milestone that the plan does not reach falls on the last day of the horizon."""
    reached: dict[str, datetime | None] = {}
    if "milestone_plan" in frames:
        reached.update(frames["milestone_plan"].select("milestone", "reached").iter_rows())
    return terms_of(tables, reached, horizon_end(frames))
