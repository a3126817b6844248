"""A programme as a frozen structure of arrays: all that the optimiser and the simulator may see."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .agreements import Agreements
from .calendar import Floats, Ints, Shares, Timeline
from .cash import Cash
from .earmarks import Earmarks
from .growth import Growth
from .stability import Stability

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Nodes:
    """Item-site pairs that the programme can touch, ordered by item, then site.

    Costs are per unit in the programme's currency. `stock_row` is the row of the table `stocks`, -1 for none.
    """

    item: Ints
    site: Ints
    stock_row: Ints
    opening: Floats
    minimum: Floats
    minimum_from: Ints
    """(node,) first bucket in which the minimum holds"""
    maximum: Floats
    final_minimum: Floats
    holding_cost: Floats
    """(node,) currency per unit and day"""
    terminal_value: Floats


@dataclass(frozen=True)
class Lots:
    """Sizes in which runs, orders or shipments start, per entity; sizes are already multiples where these are asked.

    Attributes
    ----------
    minimum, maximum : fewest and most runs or units of one lot; 0 and infinite for none
    multiple : what starts in a bucket is a multiple of this; 0 for none
    cost : currency per lot
    counted : whether the number of lots matters: there is a minimum, a cost or a set-up load
    joint : whether a set-up is shared with others
    """

    minimum: Floats
    multiple: Floats
    maximum: Floats
    cost: Floats
    counted: Bools
    joint: Bools

    @property
    def sized(self) -> Bools:
        """Whether what starts in a bucket is a number of lots or of multiples."""
        return self.counted | (self.multiple > 0)

    @property
    def whole(self) -> Bools:
        """Whether what starts in a bucket starts at its beginning and arrives whole, not spread."""
        return self.sized | self.joint


@dataclass(frozen=True)
class Processes:
    """Processes and their flows; a flow's quantity is units per run after yield, outputs positive.

    `first` and `until` bound the buckets in which runs may start: first <= t < until; `amount` is (process, bucket),
    the most runs started, infinite where there is no rate limit.
    """

    site: Ints
    cost: Floats
    first: Ints
    until: Ints
    amount: Floats
    flow_process: Ints
    flow_node: Ints
    flow_quantity: Floats
    flow_pattern: Ints
    flow_first: Ints
    flow_until: Ints
    patterns: Shares
    lots: Lots


@dataclass(frozen=True)
class Resources:
    """Resources and what runs take of them; amounts are (resource, bucket), in the resource's unit."""

    site: Ints
    cost: Floats
    amount: Floats
    firm: Floats
    load_process: Ints
    load_resource: Ints
    load_quantity: Floats
    """(load,) resource units per run; of a load that falls with cumulative runs, what it never falls below"""
    load_setup: Floats
    """(load,) resource units per lot, in the same pattern"""
    load_pattern: Ints
    patterns: Shares


@dataclass(frozen=True)
class SetupGroups:
    """Joint set-ups, (group,) each: one in every bucket in which a process of the group starts runs.

    Attributes
    ----------
    cost : currency per set-up, without what it takes of resources
    group : (process,) group of each process, -1 for none
    load_group, load_resource, load_quantity : (load,) resource units per set-up, in the bucket of the set-up
    """

    site: Ints
    cost: Floats
    group: Ints
    load_group: Ints
    load_resource: Ints
    load_quantity: Floats

    def groups_of(self, processes: Bools) -> Bools:
        """Return (group,) whether one of the processes chosen belongs to it."""
        chosen = np.zeros(len(self.site), dtype=bool)
        chosen[self.group[processes & (self.group >= 0)]] = True
        return chosen

    def taken(self, resources: int) -> Floats:
        """Return (group, resource) what a set-up takes of each of so many resources."""
        result = np.zeros((len(self.site), resources))
        np.add.at(result, (self.load_group, self.load_resource), self.load_quantity)
        return result


@dataclass(frozen=True)
class Learning:
    """Loads that fall with the cumulative runs of their process, (learned,) each.

    Run number n, counted from the first ever, takes quantity x max(floor, (n / base) ** log2(rate)); of that, the
    floor is in `Resources.load_quantity`.

    Attributes
    ----------
    load, process : number of the load, and of its process
    before : cumulative runs before the horizon
    """

    load: Ints
    process: Ints
    quantity: Floats
    rate: Floats
    base: Floats
    floor: Floats
    before: Floats


@dataclass(frozen=True)
class Versions:
    """Nodes of newer versions that stand in for older ones, and the end of old ones.

    Attributes
    ----------
    new, old : (pair,) nodes of one site; a unit of the new one may be delivered or used in place of the old one
    first : (pair,) first bucket in which it may; whatever else must come first can only raise it
    obsolete : (node,) first bucket in which the item is obsolete; the number of buckets for never
    disposable : (node,) whether stock may be written off at any time
    loss : (node,) currency lost by writing off a unit
    """

    new: Ints
    old: Ints
    first: Ints
    obsolete: Ints
    disposable: Bools
    loss: Floats

    def ends(self, count: int) -> Bools:
        """(node, bucket) whether the item is obsolete."""
        return np.arange(count) >= self.obsolete[:, None]

    def replaced(self, count: int) -> Bools:
        """(node,) whether another version may stand in, or the item becomes obsolete within `count` buckets."""
        found = self.obsolete < count
        found[self.old] = True
        return found


@dataclass(frozen=True)
class Lanes:
    """Lanes and their arcs, one for each item that a lane may carry; `amount` is (lane, bucket), lane units."""

    cost: Floats
    first: Ints
    until: Ints
    amount: Floats
    pattern: Ints
    patterns: Shares
    arc_lane: Ints
    arc_from: Ints
    arc_to: Ints
    arc_size: Floats
    lots: Lots
    """per lane; a shipment is of one item"""


@dataclass(frozen=True)
class Supplies:
    """Offers from outside; `amount` is (supply, bucket), 0 where no order may be placed."""

    node: Ints
    price: Floats
    amount: Floats
    total: Floats
    pattern: Ints
    patterns: Shares
    lots: Lots


@dataclass(frozen=True)
class Demands:
    """Demands; `tier` counts from 0 in the order of the priorities.

    `due` is the time in seconds that lateness is counted from (end of the due bucket, or the due date where it
    lies before the start); `first` and `until` bound the buckets of delivery; `unmet_days` is the lateness of a unit
    never delivered.
    """

    node: Ints
    quantity: Floats
    tier: Ints
    weight: Floats
    due: Ints
    due_bucket: Ints
    first: Ints
    until: Ints
    unmet_days: Floats
    price: Floats
    late_cost: Floats
    unmet_cost: Floats
    least: Floats
    """(demand,) fewest units delivered in a bucket, if any; 0: any amount; the quantity: all or nothing"""
    series: Ints
    """(demand,) series of each, -1 for none: demands of one item, site, tier, weight and prices that differ in due date
    and quantity alone, so that only the sum delivered so far matters"""
    series_head: Ints
    """(series,) the first demand of each, which stands for what they have in common"""


@dataclass(frozen=True)
class Fixed:
    """Movements that are data: receipts, and flows of runs under way; `quantity` is signed.

    `wip_row` is the row of the table `wip` that a movement belongs to, -1 for a receipt.
    """

    node: Ints
    bucket: Ints
    quantity: Floats
    wip_row: Ints


@dataclass(frozen=True)
class Network:
    """Everything that planning and simulation need to know of a programme.

    Entities are counted from 0 in the order of their tables; `priorities` are the values of the tiers.
    """

    timeline: Timeline
    nodes: Nodes
    processes: Processes
    resources: Resources
    setup_groups: SetupGroups
    learning: Learning
    versions: Versions
    lanes: Lanes
    supplies: Supplies
    demands: Demands
    fixed: Fixed
    growth: Growth
    agreements: Agreements
    earmarks: Earmarks
    cash: Cash
    stability: Stability
    priorities: tuple[int, ...]
    money: bool
    tier_tolerance: float
    gap: float

    def late_days(self, demand: Ints, bucket: Ints) -> Floats:
        """Return the days late of deliveries to `demand` in `bucket`."""
        late: Floats = (self.timeline.edges[bucket + 1] - self.demands.due[demand]) / 86400
        return np.maximum(late, 0.0)
