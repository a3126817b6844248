"""Contracts that wait for their money, as arrays: what is owed on which day, and what funds and buyers can pay of it.

A *pool* is a contract that keeps to its budget or waits for its cash, or several that the same funds pay on the same
terms. An *account* is a pool and a type of cost: number 2 x pool for the type of its contracts, 2 x pool + 1 for
investment. Days are numbered by bucket and *place*: the days of one bucket on which something can be owed, in order.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Days:
    """Days on which something can be owed or paid.

    Attributes
    ----------
    bucket, place : (day,) the bucket that holds it (the first or last one for days outside), and its place in it
    date : (day,) number of the day in the calendar (1 = 1 January of the year 1)
    places : most days of one bucket
    first, last : (bucket,) day on which orders of a bucket are owed, and work
    """

    bucket: Ints
    place: Ints
    date: Ints
    places: int
    first: Ints
    last: Ints


@dataclass(frozen=True)
class Pools:
    """Who waits, and what may serve it.

    Attributes
    ----------
    of : (contract,) pool of each contract, -1 for none
    contract : (pool,) first contract of each
    node, process, resource, option : (pool, entity) whether it may serve a contract of the pool
    paid : (pool,) whether its buyers pay by terms of payment
    funded : (pool,) whether funds are to pay what is owed: not where buyers pay and no fund is named
    """

    of: Ints
    contract: Ints
    node: Bools
    process: Bools
    resource: Bools
    option: Bools
    paid: Bools
    funded: Bools


@dataclass(frozen=True)
class Owed:
    """What an activity owes on which days, in the programme's currency of the day of the payment.

    Attributes
    ----------
    process, resource, lane, stock : (row, bucket) worth on the last day of a bucket of what is 1 at the start
    supply, supply_bucket, supply_day, supply_share : (part,) of the cost of an order placed in a bucket, what is paid
        on a day, index and exchange included
    option, option_bucket, option_day, option_cost : (part,) likewise of one option bought, in currency
    """

    process: Floats
    resource: Floats
    lane: Floats
    stock: Floats
    supply: Ints
    supply_bucket: Ints
    supply_day: Ints
    supply_share: Floats
    option: Ints
    option_bucket: Ints
    option_day: Ints
    option_cost: Floats


@dataclass(frozen=True)
class Paid:
    """What buyers pay to the contractors of pools with terms of payment.

    Attributes
    ----------
    fixed_pool, fixed_day, fixed_amount : (payment,) what does not depend on deliveries
    pool, demand, bucket, day, price : (part,) of a unit delivered in a bucket
    waits : (pool,) whether costs wait for these payments
    own : (pool,) money of the contractor that is there from the start
    """

    fixed_pool: Ints
    fixed_day: Ints
    fixed_amount: Floats
    pool: Ints
    demand: Ints
    bucket: Ints
    day: Ints
    price: Floats
    waits: Bools
    own: Floats


@dataclass(frozen=True)
class Lines:
    """Ways in which a fund may pay what is owed on a day: a fund, and one of its arrivals.

    Attributes
    ----------
    account, place, fund : (line,)
    how : (line,) 0 advance, 1 as it is owed, 2 and more by request
    allowed : (line, bucket) whether there is such an arrival for the day in the bucket
    worth : (line, bucket) units of the fund's currency that one of the programme's costs on arrival
    interest : (line, bucket) bridging of one unit of money from the day on which it is owed
    requested, arrives : (line, bucket) numbers of the days in the calendar; 0 where not allowed
    year : (line, bucket) row of the budget that it counts in, -1 for none
    """

    account: Ints
    place: Ints
    fund: Ints
    how: Ints
    allowed: Bools
    worth: Floats
    interest: Floats
    requested: Ints
    arrives: Ints
    year: Ints


@dataclass(frozen=True)
class FundLimits:
    """What funds pay at most.

    Attributes
    ----------
    advance : (fund,) in advance, in the programme's currency
    amount : (fund,) beside the advance, in its own
    share : (fund,) of what is owed
    year : (budget,) in a year beside the advance, in its own currency
    year_fund : (budget,)
    """

    advance: Floats
    amount: Floats
    share: Floats
    year: Floats
    year_fund: Ints


@dataclass(frozen=True)
class Cash:
    """All that waiting for money needs; no pools where no contract waits.

    Attributes
    ----------
    unit : currency that one unit of money in the rows of the plan stands for: a power of ten, so that the solver meets
        thousands where funds have thousands of millions
    """

    unit: float
    days: Days
    pools: Pools
    owed: Owed
    paid: Paid
    lines: Lines
    limits: FundLimits

    def told_apart(self, known: Ints, contract: Ints) -> Ints:
        """(demand,) numbers that tell demands apart, those given and the pool that is paid for deliveries together.

        Parameters
        ----------
        known : (demand,) numbers; -1 stays -1
        contract : (demand,) contract of each, -1 for none
        """
        pool = np.where(contract >= 0, np.append(self.pools.of, -1)[contract], -1)
        own = np.where(np.append(self.pools.paid, False)[pool], pool, -1)
        return np.where(known < 0, -1, known * (len(self.pools.contract) + 1) + own + 1)
