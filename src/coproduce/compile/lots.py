"""Sizes of lots, orders, shipments and deliveries, rounded to the multiples that are asked."""

from __future__ import annotations

import numpy as np
import polars as pl

from ..calendar import Floats
from ..network import Bools, Lots
from ..tables import Tables
from .index import floats, positions

# A size this close to a multiple is one: sizes are written with few digits.
NEARLY = 1e-9


def lots_of(frame: pl.DataFrame, cost: Floats, set_up: Bools | None = None, joint: Bools | None = None) -> Lots:
    """Return the lots of a table with the columns `minimum_size`, `multiple_size` and `maximum_size`.

    Parameters
    ----------
    cost : (row,) currency per lot
    set_up : (row,) whether a lot takes of a resource beside what its runs take
    joint : (row,) whether it shares a set-up with others
    """
    minimum, multiple = floats(frame["minimum_size"], 0.0), floats(frame["multiple_size"], 0.0)
    maximum = floats(frame["maximum_size"], np.inf)
    step = np.where(multiple > 0, multiple, 1.0)
    rounded_up = np.where(multiple > 0, np.ceil(minimum / step - NEARLY) * step, minimum)
    with np.errstate(invalid="ignore"):
        rounded_down = np.where(multiple > 0, np.floor(maximum / step + NEARLY) * step, maximum)
    counted = (minimum > 0) | (cost > 0)
    if set_up is not None:
        counted |= set_up
    return Lots(
        rounded_up, multiple, rounded_down, cost, counted, np.zeros(len(frame), bool) if joint is None else joint
    )


def set_up_processes(tables: Tables) -> Bools:
    """Return (process,) whether a set-up takes of a resource."""
    loads = tables["loads"].filter(pl.col("setup_quantity") > 0)
    result = np.zeros(len(tables["processes"]), dtype=bool)
    result[positions(loads["process"], tables["processes"]["process"])] = True
    return result


def least_deliveries(demands: pl.DataFrame) -> Floats:
    """Return (demand,) the fewest units delivered in a bucket: at most the quantity, and all of it where asked."""
    quantity = floats(demands["quantity"], 0.0)
    least = np.minimum(floats(demands["minimum_shipment"], 0.0), quantity)
    return np.where(demands["all_or_nothing"].to_numpy(), quantity, least)
