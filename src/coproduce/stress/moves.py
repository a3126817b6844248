"""What an activity that is done moves: bookings, inputs, outputs now and later."""

from __future__ import annotations

from .case import NO_LIMIT, Case
from .state import LANES, State, compiled


@compiled
def book_loads(k: int, a: int, case: Case, state: State) -> None:
    periods = len(case.days)
    for row in range(case.load_at[a], case.load_at[a + 1]):
        at, mask = case.book_at[case.load_resource[row]], case.book_mask[case.load_resource[row]]
        pattern = case.load_pattern[row] * periods + k
        for entry in range(case.load_share_at[pattern], case.load_share_at[pattern + 1]):
            slot = at + (case.load_share_period[entry] & mask)
            load = case.load_quantity[row] * case.load_share[entry]
            for r in range(LANES):
                state.booked[slot, r] += state.done[r] * load


@compiled
def take_inputs(k: int, a: int, case: Case, state: State) -> None:
    periods = len(case.days)
    for row in range(case.input_at[a], case.input_at[a + 1]):
        if k < case.input_first[row] or k >= case.input_until[row]:
            continue
        node, pattern = case.input_node[row], case.input_pattern[row] * periods + k
        for entry in range(case.share_at[pattern], case.share_at[pattern + 1]):
            then, quantity = case.share_period[entry], case.input_quantity[row] * case.share[entry]
            if then == k:
                for r in range(LANES):
                    state.stock[node, r] -= state.done[r] * quantity
            else:
                slot = case.ring_at[node] + (then & case.ring_mask[node])
                for r in range(LANES):
                    state.ring[slot, r] -= state.done[r] * quantity


@compiled
def give_outputs(k: int, a: int, case: Case, state: State) -> None:
    periods, spoilt, delay = len(case.days), case.yield_channel[a], case.delay_channel[a]
    for row in range(case.output_at[a], case.output_at[a + 1]):
        if k < case.output_first[row] or k >= case.output_until[row]:
            continue
        node, pattern = case.output_node[row], case.output_pattern[row] * periods + k
        for entry in range(case.share_at[pattern], case.share_at[pattern + 1]):
            then, quantity = case.share_period[entry], case.output_quantity[row] * case.share[entry]
            if state.delayed[delay]:
                give_delayed(k, then, quantity, node, spoilt, delay, case, state)
            elif then == k:
                for r in range(LANES):
                    state.stock[node, r] += state.done[r] * quantity * state.factor[spoilt, r]
            else:
                slot = case.ring_at[node] + (then & case.ring_mask[node])
                for r in range(LANES):
                    state.ring[slot, r] += state.done[r] * quantity * state.factor[spoilt, r]
        if len(case.level) and spoilt:
            for r in range(LANES):
                lost = state.done[r] * case.output_quantity[row] * (1.0 - state.factor[spoilt, r])
                state.position[node, r] -= lost


@compiled
def give_delayed(
    k: int, then: int, quantity: float, node: int, spoilt: int, delay: int, case: Case, state: State
) -> None:
    at, mask, periods = case.ring_at[node], case.ring_mask[node], len(case.days)
    for r in range(LANES):
        when = then + state.delay[delay, r]
        if when == k:
            state.stock[node, r] += state.done[r] * quantity * state.factor[spoilt, r]
        elif when < periods:
            state.ring[at + (when & mask), r] += state.done[r] * quantity * state.factor[spoilt, r]


@compiled
def settle(a: int, case: Case, state: State) -> None:
    """Keep the backlog, also of what a fallback has covered, and use up totals and lanes."""
    lane, size, dust = case.lane[a], case.size[a], case.dust[a]
    if lane >= 0 and size > 0.0:
        for r in range(LANES):
            state.lane_left[lane, r] -= state.done[r] * size
    if case.total[a] < NO_LIMIT:
        for r in range(LANES):
            state.left[a, r] -= state.done[r]
    if case.cover_at[a] < case.cover_at[a + 1]:
        for r in range(LANES):
            state.extra[r] = max(state.done[r] - state.want[r], 0.0)
        relieve_covered(a, case, state)
    for r in range(LANES):
        state.backlog[a, r] = max(state.want[r] - state.done[r], 0.0)
    if case.watched[a]:
        for r in range(LANES):
            state.short[a, r] = state.short[a, r] + 1 if state.backlog[a, r] > dust else 0


@compiled
def relieve_covered(a: int, case: Case, state: State) -> None:
    for row in range(case.cover_at[a], case.cover_at[a + 1]):
        covered, ratio = case.cover[row], case.cover_ratio[row]
        for r in range(LANES):
            called = state.short[covered, r] >= case.cover_after[a]
            relief = min(state.extra[r], state.backlog[covered, r] * ratio) if called else 0.0
            state.extra[r] -= relief
            state.backlog[covered, r] = max(state.backlog[covered, r] - relief / ratio, 0.0)
