"""The table of joint set-ups, and what they cost."""

from __future__ import annotations

import numpy as np
import polars as pl

from ..block import COST
from ..calendar import Floats, Ints
from ..network import Network
from ..plan.assemble import Model
from ..plan.setups import SET_UP
from ..tables import RESULT_TABLES
from .names import Names, declared, pick


def _made(model: Model, x: Floats) -> Ints:
    """Return the columns of the set-ups that are made."""
    return np.flatnonzero(np.rint(model.values(SET_UP, x)) > 0)


def setups(network: Network, model: Model, names: Names, x: Floats) -> pl.DataFrame:
    """Return the table `setups`."""
    if SET_UP not in model.columns:
        return RESULT_TABLES["setups"].empty()
    columns, at = model.columns[SET_UP], _made(model, x)
    group = columns.entity[at]
    return declared(
        "setups",
        setup_group=pick(names.setup_group, group),
        site=pick(names.site, network.setup_groups.site[group]),
        bucket=columns.bucket[at],
        cost=columns.stages[COST][at],
    )


def setup_costs(network: Network, model: Model, x: Floats) -> Floats:
    """Return (group,) what its set-ups cost, without the resources that they use."""
    groups = network.setup_groups
    if SET_UP not in model.columns:
        return np.zeros(len(groups.cost))
    count = np.bincount(model.columns[SET_UP].entity[_made(model, x)], minlength=len(groups.cost))
    return count * groups.cost
