"""The work that runs are, in the measure and the periods of every work share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from ..block import Columns
from ..calendar import Floats, Ints
from ..network import Network
from .loading import loading, loads_of


@dataclass(frozen=True)
class Work:
    """What columns of one kind add to the work of a share in a period, in all and at the partner's sites.

    Attributes
    ----------
    share, period, column : (entry,)
    everywhere, own : (entry,) currency or hours per unit of the column
    """

    kind: str
    measure: str
    share: Ints
    period: Ints
    column: Ints
    everywhere: Floats
    own: Floats


def work(network: Network, columns: Mapping[str, Columns]) -> Iterator[Work]:
    """Yield the work of runs by value, and of runs and set-ups by hours."""
    shares = network.agreements.shares
    if not len(shares.least):
        return
    yield _by_value(network, columns["run"])
    for kind, per in loading(network).items():
        if kind in columns:
            yield _by_hours(network, columns[kind], per)


def _by_value(network: Network, runs: Columns) -> Work:
    shares = network.agreements.shares
    period = shares.period[:, runs.bucket]
    counts = shares.by_value[:, None] & shares.scope[:, runs.entity] & (period >= 0)
    share, column = np.nonzero(counts)
    process = runs.entity[column]
    value = shares.value[process, runs.bucket[column]]
    return Work(runs.kind, "value", share, period[share, column], column, value, value * shares.own[share, process])


def _by_hours(network: Network, columns: Columns, per: Floats) -> Work:
    shares = network.agreements.shares
    resource, bucket, column, quantity = loads_of(network, columns, per)
    period = shares.period[:, bucket]
    counts = shares.hours[:, resource] & shares.scope[:, columns.entity[column]] & (period >= 0)
    share, entry = np.nonzero(counts)
    hours = quantity[entry]
    own = hours * shares.own_hours[share, resource[entry]]
    return Work(columns.kind, "hours", share, period[share, entry], column[entry], hours, own)
