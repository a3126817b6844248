"""The kernel: one block of replications through all periods, side by side in the innermost loops.

The order of operations is that of `docs/stress.md`.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path
from typing import cast

from ..calendar import Floats, Ints
from .case import Case, Fixed, Lanes, Levels, Lines, Resources, Rings, Wants
from .counting import (
    count_amount,
    count_asked,
    count_backlog,
    count_delivery,
    count_in_time,
    count_late,
    count_stocks,
)
from .limits import add_covered, limit_by_factor, limit_by_inputs, limit_by_loads, limit_by_total_and_lane, set_wants
from .moves import book_loads, forget_lost, give_outputs, keep_backlog, relieve_covered, take_inputs, use_limits
from .state import LANES, Changes, Counts, State, Trace, compiled, kept


@compiled
def apply_changes(k: int, changes: Changes, factor: Floats, delay: Ints, delayed: Ints) -> None:
    """Give channels their values of this period."""
    for row in range(changes.at[k], changes.at[k + 1]):
        channel, lane = changes.channel[row], changes.lane[row]
        factor[channel, lane] = changes.factor[row]
        delayed[channel] += (changes.delay[row] > 0) - (delay[channel, lane] > 0)
        delay[channel, lane] = changes.delay[row]


@compiled
def arrive(k: int, rings: Rings, fixed: Fixed, stock: Floats, ring: Floats) -> None:
    """Put into stock what arrives in this period."""
    for node in range(len(rings.at)):
        if rings.mask[node]:
            slot = rings.at[node] + (k & rings.mask[node])
            for r in range(LANES):
                stock[node, r] += ring[slot, r]
                ring[slot, r] = 0.0
    for row in range(fixed.at[k], fixed.at[k + 1]):
        node, quantity = fixed.node[row], fixed.quantity[row]
        for r in range(LANES):
            stock[node, r] += quantity


@compiled
def open_lanes(k: int, lanes: Lanes, factor: Floats, lane_left: Floats) -> None:
    """Set what lanes can carry in this period."""
    for lane in range(len(lanes.channel)):
        channel, amount = lanes.channel[lane], lanes.amount[k, lane]
        for r in range(LANES):
            lane_left[lane, r] = amount * factor[channel, r]


@compiled
def move_positions(a: int, lines: Lines, sign: float, runs: Floats, position: Floats) -> None:
    """Add what orders bring to, or take from, inventory positions."""
    for row in range(lines.at[a], lines.at[a + 1]):
        node, quantity = lines.node[row], sign * lines.quantity[row]
        for r in range(LANES):
            position[node, r] += runs[r] * quantity


@compiled
def place_orders(
    k: int, first_demand: int, wants: Wants, levels: Levels, inputs: Lines, outputs: Lines, factor: Floats,
    position: Floats, backlog: Floats, waiting: Ints, runs: Floats,
) -> None:  # fmt: skip
    """Raise inventory positions to their levels, from the demands upwards."""
    for a in range(first_demand, len(wants.channel)):
        planned, channel = wants.quantity[k, a], wants.channel[a]
        for r in range(LANES):
            runs[r] = planned * factor[channel, r]
        move_positions(a, inputs, -1.0, runs, position)
    for rank in range(len(levels.level)):
        node, a = levels.node[rank], levels.activity[rank]
        for r in range(LANES):
            runs[r] = max(levels.level[rank] - position[node, r], 0.0) / levels.quantity[rank]
            backlog[a, r] += runs[r]
        waiting[a] = 1
        move_positions(a, outputs, 1.0, runs, position)
        move_positions(a, inputs, -1.0, runs, position)


@compiled
def carry_overload(k: int, resources: Resources, rings: Rings, factor: Floats, booked: Floats) -> None:
    """Carry what could not be worked off into the next period, and clear the slot for a later one."""
    for resource in range(len(resources.channel)):
        at, mask, channel = rings.at[resource], rings.mask[resource], resources.channel[resource]
        now, then, coming = at + (k & mask), at + ((k + 1) & mask), k + mask + 1
        capacity = resources.capacity[k, resource]
        firm = resources.firm[coming, resource] if coming < len(resources.firm) else 0.0
        for r in range(LANES):
            over = booked[now, r] - capacity * factor[channel, r]
            booked[now, r] = firm
            booked[then, r] += max(over, 0.0)


@compiled
def clear_count(a: int, short: Ints) -> None:
    """Begin the count of periods with a backlog anew."""
    for r in range(LANES):
        short[a, r] = 0


@compiled
def copy_row(source: Floats, target: Floats) -> None:
    """Keep a value of every replication."""
    for r in range(LANES):
        target[r] = source[r]


@compiled
def copy_rows(source: Floats, target: Floats) -> None:
    """Keep values of every replication."""
    for row in range(len(source)):
        copy_row(source[row], target[row])


def _block_runner(version: int) -> Callable[[Case, Changes, State, Counts, Trace], None]:
    """Return the kernel; a version that differs is compiled anew and not taken from the disk."""

    @kept
    def run_block(case: Case, changes: Changes, state: State, counts: Counts, trace: Trace) -> None:
        """Run a block of replications; state, counts and trace are changed in place."""
        if version < 0:
            return
        wants, limits, lanes, covers, demands = case.wants, case.limits, case.lanes, case.covers, case.demands
        inputs, outputs, shares, loads = case.inputs, case.outputs, case.shares, case.loads
        factor, stock, ring, backlog = state.factor, state.stock, state.ring, state.backlog
        want, extra, done, short, left = state.want, state.extra, state.done, state.short, state.left
        periods, first_demand = len(case.days), len(case.order) - len(demands.due)
        for k in range(periods):
            days = case.days[k]
            apply_changes(k, changes, factor, state.delay, state.delayed)
            arrive(k, case.arrivals, case.fixed, stock, ring)
            open_lanes(k, lanes, factor, state.lane_left)
            if len(case.levels.level):
                place_orders(
                    k,
                    first_demand,
                    wants,
                    case.levels,
                    inputs,
                    outputs,
                    factor,
                    state.position,
                    backlog,
                    state.waiting,
                    want,
                )
            for a in case.order:
                d, dust, planned = a - first_demand, demands.dust[a], wants.quantity[k, a]
                if d >= 0:
                    due = demands.due[d]
                    if planned > 0.0:
                        state.owing[d] = 1
                    count_asked(
                        a, d, due, planned, wants.channel[a], days, factor, backlog, counts.asked,
                        counts.late_days,
                    )  # fmt: skip
                    if 0 <= due <= k and state.owing[d]:
                        state.owing[d] = count_late(
                            d, days, dust, counts.asked, counts.delivered, counts.late_days, counts.short_periods
                        )
                covering = covers.at[a] < covers.at[a + 1]
                if planned == 0.0 and not state.waiting[a] and not covering:
                    if covers.watched[a]:
                        clear_count(a, short)
                    continue
                some = set_wants(k, a, wants, factor, backlog, want)
                if covering:
                    some += add_covered(a, covers, backlog, short, extra)
                if not some:
                    if covers.watched[a]:
                        clear_count(a, short)
                    continue
                limit_by_factor(k, a, limits, factor, want, extra, done)
                limit_by_total_and_lane(a, limits, lanes, left, state.lane_left, done)
                limit_by_inputs(k, a, periods, inputs, shares, stock, done)
                limit_by_loads(
                    k, a, periods, loads, case.load_shares, case.resources, case.bookings, factor, state.booked, done
                )
                book_loads(k, a, periods, loads, case.load_shares, case.bookings, state.booked, done)
                take_inputs(k, a, periods, inputs, shares, case.arrivals, stock, ring, done)
                give_outputs(
                    k, a, periods, outputs, shares, case.arrivals, case.spoils, factor, state.delay, state.delayed,
                    stock, ring, done,
                )  # fmt: skip
                if len(case.levels.level) and case.spoils.lost[a]:
                    forget_lost(a, outputs, case.spoils.lost[a], factor, state.position, done)
                use_limits(a, limits, lanes, left, state.lane_left, done)
                count_amount(a, done, counts.amount)
                if d >= 0:
                    count_delivery(
                        k, d, demands.tier[d], case.bucket[k], dust, done, counts.delivered, counts.by_tier, counts.last
                    )
                    count_in_time(
                        k, a, d, demands.due[d], dust, want, done, backlog, counts.in_time, counts.short_periods
                    )
                if len(trace.done):
                    copy_row(done, trace.done[k, a])
                if covering:
                    relieve_covered(a, covers, want, extra, done, backlog, short)
                state.waiting[a] = keep_backlog(a, dust, covers.watched[a], want, done, backlog, short)
                if not covers.watched[a]:
                    count_backlog(a, days, backlog, counts.backlog_days)
            for a in case.order:
                if covers.watched[a]:
                    count_backlog(a, days, backlog, counts.backlog_days)
            carry_overload(k, case.resources, case.bookings, factor, state.booked)
            count_stocks(days, stock, counts.stock_days, counts.owed_days)
            if len(trace.done):
                copy_rows(stock, trace.stock[k])
                copy_rows(backlog, trace.backlog[k])

    return cast("Callable[[Case, Changes, State, Counts, Trace], None]", run_block)


def _version() -> int:
    names = ("case", "counting", "kernel", "limits", "moves", "state")
    sources = [Path(__file__).with_name(f"{name}.py") for name in names]
    digest = blake2b(b"".join(source.read_bytes() for source in sources), digest_size=7).digest()
    return int.from_bytes(digest, "little")


run_block = _block_runner(_version())
