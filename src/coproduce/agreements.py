"""What the partners have agreed on, as arrays: part of the network, empty where nothing was agreed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class WorkShares:
    """Work shares: what runs at a partner's sites add up to, against all runs in the scope, per period.

    Attributes
    ----------
    least, most : (share,) the limits with their tolerance; -inf and inf for none
    period : (share, bucket) number of the period that work in a bucket counts in, -1 for none
    scope, own : (share, process) whether a process counts, and whether it is at the partner's sites
    hours : (share, resource) whether what runs take of a resource counts; none where value is measured
    own_hours : (share, resource) whether the resource stands at the partner's sites
    by_value : (share,) whether value is measured, and not hours
    value : (process, bucket) currency that a run started in a bucket adds
    firm_all, firm_own : (share, period) work of firm runs, in all and at the partner's sites
    """

    least: Floats
    most: Floats
    period: Ints
    scope: Bools
    own: Bools
    hours: Bools
    own_hours: Bools
    by_value: Bools
    value: Floats
    firm_all: Floats
    firm_own: Floats


@dataclass(frozen=True)
class FairShares:
    """Fair shares between customers; a customer is a party inside a rule.

    Attributes
    ----------
    tolerance : (rule,)
    rule : (customer,) rule of each customer
    demand_customer : (rule, demand) customer of a demand under a rule, -1 for none
    due : (customer, bucket) units due so far
    """

    tolerance: Floats
    rule: Ints
    demand_customer: Ints
    due: Floats


@dataclass(frozen=True)
class ExportFloors:
    """Floors: what must have been delivered at home before anything is exported.

    Attributes
    ----------
    domestic, export : (floor, demand)
    due : (floor, bucket) units that domestic deliveries must have reached
    """

    domestic: Bools
    export: Bools
    due: Floats


@dataclass(frozen=True)
class Reservations:
    """Reserved capacity.

    Attributes
    ----------
    resource : (reservation,)
    others : (reservation, process) processes that it is not for
    most : (reservation, bucket) the most that planned runs of these may take; infinite outside its dates
    """

    resource: Ints
    others: Bools
    most: Floats


@dataclass(frozen=True)
class Borders:
    """Border crossings: `lane` is (lane,) the border of each, -1 for none; `amount` is (border, bucket)."""

    lane: Ints
    amount: Floats


@dataclass(frozen=True)
class Transit:
    """Limits on transit.

    Attributes
    ----------
    item : (limit, item) whether an item counts
    days, crossings : (limit,) most per unit delivered; infinite for none
    lane_days, lane_crossings : (lane,) of one unit moved
    """

    item: Bools
    days: Floats
    crossings: Floats
    lane_days: Floats
    lane_crossings: Floats


@dataclass(frozen=True)
class OriginLimits:
    """Limits on what comes from outside a zone, of the cost of components used. A pair is a limit and a component.

    Attributes
    ----------
    share : (limit,) the largest share
    outside_given : (limit,) component cost from outside that is data: opening stock, receipts, outputs of firm runs
    product : (limit, item) whether the limit is about the item, so that deliveries of it count as use
    limit, item, cost : (pair,) and the component cost of a unit
    given, used : (pair,) units that are there as data, and that firm runs take
    outside_supply : (limit, supply) whether what is offered counts as outside
    outside_process : (limit, process) whether what a process makes of nothing counts as outside
    maker : (limit, process) whether what a process takes counts as use
    from_nothing : (process,) whether it makes something of nothing
    worth : (item,) the largest component cost that a unit delivered can have used; infinite for what goes round
    """

    share: Floats
    outside_given: Floats
    product: Bools
    limit: Ints
    item: Ints
    cost: Floats
    given: Floats
    used: Floats
    outside_supply: Bools
    outside_process: Bools
    maker: Bools
    from_nothing: Bools
    worth: Floats

    def pair(self) -> Ints:
        """(limit, item) number of the pair, -1 for none."""
        result = np.full(self.product.shape, -1, dtype=np.int64)
        result[self.limit, self.item] = np.arange(len(self.limit))
        return result


@dataclass(frozen=True)
class Agreements:
    """All agreements; `set_of` is (demand,) the set of each demand, -1 for none, and `sets` their number."""

    shares: WorkShares
    set_of: Ints
    sets: int
    fair: FairShares
    floors: ExportFloors
    reservations: Reservations
    borders: Borders
    transit: Transit
    origin: OriginLimits
