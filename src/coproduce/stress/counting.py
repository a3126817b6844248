"""What is counted on the way, so that memory does not grow with the number of periods."""

from __future__ import annotations

from .case import Case
from .state import LANES, Counts, State, compiled


@compiled
def count_lateness(k: int, a: int, case: Case, state: State, counts: Counts) -> None:
    """Count what is asked for in this period, and a late day for what was due before it and is still owed."""
    d, days = a - case.first_demand, case.days[k]
    planned, channel, due = case.wanted[k, a], case.asked_channel[a], case.due[d]
    if due < 0:
        for r in range(LANES):
            counts.late_days[d, r] += state.backlog[a, r] * days
            counts.asked[d, r] += planned * state.factor[channel, r]
        return
    if channel and planned > 0.0:
        for r in range(LANES):
            counts.asked[d, r] += planned * (state.factor[channel, r] - 1.0)
    if k >= due:
        dust = case.dust[a]
        for r in range(LANES):
            owed = max(counts.asked[d, r] - counts.delivered[d, r], 0.0)
            counts.late_days[d, r] += owed * days
            counts.short_periods[d, r] += owed > dust


@compiled
def count_activity(k: int, a: int, case: Case, state: State, counts: Counts) -> None:
    """Count what is done of an activity; the backlog of the periods before is still in the state."""
    for r in range(LANES):
        counts.amount[a, r] += state.done[r]
    if a < case.first_demand:
        return
    d, bucket, dust = a - case.first_demand, case.bucket[k], case.dust[a]
    tier, due = case.tier[d], case.due[d]
    for r in range(LANES):
        done = state.done[r]
        counts.delivered[d, r] += done
        counts.by_tier[tier, bucket, r] += done
        counts.last[d, r] = k if done > dust else counts.last[d, r]
    if due < 0:
        for r in range(LANES):
            counts.in_time[d, r] += max(state.done[r] - state.backlog[a, r], 0.0)
            counts.short_periods[d, r] += state.want[r] - state.done[r] > dust
    elif k < due:
        for r in range(LANES):
            counts.in_time[d, r] += state.done[r]


@compiled
def count_stocks(k: int, case: Case, state: State, counts: Counts) -> None:
    """Add the stocks and backlogs at the end of a period, in unit-days."""
    days = case.days[k]
    for node in range(len(case.opening)):
        for r in range(LANES):
            stock = state.stock[node, r]
            counts.stock_days[node, r] += max(stock, 0.0) * days
            counts.owed_days[node, r] += max(-stock, 0.0) * days
    for a in range(len(case.order)):
        for r in range(LANES):
            counts.backlog_days[a, r] += state.backlog[a, r] * days


@compiled
def count_unmet(case: Case, counts: Counts) -> None:
    """Count what is owed after the horizon as late until one bucket more."""
    for d in range(len(case.due)):
        if case.due[d] < 0:
            continue
        for r in range(LANES):
            owed = max(counts.asked[d, r] - counts.delivered[d, r], 0.0)
            counts.late_days[d, r] += owed * case.last_days
