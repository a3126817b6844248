"""What runs and set-ups take of resources, whoever asks: capacities, reservations, shares of hours."""

from __future__ import annotations

import numpy as np

from ..block import Columns
from ..calendar import Floats, Ints
from ..network import Network
from .curves import Curves
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


def segment_loads(network: Network, known: Curves, learned: Columns) -> tuple[Ints, Ints, Ints, Floats]:
    """Return resource, bucket, column and quantity of what runs in segments take beside what runs take anyway."""
    resources = network.resources
    load = network.learning.load[known.line]
    beside = np.maximum(known.load - resources.load_quantity[load], 0.0)
    line, column = columns_of(known.segment, learned, len(known.process))
    which, bucket, share = arrivals(resources.patterns, resources.load_pattern[load[line]], learned.bucket[column])
    line, column = line[which], column[which]
    return resources.load_resource[load[line]], bucket, column, beside[line] * share


def begun_loads(network: Network, begin: Columns) -> tuple[Ints, Ints, Ints, Ints, Floats, Floats]:
    """Return load, resource, bucket, column, quantity and unit cost of every load term; at once without duration."""
    milestones, edges = network.growth.milestones, network.timeline.edges
    load, column = np.nonzero(milestones.load_milestone[:, None] == begin.entity[None, :])
    first = edges[begin.bucket[column]]
    length = milestones.duration[begin.entity[column]]
    overlap = np.minimum((first + length)[:, None], edges[1:]) - np.maximum(first[:, None], edges[:-1])
    at_once = begin.bucket[column][:, None] == np.arange(network.timeline.count)
    share = np.where((length > 0)[:, None], np.maximum(overlap, 0) / np.maximum(length, 1)[:, None], at_once)
    term, bucket = np.nonzero(share > 0)
    load, column = load[term], column[term]
    resource = milestones.load_resource[load]
    return (
        load,
        resource,
        bucket,
        column,
        milestones.load_quantity[load] * share[term, bucket],
        network.resources.cost[resource],
    )
