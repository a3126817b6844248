"""The table of costs: what the plan costs, by kind and by the row that it comes from."""

from __future__ import annotations

import numpy as np
import polars as pl

from ..calendar import Floats
from ..network import Network
from ..plan.assemble import Model
from ..plan.grown import Grown
from .cash import bridging
from .lots import lot_counts
from .movements import Movements
from .names import Names, declared, pick
from .served import Served
from .setups import setup_costs
from .stability import change_costs


def costs(
    network: Network, model: Model, moved: Movements, given: Served, names: Names, plan: Grown, x: Floats
) -> pl.DataFrame:
    """Return the table `costs`; amounts of zero are left out."""
    nodes = network.nodes
    lanes = network.lanes

    def spent(kind: str, prices: Floats, entities: int) -> Floats:
        columns = model.columns[kind]
        return np.bincount(columns.entity, weights=model.values(kind, x), minlength=entities) * prices

    def lots(kind: str, prices: Floats) -> Floats:
        """Return what the lots of each entity cost, without the resources of set-ups."""
        count = np.nan_to_num(lot_counts(model, kind, x)[0])
        return np.bincount(model.columns[kind].entity, weights=count, minlength=len(prices)) * prices

    freight = np.zeros(len(lanes.cost))
    arc_lots = lots("ship", lanes.lots.cost[lanes.arc_lane])
    np.add.at(freight, lanes.arc_lane, spent("ship", lanes.cost[lanes.arc_lane], len(lanes.arc_lane)) + arc_lots)
    holding = (moved.closing * nodes.holding_cost[:, None] * network.timeline.days).sum(axis=1)
    places = pl.select(
        pl.concat_str(pick(names.item, nodes.item), pick(names.site, nodes.site), separator="/")
    ).to_series()
    parts = [
        (
            "process",
            names.process,
            spent("run", network.processes.cost, len(names.process)) + lots("run", network.processes.lots.cost),
        ),
        ("setup", names.setup_group, setup_costs(network, model, x)),
        ("resource", names.resource, moved.planned.sum(axis=1) * network.resources.cost),
        ("transport", names.lane, freight),
        (
            "purchase",
            names.supply,
            spent("buy", network.supplies.price, len(names.supply)) + lots("buy", network.supplies.lots.cost),
        ),
        ("option", names.option, (plan.bought * network.growth.options.cost).sum(axis=1)),
        ("overtime", names.resource, plan.overtime.sum(axis=1) * network.growth.overtime_cost),
        ("holding", places, holding),
        ("bridging", names.fund, bridging(network, model, x)),
        ("write_off", places, moved.by_purpose["written_off"].sum(axis=1) * network.versions.loss),
        ("terminal_value", places, -moved.closing[:, -1] * nodes.terminal_value),
    ]
    parts += change_costs(network, model, given, names, x)
    if network.money:
        parts += _money(network, names, given)
    frames = [
        declared("costs", kind=[kind] * len(ids), entity=ids, amount=amount).filter(pl.col("amount") != 0)
        for kind, ids, amount in parts
    ]
    return pl.concat(frames)


def _money(network: Network, names: Names, given: Served) -> list[tuple[str, pl.Series, Floats]]:
    """Return lateness, loss and income of demands."""
    demands = network.demands
    size = len(demands.node)
    late_unit_days = np.bincount(given.demand, weights=given.quantity * given.late_days, minlength=size)
    delivered = np.bincount(given.demand, weights=given.quantity, minlength=size)
    return [
        ("lateness", names.demand, demands.late_cost * (late_unit_days + given.unmet * demands.unmet_days)),
        ("unmet", names.demand, demands.unmet_cost * given.unmet),
        ("income", names.demand, -demands.price * delivered),
    ]
