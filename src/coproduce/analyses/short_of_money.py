"""In which buckets contracts that wait for their money could not have spent more of it than the plan does."""

from __future__ import annotations

import numpy as np

from ..calendar import Floats
from ..cash import Cash
from ..network import Bools
from ..plan.assemble import Model

ADVANCE = 0
# Room below this share of the largest value of its kind is that of a solver's tolerance.
NONE_LEFT = 1e-6


def short_of_money(model: Model, x: Floats) -> Bools:
    """Return (pool, bucket) whether on some day of the bucket nothing more could be spent for the pool.

    In a linear programme a limit that leaves room on every day changes nothing by being lifted: the pool's waiting is
    then no reason for anything.
    """
    cash = model.network.cash
    pools, days = len(cash.pools.contract), cash.days
    result = np.zeros((pools, len(days.last)), dtype=bool)
    if not pools:
        return result
    activity = model.matrix @ x
    by_funds = _payable(cash, model, activity)
    by_buyers = _balances(cash, model, x) > NONE_LEFT * max(1.0, float(np.abs(cash.paid.fixed_amount).max(initial=0)))
    free = np.where(cash.pools.funded[:, None], by_funds, True) & np.where(cash.paid.waits[:, None], by_buyers, True)
    pool, day = np.nonzero(~free)
    result[pool, days.bucket[day]] = True
    return result


def _room(model: Model, activity: Floats, group: str) -> Floats:
    """Return (entity,) what is left of the upper bounds of rows for the whole horizon; infinite where none binds."""
    bounds = model.rows[group].upper
    at = [model.row_of(group, entity, 0) for entity in range(len(bounds))]
    left = np.array([np.inf if row < 0 else model.row_upper[row] - activity[row] for row in at], dtype=np.float64)
    return np.where(left > NONE_LEFT * np.maximum(np.abs(bounds[:, 0]), 1.0), left, 0.0)


def _payable(cash: Cash, model: Model, activity: Floats) -> Bools:
    """Return (pool, day) whether funds with room left could pay the whole of something more that is owed on the day."""
    lines, limits, days = cash.lines, cash.limits, cash.days
    ahead, later, yearly = (_room(model, activity, group) for group in ("fund_advance", "fund_amount", "fund_year"))
    fund_room = np.where(lines.how == ADVANCE, ahead[lines.fund], later[lines.fund]) > 0
    year_room = np.append(yearly, np.inf)[lines.year] > 0
    usable = lines.allowed & fund_room[:, None] & year_room
    pays = np.zeros((len(cash.pools.contract), len(days.bucket), len(limits.share)), dtype=bool)
    for line in np.flatnonzero(lines.account % 2 == 0).tolist():
        day = np.flatnonzero((days.place == lines.place[line]) & usable[line, days.bucket])
        pays[lines.account[line] // 2, day, lines.fund[line]] = True
    found: Bools = pays @ limits.share >= 1 - NONE_LEFT
    return found


def _balances(cash: Cash, model: Model, x: Floats) -> Floats:
    """Return (pool, day) the least that is left of what buyers paid from that day on, in the programme's currency."""
    days, columns = cash.days, model.columns["cash_balance"]
    kept = np.zeros((len(cash.pools.contract) * days.places, len(days.last)))
    kept[columns.entity, columns.bucket] = model.values("cash_balance", x) * cash.unit
    ordered = kept.reshape(len(cash.pools.contract), days.places, -1).transpose(0, 2, 1)
    flat = ordered.reshape(len(ordered), -1)
    least = np.minimum.accumulate(flat[:, ::-1], axis=1)[:, ::-1]
    found: Floats = least.reshape(ordered.shape)[:, days.bucket, days.place]
    return found
