"""The kernel: one block of replications through all periods, side by side in the innermost loops.

The order of operations is that of `docs/stress.md`.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path
from typing import cast

from .case import Case
from .counting import count_activity, count_lateness, count_stocks, count_unmet
from .limits import limit_by_factor, limit_by_inputs, limit_by_loads, limit_by_total_and_lane, set_wants
from .moves import book_loads, give_outputs, settle, take_inputs
from .state import LANES, Changes, Counts, State, Trace, compiled, kept


@compiled
def apply_changes(k: int, changes: Changes, state: State) -> None:
    for row in range(changes.at[k], changes.at[k + 1]):
        channel, lane = changes.channel[row], changes.lane[row]
        state.factor[channel, lane] = changes.factor[row]
        state.delayed[channel] += (changes.delay[row] > 0) - (state.delay[channel, lane] > 0)
        state.delay[channel, lane] = changes.delay[row]


@compiled
def arrive(k: int, case: Case, state: State) -> None:
    for node in range(len(case.opening)):
        if case.ring_mask[node]:
            slot = case.ring_at[node] + (k & case.ring_mask[node])
            for r in range(LANES):
                state.stock[node, r] += state.ring[slot, r]
                state.ring[slot, r] = 0.0
    for row in range(case.fixed_at[k], case.fixed_at[k + 1]):
        node, quantity = case.fixed_node[row], case.fixed_quantity[row]
        for r in range(LANES):
            state.stock[node, r] += quantity


@compiled
def open_lanes(k: int, case: Case, state: State) -> None:
    for lane in range(len(case.lane_channel)):
        channel, amount = case.lane_channel[lane], case.lane_amount[k, lane]
        for r in range(LANES):
            state.lane_left[lane, r] = amount * state.factor[channel, r]


@compiled
def place_orders(k: int, case: Case, state: State) -> None:
    for a in range(case.first_demand, len(case.order)):
        node, channel = case.input_node[case.input_at[a]], case.asked_channel[a]
        for r in range(LANES):
            state.position[node, r] -= case.wanted[k, a] * state.factor[channel, r]
    for rank in range(len(case.level)):
        node, a = case.level_node[rank], case.level_activity[rank]
        for r in range(LANES):
            runs = max(case.level[rank] - state.position[node, r], 0.0) / case.level_quantity[rank]
            state.want[r] = runs
            state.backlog[a, r] += runs
        for row in range(case.output_at[a], case.output_at[a + 1]):
            for r in range(LANES):
                state.position[case.output_node[row], r] += state.want[r] * case.output_quantity[row]
        for row in range(case.input_at[a], case.input_at[a + 1]):
            for r in range(LANES):
                state.position[case.input_node[row], r] -= state.want[r] * case.input_quantity[row]


@compiled
def carry_overload(k: int, case: Case, state: State) -> None:
    for resource in range(len(case.resource_channel)):
        at, mask, channel = case.book_at[resource], case.book_mask[resource], case.resource_channel[resource]
        now, then, coming = at + (k & mask), at + ((k + 1) & mask), k + mask + 1
        capacity = case.capacity[k, resource]
        firm = case.firm[coming, resource] if coming < len(case.days) else 0.0
        for r in range(LANES):
            over = state.booked[now, r] - capacity * state.factor[channel, r]
            state.booked[now, r] = firm
            state.booked[then, r] += max(over, 0.0)


@compiled
def carry_out(k: int, a: int, case: Case, state: State, counts: Counts) -> None:
    limit_by_factor(k, a, case, state)
    limit_by_total_and_lane(a, case, state)
    limit_by_inputs(k, a, case, state)
    limit_by_loads(k, a, case, state)
    for r in range(LANES):
        state.done[r] = max(state.done[r], 0.0)
    book_loads(k, a, case, state)
    take_inputs(k, a, case, state)
    give_outputs(k, a, case, state)
    count_activity(k, a, case, state, counts)
    settle(a, case, state)


def _block_runner(version: int) -> Callable[[Case, Changes, State, Counts, Trace], None]:
    """Return the kernel; a version that differs is compiled anew and not taken from the disk."""

    @kept
    def run_block(case: Case, changes: Changes, state: State, counts: Counts, trace: Trace) -> None:
        """Run a block of replications; state, counts and trace are changed in place."""
        if version < 0:
            return
        for k in range(len(case.days)):
            apply_changes(k, changes, state)
            arrive(k, case, state)
            open_lanes(k, case, state)
            if len(case.level):
                place_orders(k, case, state)
            for a in case.order:
                if a >= case.first_demand:
                    count_lateness(k, a, case, state, counts)
                if set_wants(k, a, case, state):
                    carry_out(k, a, case, state, counts)
                    if len(trace.done):
                        trace.done[k, a, :] = state.done
            carry_overload(k, case, state)
            count_stocks(k, case, state, counts)
            if len(trace.done):
                trace.stock[k] = state.stock
                trace.backlog[k] = state.backlog
        count_unmet(case, counts)

    return cast("Callable[[Case, Changes, State, Counts, Trace], None]", run_block)


def _version() -> int:
    sources = [Path(__file__).with_name(f"{name}.py") for name in ("case", "counting", "kernel", "limits", "moves", "state")]
    digest = blake2b(b"".join(source.read_bytes() for source in sources), digest_size=7).digest()
    return int.from_bytes(digest, "little")


run_block = _block_runner(_version())
