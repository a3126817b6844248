"""A plan made ready for its stress test: settings, what is followed over time, and the study that chunks carry out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from ...analyses.carried_out import CarriedOut
from ...calendar import Timeline
from ...network import Bools, Network
from ...stress.activities import activities_of
from ...stress.chunk import with_quiet
from ...stress.periods import bucket_of_period
from ...stress.plan import Plan, spread_over_periods, whole_activities
from ...stress.policy import BaseStock, FollowPlan, Policy, planned_levels
from ...stress.study import Study, Window
from ...tables import Tables
from ..commitments import Provable, provable
from .settings import PolicyName, Settings


@dataclass(frozen=True)
class Curve:
    """Deliveries that are followed bucket by bucket: of an item, a tier or a customer."""

    scope: str
    name: str
    unit: str


@dataclass(frozen=True)
class Case:
    """A programme, its plan and the study made of them.

    Attributes
    ----------
    frames : result tables of the plan
    buckets : the buckets of the plan
    members : (curve, demand) the demands of each curve
    promises : those that deliveries prove or disprove; their deliveries are followed from the first bucket that counts
        to the end of each bucket from there on
    drills : ids of the risks that are drills
    """

    tables: Tables
    frames: Mapping[str, pl.DataFrame]
    settings: Settings
    buckets: Timeline
    study: Study
    curves: tuple[Curve, ...]
    members: Bools
    promises: tuple[Provable, ...]
    drills: frozenset[str]


def make_case(
    tables: Tables, frames: Mapping[str, pl.DataFrame], settings: Settings, drills: frozenset[str] = frozenset()
) -> Case:
    """Make a plan ready; drills are rows of the table `risks` whose ids are named.

    Parameters
    ----------
    frames : result tables of a plan of these tables
    """
    made = CarriedOut.of(tables, frames, settings.period_days, versions=settings.policy == "follow")
    network, plan = made.network, made.plan
    curves, members = _curves(tables)
    promises = provable(tables, frames)
    ids = tables["demands"]["demand"]
    sets = [np.asarray(ids.is_in(list(one.demands))) for one in promises]
    windows = [
        Window(len(curves) + row, one.first, last)
        for row, one in enumerate(promises)
        for last in range(one.first, plan.buckets.count)
    ]
    study = Study.of(
        network,
        plan,
        made.risks,
        _policy(network, plan, settings.policy),
        made.ranks,
        seed=settings.seed,
        members=np.concatenate([members, np.array(sets, dtype=bool).reshape(-1, len(ids))]),
        curves=len(curves),
        windows=windows,
        taken_apart=(min(settings.taken_apart, settings.replications), settings.replications),
    )
    return Case(tables, frames, settings, plan.buckets, with_quiet(study), curves, members, promises, drills)


def customers(demands: pl.DataFrame) -> pl.Series:
    """Return the customer of each demand: its party; without one the kind of demand."""
    return demands.select(pl.coalesce("party", pl.col("kind").cast(pl.String)).alias("customer")).to_series()


def _curves(tables: Tables) -> tuple[tuple[Curve, ...], Bools]:
    demands = tables["demands"]
    units = dict(tables["items"].select("item", "unit").iter_rows())
    unit_of = demands["item"].replace_strict(units, return_dtype=pl.String)
    names = {
        "item": demands["item"],
        "tier": demands["priority"].cast(pl.String),
        "customer": customers(demands),
    }
    curves, members = [], []
    for scope, of in names.items():
        for name in sorted(of.unique().to_list(), key=lambda one: (len(one), one) if scope == "tier" else (0, one)):
            member = np.asarray(of == name)
            units_here = unit_of.filter(pl.Series(member)).unique().to_list()
            curves.append(Curve(scope, name, units_here[0] if len(units_here) == 1 else "mixed"))
            members.append(member)
    return tuple(curves), np.array(members, dtype=bool).reshape(-1, len(demands))


def _policy(network: Network, plan: Plan, name: PolicyName) -> Policy:
    if name == "follow":
        return FollowPlan()
    bucket = bucket_of_period(network.timeline, plan.buckets)
    wanted = spread_over_periods(plan, network.timeline, bucket, whole_activities(network))
    return BaseStock(planned_levels(network, activities_of(network), wanted))
