"""Money that contracts wait for: what is owed on a day is paid by funds within their limits, or by what buyers paid."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from ...block import COST, Columns, Limit, Rows, Terms
from ...calendar import Floats, Ints
from ...cash import Cash
from ...network import Bools, Network
from ...reach import Reach
from ..charges import Charges, charges

DRAW, BALANCE = "fund_draw", "cash_balance"
OWED, SHARE, CASH = "money_owed", "fund_share", "cash"
ADVANCE, AMOUNT, YEAR = "fund_advance", "fund_amount", "fund_year"


def declare(network: Network, reach: Reach) -> Sequence[Columns]:  # noqa: ARG001
    """fund_draw[l, t]: what line l pays of what is owed; cash_balance[c, t] >= 0: what buyers paid and is left."""
    cash = network.cash
    if not len(cash.pools.contract):
        return []
    line, bucket = (part.ravel() for part in np.indices(cash.lines.allowed.shape))
    most = np.where(cash.lines.allowed[line, bucket], np.inf, 0.0)
    draw = Columns(DRAW, line, bucket, np.zeros(len(line)), most, {COST: cash.unit * cash.lines.interest[line, bucket]})
    entity, when = (part.ravel() for part in np.indices((len(cash.paid.waits) * cash.days.places, len(cash.days.last))))
    kept = np.where(cash.paid.waits[entity // cash.days.places], np.inf, 0.0)
    return [draw, Columns(BALANCE, entity, when, np.zeros(len(entity)), kept)]


def contribute(network: Network, columns: Mapping[str, Columns]) -> tuple[Sequence[Terms], Sequence[Rows]]:
    """money_owed[a, day]: owed = drawn; limits of the funds; cash[c, day]: before + paid - owed = after."""
    if DRAW not in columns:
        return [], []
    cash = network.cash
    costs, paid = (
        [replace(one, amount=one.amount / cash.unit) for one in part]
        for part in (charges(network, columns), _payments(network, columns))
    )
    claims = [*_of(costs, ~cash.pools.paid), *_of(paid, cash.pools.funded)]
    spent, got = _of(costs, cash.paid.waits), _of(paid, cash.paid.waits)
    terms = [
        *(_owed(cash, one) for one in claims),
        *(_shares(cash, one) for one in claims),
        *_drawn(cash, columns[DRAW]),
        *(_moved(cash, one, "spent", -1.0) for one in spent),
        *(_moved(cash, one, "received", 1.0) for one in got),
        *_carried(cash, columns[BALANCE]),
    ]
    return terms, _rows(cash)


def _of(parts: Sequence[Charges], pools: Bools) -> list[Charges]:
    """Return what is owed by some pools; `pools` is (pool,) whether."""
    chosen = [(one, np.flatnonzero(pools[one.account // 2])) for one in parts]
    return [
        Charges(one.kind, one.account[at], one.day[at], one.column[at], one.amount[at]) for one, at in chosen if len(at)
    ]


def _payments(network: Network, columns: Mapping[str, Columns]) -> Iterator[Charges]:
    """Yield what buyers owe for deliveries, demand by demand or by series."""
    paid, demands = network.cash.paid, network.demands
    shape = network.timeline.count
    for kind, entity, entities in (
        ("deliver", np.where(demands.series < 0, np.arange(len(demands.series)), -1), len(demands.series)),
        ("pool", _first_of_series(demands.series, demands.series_head), len(demands.series_head)),
    ):
        at = np.append(columns[kind].position((entities, shape)), np.full((1, shape), -1), axis=0)
        column = at[entity[paid.demand], paid.bucket]
        there = np.flatnonzero((column >= 0) & (paid.price > 0))
        yield Charges(kind, 2 * paid.pool[there], paid.day[there], column[there], paid.price[there])


def _first_of_series(series: Ints, head: Ints) -> Ints:
    """(demand,) the series that a demand stands for, -1 where another one does."""
    result = np.full(len(series), -1, dtype=np.int64)
    result[head] = np.arange(len(head))
    return result


def _row(cash: Cash, account: Ints, day: Ints) -> Ints:
    return account * cash.days.places + cash.days.place[day]


def _owed(cash: Cash, one: Charges) -> Terms:
    days = cash.days
    return Terms(one.kind, OWED, "owed", _row(cash, one.account, one.day), days.bucket[one.day], one.column, one.amount)


def _shares(cash: Cash, one: Charges) -> Terms:
    """Return what is owed in the rows of every fund that pays only a share."""
    share = cash.limits.share
    fund, entry = np.nonzero((share < 1)[:, None] & np.ones(len(one.column), dtype=bool))
    row = _row(cash, one.account[entry], one.day[entry]) * len(share) + fund
    return Terms(
        one.kind, SHARE, "owed", row, cash.days.bucket[one.day[entry]], one.column[entry],
        -share[fund] * one.amount[entry],
    )  # fmt: skip


def _drawn(cash: Cash, draw: Columns) -> Iterator[Terms]:
    """Yield what is drawn, in what is owed and in the limits of the funds."""
    lines, used = cash.lines, np.flatnonzero(cash.lines.allowed[draw.entity, draw.bucket])
    line, bucket = draw.entity[used], draw.bucket[used]
    row = lines.account[line] * cash.days.places + lines.place[line]
    fund, worth, year = lines.fund[line], lines.worth[line, bucket], lines.year[line, bucket]
    one, whole = np.ones(len(used)), np.zeros(len(used), dtype=np.int64)
    yield Terms(DRAW, OWED, "drawn", row, bucket, used, -one)
    part = cash.limits.share[fund] < 1
    yield Terms(DRAW, SHARE, "drawn", (row * len(cash.limits.share) + fund)[part], bucket[part], used[part], one[part])
    ahead, dated = lines.how[line] == 0, year >= 0
    yield Terms(DRAW, ADVANCE, "drawn", fund[ahead], whole[ahead], used[ahead], one[ahead])
    yield Terms(DRAW, AMOUNT, "drawn", fund[~ahead], whole[~ahead], used[~ahead], worth[~ahead])
    yield Terms(DRAW, YEAR, "drawn", year[dated], whole[dated], used[dated], worth[dated])


def _moved(cash: Cash, one: Charges, purpose: str, sign: float) -> Terms:
    row = _row(cash, one.account // 2, one.day)
    return Terms(one.kind, CASH, purpose, row, cash.days.bucket[one.day], one.column, sign * one.amount)


def _carried(cash: Cash, balance: Columns) -> Iterator[Terms]:
    """Yield the balance after a day, and the same before the next: the next place, or the first of the next bucket."""
    places, count = cash.days.places, len(cash.days.last)
    used = np.flatnonzero(cash.paid.waits[balance.entity // places])
    entity, bucket = balance.entity[used], balance.bucket[used]
    one = np.ones(len(used))
    yield Terms(BALANCE, CASH, "after", entity, bucket, used, -one)
    ends = entity % places == places - 1
    to = np.where(ends, entity - places + 1, entity + 1)
    then = np.where(ends, bucket + 1, bucket)
    on = then < count
    yield Terms(BALANCE, CASH, "before", to[on], then[on], used[on], one[on])


def _rows(cash: Cash) -> list[Rows]:
    days, paid, limits = cash.days, cash.paid, cash.limits
    pools, count, places = len(cash.pools.contract), len(days.last), days.places
    owed, got = np.zeros((2 * pools * places, count)), np.zeros((pools * places, count))
    on = days.bucket[paid.fixed_day]
    np.add.at(owed, (_row(cash, 2 * paid.fixed_pool, paid.fixed_day), on), paid.fixed_amount / cash.unit)
    np.add.at(got, (_row(cash, paid.fixed_pool, paid.fixed_day), on), paid.fixed_amount / cash.unit)
    pool = np.arange(len(owed)) // (2 * places)
    # Bucket 0, place 0 is the first of all days.
    got[np.arange(pools) * places, 0] += paid.own / cash.unit
    contract = Limit("", "contracts", "plan_keeps", cash.pools.contract[pool])
    most = np.where(cash.pools.funded[pool][:, None], -owed, np.inf)
    owed = np.where(cash.pools.funded[pool][:, None], owed, 0.0)
    share = np.repeat(owed, len(limits.share), axis=0) * np.tile(limits.share, len(owed))[:, None]
    waits = np.repeat(paid.waits, places)[:, None]
    single = Limit("", "contracts", "plan_keeps", np.repeat(cash.pools.contract, places))
    return [
        Rows(OWED, np.where(np.isfinite(most), most, -np.inf), most, contract, contract),
        Rows(SHARE, np.full(share.shape, -np.inf), share),
        Rows(CASH, np.where(waits, -got, -np.inf), np.where(waits, -got, np.inf), single, single),
        _at_most(ADVANCE, limits.advance / cash.unit, Limit("", "funds", "prefinancing")),
        _at_most(AMOUNT, limits.amount / cash.unit, Limit("", "funds", "amount")),
        _at_most(YEAR, limits.year / cash.unit, Limit("", "fund_budgets", "amount")),
    ]


def _at_most(group: str, most: Floats, limit: Limit) -> Rows:
    return Rows(group, np.full((len(most), 1), -np.inf), most[:, None], upper_limit=limit, whole=True)
