"""What the plan costs, computed anew from the input tables: by row, and by kind and entity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from ..tables import Tables
from .arrays import Floats, floats, positions, total
from .clock import DAY, Clock
from .growth import Growth
from .loads import ResourceUse
from .lots import COSTS
from .replay import Movements
from .rows import Nodes, PlanRows, Rows
from .service import Service
from .stability import TABLES, Against
from .versions import losses


def exchange_rates(tables: Tables) -> Mapping[str, float]:
    """Return what one unit of each currency is worth in the programme's.

    The last rate dated on or before the start holds, or else the undated one.
    """
    programme = tables.programme
    rates = tables["exchange_rates"]
    undated = rates.filter(pl.col("date").is_null())
    dated = rates.filter(pl.col("date") <= programme.start).sort("date", maintain_order=True)
    worth: dict[str, float] = {}
    for frame in (undated, dated):
        worth.update(zip(frame["currency"], frame["rate"], strict=True))
    return {**worth, programme.currency: 1.0}


def converted(tables: Tables, table: str, column: str) -> Floats:
    """Return an amount of an input table in the programme's currency; NaN where there is no exchange rate."""
    frame, worth = tables[table], exchange_rates(tables)
    currencies = frame["currency"].fill_null(tables.programme.currency)
    at = positions(currencies, pl.Series(list(worth), dtype=pl.String))
    rates = np.array([*worth.values(), np.nan])[at]
    amount = floats(frame[column])
    return np.where(amount == 0, 0.0, amount * rates)


@dataclass(frozen=True)
class RowCosts:
    """Cost of every known row of runs, shipments, purchases and investments, and of every item-site and bucket.

    `holding_scale` is what it would cost to hold all that the stock is the difference of, and at least one unit.
    """

    runs: Floats
    run_resources: Floats
    shipments: Floats
    purchases: Floats
    holding: Floats
    holding_scale: Floats
    investments: Floats

    @property
    def runs_with_resources(self) -> Floats:
        """(runs,) cost of runs and of the resources that they load inside the horizon."""
        return self.runs + self.run_resources


def row_costs(
    tables: Tables,
    clock: Clock,
    plan: PlanRows,
    nodes: Nodes,
    moves: Movements,
    use: ResourceUse,
    growth: Growth,
) -> RowCosts:
    """Compute the cost of every row."""
    load_cost = use.inside * converted(tables, "resources", "cost")[use.resource]
    stocks = tables["stocks"]
    rate = np.zeros(nodes.count)
    rate[nodes.find(stocks["item"], stocks["site"])] = converted(tables, "stocks", "holding_cost")
    per_unit = rate[:, None] * clock.days / 365.0
    return RowCosts(
        runs=_priced(tables, "processes", "cost", plan.runs),
        run_resources=total(len(plan.runs.at), use.run, load_cost),
        shipments=_priced(tables, "lanes", "cost", plan.shipments),
        purchases=_priced(tables, "supplies", "price", plan.purchases),
        holding=per_unit * moves.closing,
        holding_scale=per_unit * np.maximum(moves.throughput, 1.0),
        investments=_investments(tables, clock, growth),
    )


def _investments(tables: Tables, clock: Clock, growth: Growth) -> Floats:
    """Return the price of every investment, and what it costs to run while it is in effect inside the horizon."""
    bought = growth.bought
    price, daily = (converted(tables, "options", column)[bought.option] for column in ("cost", "running_cost"))
    days = np.maximum(np.minimum(bought.until, clock.horizon) - np.minimum(bought.effect, clock.horizon), 0) / DAY
    cost: Floats = bought.number * (price + daily * days)
    return cost


def _priced(tables: Tables, table: str, price: str, rows: Rows) -> Floats:
    """Return the cost of rows: a price for every run or unit, and one for every lot."""
    per_unit, per_lot = (converted(tables, table, column)[rows.entity] for column in (price, COSTS[table]))
    return rows.quantity * per_unit + np.nan_to_num(rows.lots) * per_lot


@dataclass(frozen=True)
class Account:
    """Costs of one kind.

    Attributes
    ----------
    ids : (entities,) what the costs are of
    amount : (entities,) the costs
    scale : (entities,) price x the largest quantity that enters, and at least one unit: a quantity is known to a
        share of that alone, so that an amount can be known no better, however high the price
    """

    ids: pl.Series
    amount: Floats
    scale: Floats


Ledger = Mapping[str, Account]
"""By kind of cost: its account."""


def ledger(
    tables: Tables,
    plan: PlanRows,
    nodes: Nodes,
    moves: Movements,
    use: ResourceUse,
    served: Service,
    costs: RowCosts,
    growth: Growth,
    compared: Against,
) -> Ledger:
    """Sum the costs by kind and entity; those of demands only where the objective is money."""
    accounts = _activity_accounts(tables, plan, use, costs, growth) | _stock_accounts(tables, plan, nodes, moves, costs)
    accounts |= _change_accounts(tables, compared) | {"bridging": _bridged(plan)}
    return accounts | (_demand_accounts(tables, served) if tables.programme.objective == "money" else _NO_DEMANDS)


def _activity_accounts(
    tables: Tables, plan: PlanRows, use: ResourceUse, costs: RowCosts, growth: Growth
) -> dict[str, Account]:
    """Return the costs that are sums over rows of the plan: nothing is subtracted, so they are their own scale."""
    processes, lanes, supplies = tables["processes"], tables["lanes"], tables["supplies"]
    resources = tables["resources"]
    inside = total(len(resources), use.resource, use.inside) + (use.reaching + use.set_up).sum(axis=1)
    groups, set_ups = tables["setup_groups"], plan.set_ups
    set_up_cost = np.bincount(set_ups.group, minlength=len(groups)) * converted(tables, "setup_groups", "cost")
    load_cost = converted(tables, "resources", "cost") * inside
    overtime_cost = converted(tables, "resources", "overtime_cost") * use.overtime.sum(axis=1)
    options = tables["options"]["option"]
    return {
        "process": _summed(processes["process"], total(len(processes), plan.runs.entity, costs.runs)),
        "setup": _summed(groups["setup_group"], set_up_cost),
        "resource": _summed(resources["resource"], load_cost),
        "option": _summed(options, total(len(options), growth.bought.option, costs.investments)),
        "overtime": _summed(resources["resource"], overtime_cost),
        "transport": _summed(lanes["lane"], total(len(lanes), plan.shipments.entity, costs.shipments)),
        "purchase": _summed(supplies["supply"], total(len(supplies), plan.purchases.entity, costs.purchases)),
    }


def _change_accounts(tables: Tables, compared: Against) -> dict[str, Account]:
    """Return what changes of the baseline cost."""
    found = {}
    for kind, part in compared.kinds.items():
        ids = tables[TABLES[kind]]
        sums = (total(len(ids), part.entity, amount.sum(axis=1)) for amount in (part.cost, part.scale))
        found[f"changed_{kind}"] = Account(ids[ids.columns[0]], *sums)
    return found


def _summed(ids: pl.Series, amount: Floats) -> Account:
    return Account(ids, amount, np.abs(amount))


def _bridged(plan: PlanRows) -> Account:
    """Return what bridging costs, by fund."""
    summed = plan.draws.group_by("fund", maintain_order=True).agg(pl.col("bridging").sum())
    return _summed(summed["fund"], floats(summed["bridging"]))


def _written_off(tables: Tables, plan: PlanRows) -> Account:
    """Return what write-offs lose, by item and site."""
    frame = plan.changes.write_offs
    entity = pl.concat_str("item", "site", separator="/")
    rows = frame.select(entity=entity, amount=pl.Series(write_off_loss(tables, frame), dtype=pl.Float64))
    summed = rows.group_by("entity", maintain_order=True).agg(pl.col("amount").sum())
    return _summed(summed["entity"], floats(summed["amount"]))


def write_off_loss(tables: Tables, frame: pl.DataFrame) -> Floats:
    """Return the loss of every row of the table `write_offs`."""
    worth, recovered = converted(tables, "items", "unit_value"), converted(tables, "stocks", "write_off_value")
    return floats(frame["quantity"]) * losses(tables, worth, recovered, frame["item"], frame["site"])


def _stock_accounts(
    tables: Tables, plan: PlanRows, nodes: Nodes, moves: Movements, costs: RowCosts
) -> dict[str, Account]:
    stocks = tables["stocks"]
    at = nodes.find(stocks["item"], stocks["site"])
    names = stocks["item"] + "/" + stocks["site"]
    value = converted(tables, "stocks", "terminal_value")
    most = np.maximum(moves.throughput[at, -1], 1.0)
    return {
        "write_off": _written_off(tables, plan),
        "holding": Account(names, costs.holding[at].sum(axis=1), costs.holding_scale[at].sum(axis=1)),
        "terminal_value": Account(names, -value * moves.closing[at, -1], value * most),
    }


def _demand_accounts(tables: Tables, served: Service) -> dict[str, Account]:
    names = tables["demands"]["demand"]
    late_cost, unmet_cost, price = (
        converted(tables, "demands", column) for column in ("late_cost", "unmet_cost", "price")
    )
    most = np.maximum(served.asked, 1.0)
    return {
        "lateness": Account(names, late_cost * served.late_unit_days, late_cost * most * served.unmet_late_days),
        "unmet": Account(names, unmet_cost * served.unmet, unmet_cost * most),
        "income": Account(names, -price * served.delivered, price * most),
    }


_NO_DEMANDS = dict.fromkeys(
    ("lateness", "unmet", "income"), Account(pl.Series([], dtype=pl.String), np.empty(0), np.empty(0))
)
