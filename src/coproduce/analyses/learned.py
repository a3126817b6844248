"""Loads that fall with cumulative runs, held as a plan has them: so much a run in each bucket, whatever is lifted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..calendar import Floats, Ints, Shares
from ..network import Network
from ..plan.assemble import Model
from ..plan.curves import curves, runs_started, taken

# Fewer runs than this in a bucket say nothing about what one takes.
FEWEST = 1e-6


def loads_of_plan(model: Model, x: Floats) -> Floats:
    """Return (learned load, bucket) what a run takes: on average in the plan, or the next run where there is none."""
    network, learning = model.network, model.network.learning
    if not len(learning.load):
        return np.zeros((0, network.timeline.count))
    known = curves(network)
    runs = runs_started(network, model.columns["run"], model.values("run", x))[learning.process]
    total = learning.before[:, None] + np.cumsum(runs, axis=1)
    some = np.where(runs > FEWEST, runs, 1.0)
    before = np.where(runs > FEWEST, total - runs, total)
    load: Floats = (taken(network, known, before + some) - taken(network, known, before)) / some
    return load


def as_planned(network: Network, per_run: Floats) -> Network:
    """Return a network in which no load falls and each takes so much a run as in the plan.

    Parameters
    ----------
    per_run : (learned load, bucket) resource units per run
    """
    resources, load = network.resources, network.learning.load
    if not len(load):
        return network
    scaled = _scaled(resources.patterns, resources.load_pattern[load], per_run)
    quantity, pattern = resources.load_quantity.copy(), resources.load_pattern.copy()
    quantity[load], pattern[load] = 1.0, len(resources.patterns.first) + np.arange(len(load))
    none = {name: values[:0] for name, values in vars(network.learning).items()}
    return replace(
        network,
        resources=replace(resources, load_quantity=quantity, load_pattern=pattern, patterns=scaled),
        learning=replace(network.learning, **none),
    )


def _scaled(shares: Shares, pattern: Ints, factor: Floats) -> Shares:
    """Return patterns with one more for each of those given, its shares times the factor of the bucket of departure."""
    row = (pattern[:, None] * shares.count + np.arange(shares.count)).ravel()
    sizes = np.diff(shares.start)[row]
    entry = np.repeat(shares.start[row] - np.cumsum(sizes) + sizes, sizes) + np.arange(sizes.sum())
    return Shares(
        count=shares.count,
        start=np.concatenate([shares.start, shares.start[-1] + np.cumsum(sizes)]),
        bucket=np.concatenate([shares.bucket, shares.bucket[entry]]),
        share=np.concatenate([shares.share, shares.share[entry] * np.repeat(factor.ravel(), sizes)]),
        first=np.concatenate([shares.first, shares.first[pattern]]),
        last=np.concatenate([shares.last, shares.last[pattern]]),
    )
