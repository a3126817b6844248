"""What a simulation gives: frozen arrays whose last axis is the replication."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..calendar import Floats, Ints
from ..network import Bools
from .events import Events


@dataclass(frozen=True)
class Simulation:
    """Counts of every replication, as defined in `docs/stress.md`.

    Attributes
    ----------
    replication : (replication,) numbers
    asked, delivered, in_time : (demand, replication) units
    late_days : (demand, replication) unit-days
    last : (demand, replication) period of the last delivery, -1 for none
    short_periods : (demand, replication) periods that ended with something due and not delivered
    by_group : (group, bucket, replication) units delivered; the groups are tiers unless others were given
    stock, owed : (node, replication) mean units on stock and owed, over the horizon
    amount : (activity, replication) units ordered, runs, units shipped and delivered
    backlog : (activity, replication) mean backlog over the horizon
    events : number of events, (replication,)
    """

    replication: Ints
    asked: Floats
    delivered: Floats
    in_time: Floats
    late_days: Floats
    last: Ints
    short_periods: Floats
    by_group: Floats
    stock: Floats
    owed: Floats
    amount: Floats
    backlog: Floats
    events: Ints

    @property
    def kept(self) -> Bools:
        """(demand, replication) whether all that was asked for was delivered in time (to 1e-6 of it)."""
        return self.in_time >= self.asked - 1e-6 * np.maximum(self.asked, 1.0)

    @property
    def alpha(self) -> Floats:
        """(replication,) share of the demands that were delivered in full and in time."""
        return np.asarray(self.kept.mean(axis=0))

    @property
    def beta(self) -> Floats:
        """(replication,) units delivered in time as a share of the units asked for; 1 where nothing was."""
        asked = self.asked.sum(axis=0)
        return np.asarray(np.where(asked > 0, self.in_time.sum(axis=0) / np.where(asked > 0, asked, 1.0), 1.0))

    def gamma(self, days: float) -> Floats:
        """Return (replication,) 1 - late unit-days / (units asked for x days of the horizon); Schneider 1981.

        Parameters
        ----------
        days : length of the horizon
        """
        asked = self.asked.sum(axis=0) * days
        return np.asarray(np.where(asked > 0, 1.0 - self.late_days.sum(axis=0) / np.where(asked > 0, asked, 1.0), 1.0))


@dataclass(frozen=True)
class Log:
    """One block of replications step by step: what the kernel did, for tests and for looking at a single bad year.

    Attributes
    ----------
    done, backlog : (period, activity, replication)
    stock : (period, node, replication) at the end of the period; negative where the node owes
    events : the events of these replications
    """

    done: Floats
    backlog: Floats
    stock: Floats
    events: Events
