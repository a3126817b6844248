"""How much of an activity can be done in a period: the least of what its limits allow, in every replication."""

from __future__ import annotations

from .case import NO_LIMIT, Case
from .state import LANES, State, compiled


@compiled
def set_wants(k: int, a: int, case: Case, state: State) -> int:
    """Set what is wanted and what a fallback adds; return in how many replications that is anything."""
    planned, channel, some = case.wanted[k, a], case.asked_channel[a], 0
    for r in range(LANES):
        want = state.backlog[a, r] + planned * state.factor[channel, r]
        state.want[r] = want
        some += want > 0.0
    if case.cover_at[a] == case.cover_at[a + 1]:
        return some
    for r in range(LANES):
        state.extra[r] = 0.0
    for row in range(case.cover_at[a], case.cover_at[a + 1]):
        covered, ratio = case.cover[row], case.cover_ratio[row]
        for r in range(LANES):
            called = state.short[covered, r] >= case.cover_after[a]
            state.extra[r] += state.backlog[covered, r] * ratio if called else 0.0
    for r in range(LANES):
        some += state.extra[r] > 0.0
    return some


@compiled
def limit_by_factor(k: int, a: int, case: Case, state: State) -> None:
    amount, channel = case.amount[k, a], case.limit_channel[a]
    covers = case.cover_at[a] < case.cover_at[a + 1]
    for r in range(LANES):
        want = state.want[r] + (state.extra[r] if covers else 0.0)
        factor = state.factor[channel, r]
        done = min(want, amount * factor)
        state.done[r] = min(done, want * factor) if case.soft[a] else done


@compiled
def limit_by_total_and_lane(a: int, case: Case, state: State) -> None:
    if case.total[a] < NO_LIMIT:
        for r in range(LANES):
            state.done[r] = min(state.done[r], state.left[a, r])
    lane, size = case.lane[a], case.size[a]
    if lane >= 0 and size > 0.0:
        for r in range(LANES):
            state.done[r] = min(state.done[r], state.lane_left[lane, r] / size)


@compiled
def limit_by_inputs(k: int, a: int, case: Case, state: State) -> None:
    periods = len(case.days)
    for row in range(case.input_at[a], case.input_at[a + 1]):
        if k < case.input_first[row] or k >= case.input_until[row]:
            continue
        first = case.share_at[case.input_pattern[row] * periods + k]
        if first == case.share_at[case.input_pattern[row] * periods + k + 1] or case.share_period[first] != k:
            continue
        node, most = case.input_node[row], 1.0 / (case.input_quantity[row] * case.share[first])
        for r in range(LANES):
            state.done[r] = min(state.done[r], max(state.stock[node, r], 0.0) * most)


@compiled
def limit_by_loads(k: int, a: int, case: Case, state: State) -> None:
    periods = len(case.days)
    for row in range(case.load_at[a], case.load_at[a + 1]):
        resource = case.load_resource[row]
        at, mask, channel = case.book_at[resource], case.book_mask[resource], case.resource_channel[resource]
        pattern = case.load_pattern[row] * periods + k
        for entry in range(case.load_share_at[pattern], case.load_share_at[pattern + 1]):
            then = case.load_share_period[entry]
            slot, capacity = at + (then & mask), case.capacity[then, resource]
            most = 1.0 / (case.load_quantity[row] * case.load_share[entry])
            for r in range(LANES):
                free = (capacity * state.factor[channel, r] - state.booked[slot, r]) * most
                state.done[r] = min(state.done[r], free)
