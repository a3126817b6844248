"""The table of the money on which a plan waits, and what bridging costs."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import polars as pl

from ..calendar import Floats
from ..network import Network
from ..plan.assemble import Model
from ..tables import RESULT_TABLES, Tables

DRAW = "fund_draw"
HOW = ("advance", "direct", "request")
SEPARATOR = "; "


def bridging(network: Network, model: Model, x: Floats) -> Floats:
    """Return (fund,) the interest on what is owed before the money of the fund is there."""
    result = np.zeros(len(network.cash.limits.share))
    if DRAW in model.columns:
        draw, lines = model.columns[DRAW], network.cash.lines
        interest = lines.interest[draw.entity, draw.bucket] * model.values(DRAW, x) * network.cash.unit
        np.add.at(result, lines.fund[draw.entity], interest)
    return result


def planned_draws(tables: Tables, network: Network, model: Model, x: Floats) -> pl.DataFrame:
    """Return the table `planned_draws`, by contracts, type of cost, day, fund and arrival."""
    empty = RESULT_TABLES["planned_draws"].empty()
    if DRAW not in model.columns:
        return empty
    cash, draw = network.cash, model.columns[DRAW]
    values = model.values(DRAW, x) * cash.unit
    lines, days = cash.lines, cash.days
    date = np.zeros((days.places, len(days.last)), dtype=np.int64)
    date[days.place, days.bucket] = days.date
    contracts, funds = tables["contracts"], tables["funds"]["fund"].to_list()
    members = [contracts["contract"].filter(pl.Series(cash.pools.of == pool)).to_list() for pool in
               range(len(cash.pools.contract))]  # fmt: skip
    rows = []
    for at in np.flatnonzero(values > 0).tolist():
        line, bucket = int(draw.entity[at]), int(draw.bucket[at])
        pool, invests = divmod(int(lines.account[line]), 2)
        kind = contracts["cost_type"][int(cash.pools.contract[pool])]
        rows.append(
            (SEPARATOR.join(members[pool]), "investment" if invests else kind,
             _day(date[lines.place[line], bucket]), funds[lines.fund[line]], HOW[min(int(lines.how[line]), 2)],
             _day(lines.requested[line, bucket]), _day(lines.arrives[line, bucket]), float(values[at]),
             float(values[at] * lines.interest[line, bucket]))
        )  # fmt: skip
    frame = pl.DataFrame(rows, schema=empty.schema, orient="row")
    return frame.sort("contracts", "cost_type", "due", "arrives", "fund", maintain_order=True)


def _day(number: int) -> datetime:
    return datetime.fromordinal(int(number))
