"""What runs and set-ups take of resources, whoever asks: capacities, reservations, shares of hours."""

from __future__ import annotations

from ..block import Columns
from ..calendar import Floats, Ints
from ..network import Network
from .expand import arrivals, columns_of


def loads_of(network: Network, columns: Columns, per: Floats) -> tuple[Ints, Ints, Ints, Floats]:
    """Return resource, bucket, column and quantity of every load of columns whose entities are processes.

    Parameters
    ----------
    per : (load,) resource units per unit of a column: of a run, or of a lot
    """
    resources = network.resources
    load, column = columns_of(resources.load_process, columns, len(network.processes.site))
    used = per[load] > 0
    load, column = load[used], column[used]
    which, bucket, share = arrivals(resources.patterns, resources.load_pattern[load], columns.bucket[column])
    load = load[which]
    return resources.load_resource[load], bucket, column[which], per[load] * share


def loading(network: Network) -> dict[str, Floats]:
    """Return the kinds of column that load resources, each with (load,) what one unit takes."""
    return {"run": network.resources.load_quantity, "run_lots": network.resources.load_setup}
