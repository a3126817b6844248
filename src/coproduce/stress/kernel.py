"""The kernel: one block of replications through all periods, side by side in the innermost loops.

The order of operations is that of `docs/stress.md`.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path
from typing import cast

from ..calendar import Floats, Ints
from .case import Case, Covers, Fixed, Lanes, Levels, Lines, Resources, Rings, Wants
from .counting import (
    count_asked,
    count_backlog,
    count_delivery,
    count_in_time,
    count_late,
    count_stocks,
)
from .limits import add_covered, limit_by_factor, limit_by_inputs, limit_by_loads, limit_by_total_and_lane, set_wants
from .lots import (
    limit_lots_by_factor,
    limit_lots_by_loads,
    limit_lots_by_total_and_lane,
    pay_back,
    round_to_lots,
    use_ahead,
)
from .moves import (
    book_loads,
    forget_lost,
    give_outputs,
    keep_backlog,
    keep_watched_backlog,
    relieve_covered,
    take_inputs,
    use_limits,
)
from .state import LANES, Changes, Counts, State, Trace, apart, compiled, kept

Runner = Callable[[Case, Changes, int, int, State, Counts, Trace], None]


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
def reopen_lanes(k: int, lanes: Lanes, factor: Floats, lane_left: Floats) -> None:
    """Set what lanes can carry in this period, less what lots have taken ahead."""
    for lane in range(len(lanes.channel)):
        channel, amount = lanes.channel[lane], lanes.amount[k, lane]
        for r in range(LANES):
            lane_left[lane, r] = amount * factor[channel, r] + min(lane_left[lane, r], 0.0)


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


@compiled
def begin_period(k: int, case: Case, changes: Changes, state: State) -> None:
    """Let events, arrivals and orders happen."""
    apply_changes(k, changes, state.factor, state.delay, state.delayed)
    arrive(k, case.arrivals, case.fixed, state.stock, state.ring)
    if len(case.sizes.rows):
        reopen_lanes(k, case.lanes, state.factor, state.lane_left)
    else:
        open_lanes(k, case.lanes, state.factor, state.lane_left)
    if len(case.levels.level):
        place_orders(
            k, len(case.order) - len(case.demands.due), case.wants, case.levels, case.inputs, case.outputs,
            state.factor, state.position, state.backlog, state.waiting, state.want,
        )  # fmt: skip


@compiled
def ask(k: int, a: int, d: int, case: Case, state: State, counts: Counts) -> None:
    """Count what a demand asks for in this period, and what is late by now."""
    days, due, planned = case.days[k], case.demands.due[d], case.wants.quantity[k, a]
    if planned > 0.0:
        state.owing[d] = 1
    count_asked(
        a, d, due, planned, case.wants.channel[a], days, state.factor, state.backlog, counts.asked, counts.late_days
    )
    if 0 <= due <= k and state.owing[d]:
        dust = case.demands.dust[a]
        state.owing[d] = count_late(
            d, days, dust, counts.asked, counts.delivered, counts.late_days, counts.short_periods
        )


@compiled
def is_called(a: int, covers: Covers, waiting: Ints) -> bool:
    """Return whether anything that an activity covers may have a backlog."""
    some = 0
    for row in range(covers.at[a], covers.at[a + 1]):
        some += waiting[covers.covered[row]]
    return some > 0


@compiled
def limit(k: int, a: int, most: Floats, case: Case, state: State) -> None:
    """Set what is done: the most that is wanted, and that limits, stocks and resources allow."""
    periods, done = len(case.days), state.done
    limit_by_factor(k, a, case.limits, state.factor, most, done)
    limit_by_total_and_lane(a, case.limits, case.lanes, state.left, state.lane_left, done)
    limit_by_inputs(k, a, periods, case.inputs, case.shares, case.reserve, state.stock, done)
    limit_by_loads(
        k, a, periods, case.loads, case.setups, case.load_shares, case.resources, case.bookings, state.factor,
        state.booked, done,
    )  # fmt: skip


@apart
def limit_lots(k: int, a: int, most: Floats, case: Case, state: State) -> None:
    """Set what is done: whole lots that limits, stocks and resources let start."""
    periods, done, sizes = len(case.days), state.done, case.sizes
    limit_lots_by_factor(k, a, case.limits, sizes, state.factor, state.over, most, done)
    limit_lots_by_total_and_lane(k, a, case.limits, case.lanes, sizes, state.left, state.lane_left, done)
    limit_by_inputs(k, a, periods, case.inputs, case.shares, case.reserve, state.stock, done)
    limit_lots_by_loads(
        k, a, periods, case.loads, case.setups, case.load_shares, case.resources, case.bookings, sizes, state.factor,
        state.booked, done,
    )  # fmt: skip
    round_to_lots(a, sizes, most, done)
    use_ahead(a, state.over, done)


@compiled
def move(k: int, a: int, case: Case, state: State) -> None:
    """Book, take and give what belongs to what is done."""
    periods, done, factor = len(case.days), state.done, state.factor
    book_loads(k, a, periods, case.loads, case.setups, case.load_shares, case.bookings, state.booked, done)
    take_inputs(k, a, periods, case.inputs, case.shares, case.arrivals, state.stock, state.ring, done)
    give_outputs(
        k, a, periods, case.outputs, case.shares, case.arrivals, case.spoils, factor, state.delay, state.delayed,
        state.stock, state.ring, done,
    )  # fmt: skip
    if len(case.levels.level) and case.spoils.lost[a]:
        forget_lost(a, case.outputs, case.spoils.lost[a], factor, state.position, done)
    use_limits(a, case.limits, case.lanes, state.left, state.lane_left, done)


@compiled
def deliver(k: int, a: int, d: int, case: Case, state: State, counts: Counts) -> None:
    """Count a delivery."""
    demands, dust, done = case.demands, case.demands.dust[a], state.done
    count_delivery(k, d, demands.group[d], case.bucket[k], dust, done, counts.delivered, counts.by_group, counts.last)
    count_in_time(k, a, d, demands.due[d], dust, state.want, done, state.backlog, counts.in_time, counts.short_periods)


@compiled
def keep(k: int, a: int, case: Case, state: State, counts: Counts) -> None:
    """Keep what was wanted and not done."""
    want, done, backlog = state.want, state.done, state.backlog
    if case.covers.watched[a]:
        dust = case.demands.dust[a]
        state.waiting[a] = keep_watched_backlog(a, dust, want, done, backlog, state.short, counts.amount)
    else:
        state.waiting[a] = keep_backlog(a, case.days[k], want, done, backlog, counts.amount, counts.backlog_days)


@compiled
def carry_out(k: int, a: int, case: Case, state: State, counts: Counts, trace: Trace) -> None:
    """Do what is possible of an activity."""
    d, covers = a - (len(case.order) - len(case.demands.due)), case.covers
    if d >= 0:
        ask(k, a, d, case, state, counts)
    called = is_called(a, covers, state.waiting)
    if case.wants.quantity[k, a] == 0.0 and not state.waiting[a] and not called:
        if covers.watched[a]:
            clear_count(a, state.short)
        return
    set_wants(k, a, case.wants, state.factor, state.backlog, state.want)
    most = state.want
    if called and add_covered(a, covers, state.backlog, state.short, state.want, state.extra):
        most = state.extra
    if case.sizes.sized[a]:
        limit_lots(k, a, most, case, state)
    else:
        limit(k, a, most, case, state)
    move(k, a, case, state)
    if d >= 0:
        deliver(k, a, d, case, state, counts)
    if len(trace.done):
        copy_row(state.done, trace.done[k, a])
    if called:
        relieve_covered(a, covers, state.want, state.extra, state.done, state.backlog, state.short)
    keep(k, a, case, state, counts)


@compiled
def end_period(k: int, case: Case, state: State, counts: Counts, trace: Trace) -> None:
    """Carry what is booked too much, and count what is left over."""
    days = case.days[k]
    for a in range(len(case.order)):
        if case.covers.watched[a]:
            count_backlog(a, days, state.backlog, counts.backlog_days)
    pay_back(k, case.limits, case.sizes, state.factor, state.over)
    carry_overload(k, case.resources, case.bookings, state.factor, state.booked)
    count_stocks(days, state.stock, counts.stock_days, counts.owed_days)
    if len(trace.done):
        copy_rows(state.stock, trace.stock[k])
        copy_rows(state.backlog, trace.backlog[k])


def _block_runner(version: int) -> Runner:
    """Return the kernel; a version that differs is compiled anew and not taken from the disk."""

    @kept
    def run_block(
        case: Case, changes: Changes, first: int, last: int, state: State, counts: Counts, trace: Trace
    ) -> None:
        """Run a block from one period to before another; state, counts and trace are changed in place."""
        if version < 0:
            return
        for k in range(first, last):
            begin_period(k, case, changes, state)
            for a in case.order:
                carry_out(k, a, case, state, counts, trace)
            end_period(k, case, state, counts, trace)

    return cast("Runner", run_block)


def _version() -> int:
    names = ("case", "counting", "kernel", "limits", "lots", "moves", "state")
    sources = [Path(__file__).with_name(f"{name}.py") for name in names]
    digest = blake2b(b"".join(source.read_bytes() for source in sources), digest_size=7).digest()
    return int.from_bytes(digest, "little")


run_block = _block_runner(_version())
