"""A plan read back from its tables, as values of the columns of the planner's model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from ..block import TIDY
from ..calendar import Floats, Ints
from ..compile import compile_network
from ..compile.index import positions
from ..errors import AnalysisError
from ..network import Bools, Network
from ..plan.assemble import Model, assemble
from ..plan.duality import FEASIBLE, Bounds, Held, violation
from ..plan.grown import Grown, grown_by
from ..plan.highs import Highs, Method, Outcome
from ..plan.setups import SET_UP
from ..stress.plan import read_plan
from ..tables import Tables
from .learned import as_planned, loads_of_plan

DECIDED = ("begin", "invest", "opening")
"""Kinds of column that stay as the plan has them throughout: milestones, options and what opens with them."""

# What tables hold of a plan may be off by rounding, relative to 1 + the value; wider rooms are tried last.
_ROOMS = (1e-9, 1e-7, 1e-6)
_METHODS = (Method("simplex"), Method("ipx", presolve=False, iterations=20_000, primal=True))


@dataclass(frozen=True)
class Planned:
    """A plan and the model that it is a plan of, with learned loads as the plan has them.

    Attributes
    ----------
    x : (column,) values; whole numbers of lots are fractions here, those of options, milestones and joint set-ups
        are whole
    """

    model: Model
    x: Floats


def planned(tables: Tables, frames: Mapping[str, pl.DataFrame], threads: int = 0) -> Planned:
    """Return the plan whose tables are given.

    Orders, runs, shipments, deliveries, options and milestones are those of the tables; all else that the model
    counts, such as stocks and backlogs, follows from them.

    Parameters
    ----------
    frames : result tables of the plan by name

    Raises
    ------
    AnalysisError
        if the tables do not hold a plan of this programme.
    """
    model = assemble(compile_network(tables))
    chosen = _chosen(tables, model, frames)
    if len(model.network.learning.load):
        model = assemble(as_planned(model.network, loads_of_plan(model, np.nan_to_num(chosen))))
        chosen = _chosen(tables, model, frames)
    for room in _ROOMS:
        x = _completed(model, chosen, room, threads)
        if x is not None:
            return Planned(model, x)
    raise AnalysisError("the tables of the plan do not fit its programme; plan it again")


def learned_in(tables: Tables, frames: Mapping[str, pl.DataFrame]) -> Floats:
    """Return (learned load, bucket) what a run takes in a plan, on average."""
    model = assemble(compile_network(tables))
    return loads_of_plan(model, np.nan_to_num(_chosen(tables, model, frames)))


def _chosen(tables: Tables, model: Model, frames: Mapping[str, pl.DataFrame]) -> Floats:
    """Return (column,) what the tables say; NaN for what follows from it."""
    network = model.network
    quantity = read_plan(tables, network, frames).quantity
    sizes = [len(network.supplies.node), len(network.processes.site), len(network.lanes.arc_lane)]
    bought, run, shipped, delivered = np.split(quantity, np.cumsum(sizes))
    grids = {"buy": bought, "run": run, "ship": shipped, "deliver": delivered, **_decisions(tables, model, frames)}
    grids[SET_UP] = _set_ups(tables, network, frames)
    series = network.demands.series
    grids["pool"] = np.zeros((len(network.demands.series_head), network.timeline.count))
    np.add.at(grids["pool"], series[series >= 0], delivered[series >= 0])
    result = np.full(len(model.lower), np.nan)
    for kind, grid in grids.items():
        if kind in model.columns:
            columns = model.columns[kind]
            model.values(kind, result)[:] = grid[columns.entity, columns.bucket]
    return result


def _set_ups(tables: Tables, network: Network, frames: Mapping[str, pl.DataFrame]) -> Floats:
    """Return (group, bucket) whether the plan makes a joint set-up."""
    made = np.zeros((len(network.setup_groups.site), network.timeline.count))
    if "setups" in frames:
        rows = frames["setups"]
        group = positions(rows["setup_group"], tables["setup_groups"]["setup_group"])
        made[group, rows["bucket"].to_numpy()] = 1.0
    return made


def _decisions(tables: Tables, model: Model, frames: Mapping[str, pl.DataFrame]) -> dict[str, Floats]:
    """Return what was bought, what the plan begins, and what opens with that, each (entity, bucket)."""
    network = model.network
    plan = grown_in(tables, network, frames)
    begun, opened = (
        np.zeros((len(plan.begin), network.timeline.count)),
        np.zeros(network.growth.openings.amount.shape[:2]),
    )
    decided = np.flatnonzero(network.growth.milestones.decided & (plan.begin < network.timeline.horizon))
    begun[decided, network.timeline.bucket_of(plan.begin[decided])] = 1.0
    opens = np.flatnonzero(plan.opened >= 0)
    opened[opens, plan.opened[opens]] = 1.0
    return {"invest": plan.bought.astype(np.float64), "begin": begun, "opening": opened}


def grown_in(tables: Tables, network: Network, frames: Mapping[str, pl.DataFrame]) -> Grown:
    """Return what has grown in a plan, on the buckets of the plan or on periods nested in them.

    Parameters
    ----------
    network : the programme; its buckets begin wherever those of the plan do
    frames : result tables of the plan by name
    """
    growth, timeline = network.growth, network.timeline

    def starting(dates: pl.Series) -> Ints:
        return timeline.first_open(timeline.seconds_of(dates, 0))

    bought = np.zeros((len(growth.options.maximum), timeline.count), dtype=np.int64)
    made = frames["investments"]
    option = positions(made["option"], tables["options"]["option"])
    np.add.at(bought, (option, starting(made["ordered"])), made["quantity"].to_numpy())
    begun = np.zeros((len(growth.milestones.begin), timeline.count))
    decided = frames["milestone_plan"].filter((pl.col("decided") == "decided") & pl.col("begin").is_not_null())
    begun[positions(decided["milestone"], tables["milestones"]["milestone"]), starting(decided["begin"])] = 1.0
    return grown_by(network, begun, bought, np.zeros(network.resources.amount.shape))


def kept(tables: Tables, model: Model, frames: Mapping[str, pl.DataFrame]) -> Iterator[Model]:
    """Yield models in which a plan stays as it is and more can be bought and begun, with wider and wider rooms.

    Orders, runs, shipments and deliveries are those of the plan; options that it buys and milestones that it begins
    stay where they are.

    Parameters
    ----------
    model : model of the programme that the plan is of
    frames : result tables of the plan by name
    """
    chosen, decided = _chosen(tables, model, frames), _is_decided(model)
    for room in _ROOMS:
        lower, upper = _around(model, chosen, decided, room)
        yield replace(model, lower=lower, upper=np.where(decided, model.upper, upper))


def _is_decided(model: Model) -> Bools:
    """Return (column,) whether it is of a kind that stays as the plan has it throughout."""
    result = np.zeros(len(model.lower), dtype=bool)
    for kind in DECIDED:
        if kind in model.columns:
            model.values(kind, result)[:] = True
    return result


def _around(model: Model, chosen: Floats, exact: Bools, room: float) -> tuple[Floats, Floats]:
    """Return the bounds of all columns around the values that are known."""
    known, width = ~np.isnan(chosen), np.where(exact, 0.0, room * (1 + np.abs(chosen)))
    return (
        np.where(known, np.clip(chosen - width, model.lower, model.upper), model.lower),
        np.where(known, np.clip(chosen + width, model.lower, model.upper), model.upper),
    )


def _completed(model: Model, chosen: Floats, room: float, threads: int) -> Floats | None:
    """Return the values of all columns around those that are known; None where there are none."""
    bounds = Bounds(*_around(model, chosen, _is_decided(model), room), model.row_lower, model.row_upper)
    whole = replace(model, integer=np.zeros(len(chosen), dtype=bool))
    costs, held = model.objective(TIDY), Held(bounds, (), 0)
    for method in _METHODS:
        result = Highs(whole, costs, held, threads).solve(method, np.inf, None)
        sound = result.outcome is not Outcome.INFEASIBLE and np.isfinite(result.x).all()
        if sound and violation(model.matrix, bounds, (), result.x, model.matrix @ result.x) <= FEASIBLE:
            return np.clip(result.x, bounds.lower, bounds.upper)
    return None
