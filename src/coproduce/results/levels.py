"""The four levels of output of a process: nameplate, funded, qualified, actual."""

from __future__ import annotations

import numpy as np
import polars as pl

from ..calendar import Floats
from ..network import Network
from ..plan.assemble import Model
from ..plan.grown import Grown, lets_through, rate_in_plan
from .names import Names, declared, pick


def output_levels(network: Network, model: Model, names: Names, plan: Grown, x: Floats) -> pl.DataFrame:
    """Return the table `output_levels`, for processes with a rate limit or a load, each as if alone on its resources."""
    processes, count = network.processes, network.timeline.count
    per_run = _per_run(network)
    limited = np.flatnonzero(np.isfinite(network.growth.full_rate).all(axis=1) | (per_run > 0).any(axis=1))
    through = _open(network, plan, options_only=True), _open(network, plan, options_only=False)
    levels = (
        np.minimum(network.growth.full_rate, _alone(per_run, _nameplate(network))),
        np.where(through[0], np.minimum(network.growth.full_rate, _alone(per_run, _funded(network, plan))), 0.0),
        np.where(through[1], np.minimum(rate_in_plan(network, plan), _alone(per_run, plan.capacity)), 0.0),
    )
    runs = model.columns["run"]
    actual = np.zeros(processes.amount.shape)
    actual[runs.entity, runs.bucket] = model.values("run", x)
    entity = np.repeat(limited, count)
    return declared(
        "output_levels",
        process=pick(names.process, entity),
        site=pick(names.site, processes.site[entity]),
        bucket=np.tile(np.arange(count), len(limited)),
        nameplate=levels[0][limited].ravel(),
        funded=levels[1][limited].ravel(),
        qualified=levels[2][limited].ravel(),
        actual=actual[limited].ravel(),
    )


def _per_run(network: Network) -> Floats:
    """Return (process, resource) resource units per run."""
    resources = network.resources
    result = np.zeros((len(network.processes.site), len(resources.site)))
    np.add.at(result, (resources.load_process, resources.load_resource), resources.load_quantity)
    return result


def _alone(per_run: Floats, capacity: Floats) -> Floats:
    """Return (process, bucket) the runs that capacity allows a process that has its resources to itself."""
    result = np.full((len(per_run), capacity.shape[1]), np.inf)
    for process, resource in np.argwhere(per_run > 0):
        result[process] = np.minimum(result[process], capacity[resource] / per_run[process, resource])
    return result


def _nameplate(network: Network) -> Floats:
    options, result = network.growth.options, network.growth.full_capacity.copy()
    np.add.at(result, options.line_resource, options.line_full * options.maximum[options.line_option][:, None])
    return result


def _funded(network: Network, plan: Grown) -> Floats:
    options, result = network.growth.options, network.growth.full_capacity.copy()
    for line, (option, resource) in enumerate(zip(options.line_option, options.line_resource, strict=True)):
        result[resource] += plan.bought[option] @ options.line_plain[line]
    return result


def _open(network: Network, plan: Grown, *, options_only: bool) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    """Return (process, bucket) whether runs may start: its options in effect, and, if asked, window and milestones."""
    processes, gates, bucket = network.processes, network.growth.gates["run"], np.arange(network.timeline.count)
    result = np.ones(processes.amount.shape, dtype=bool)
    if not options_only:
        result = (bucket >= processes.first[:, None]) & (bucket < processes.until[:, None])
    through = lets_through(network, gates, plan.reached, plan.bought, ended=True)
    for gate in range(len(gates)):
        if not options_only or gates.option[gate] >= 0:
            result[gates.entity[gate]] &= through[gate]
    return result
