"""What the plan costs, computed anew from the input tables: by row, and by kind and entity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from ..tables import Tables
from .arrays import Floats, floats, positions, total
from .clock import Clock
from .loads import ResourceUse
from .replay import Movements
from .rows import Nodes, PlanRows
from .service import Service


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
    """Cost of every known row of runs, shipments and purchases, and of every item-site and bucket."""

    runs: Floats
    run_resources: Floats
    shipments: Floats
    purchases: Floats
    holding: Floats

    @property
    def runs_with_resources(self) -> Floats:
        """(runs,) cost of runs and of the resources that they load inside the horizon."""
        return self.runs + self.run_resources


def row_costs(
    tables: Tables, clock: Clock, plan: PlanRows, nodes: Nodes, moves: Movements, use: ResourceUse
) -> RowCosts:
    """Compute the cost of every row."""
    load_cost = use.inside * converted(tables, "resources", "cost")[use.resource]
    stocks = tables["stocks"]
    rate = np.zeros(nodes.count)
    rate[nodes.find(stocks["item"], stocks["site"])] = converted(tables, "stocks", "holding_cost")
    return RowCosts(
        runs=plan.runs.quantity * converted(tables, "processes", "cost")[plan.runs.entity],
        run_resources=total(len(plan.runs.at), use.run, load_cost),
        shipments=plan.shipments.quantity * converted(tables, "lanes", "cost")[plan.shipments.entity],
        purchases=plan.purchases.quantity * converted(tables, "supplies", "price")[plan.purchases.entity],
        holding=rate[:, None] * moves.closing * clock.days / 365.0,
    )


Ledger = Mapping[str, tuple[pl.Series, Floats]]
"""By kind of cost: the ids of the entities and their amounts."""


def ledger(
    tables: Tables,
    plan: PlanRows,
    nodes: Nodes,
    moves: Movements,
    use: ResourceUse,
    served: Service,
    costs: RowCosts,
) -> Ledger:
    """Sum the costs by kind and entity; those of demands only where the objective is money."""
    processes, lanes, supplies = tables["processes"], tables["lanes"], tables["supplies"]
    resource_cost = converted(tables, "resources", "cost")
    amounts: dict[str, tuple[pl.Series, Floats]] = {
        "process": (processes["process"], total(len(processes), plan.runs.entity, costs.runs)),
        "resource": (
            tables["resources"]["resource"],
            resource_cost * total(len(resource_cost), use.resource, use.inside),
        ),
        "transport": (lanes["lane"], total(len(lanes), plan.shipments.entity, costs.shipments)),
        "purchase": (supplies["supply"], total(len(supplies), plan.purchases.entity, costs.purchases)),
    }
    amounts |= _stock_amounts(tables, nodes, moves, costs)
    amounts |= _demand_amounts(tables, served) if tables.programme.objective == "money" else _no_demand_amounts()
    return amounts


def _stock_amounts(
    tables: Tables, nodes: Nodes, moves: Movements, costs: RowCosts
) -> dict[str, tuple[pl.Series, Floats]]:
    stocks = tables["stocks"]
    at = nodes.find(stocks["item"], stocks["site"])
    names = stocks["item"] + "/" + stocks["site"]
    left = moves.closing[at, -1]
    return {
        "holding": (names, costs.holding[at].sum(axis=1)),
        "terminal_value": (names, -converted(tables, "stocks", "terminal_value") * left),
    }


def _demand_amounts(tables: Tables, served: Service) -> dict[str, tuple[pl.Series, Floats]]:
    names = tables["demands"]["demand"]
    return {
        "lateness": (names, converted(tables, "demands", "late_cost") * served.late_unit_days),
        "unmet": (names, converted(tables, "demands", "unmet_cost") * served.unmet),
        "income": (names, -converted(tables, "demands", "price") * served.delivered),
    }


def _no_demand_amounts() -> dict[str, tuple[pl.Series, Floats]]:
    nothing = pl.Series([], dtype=pl.String), np.empty(0)
    return dict.fromkeys(("lateness", "unmet", "income"), nothing)
