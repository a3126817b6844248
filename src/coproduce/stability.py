"""What an earlier plan had begun and promised, as arrays: part of the network, empty without a baseline."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Earlier:
    """What the earlier plan does of one kind of activity.

    Attributes
    ----------
    quantity : (entity, bucket) runs or units
    row : (entity, bucket) row of the table `baseline` that most of it comes from; -1 for none
    price : (entity,) currency for each unit of change; of deliveries for each unit and day behind what was promised
    """

    quantity: Floats
    row: Ints
    price: Floats


@dataclass(frozen=True)
class Stability:
    """The baseline in the buckets of the programme.

    Attributes
    ----------
    run, buy, ship, deliver : by process, supply, arc and demand
    promised : (demand, bucket) units promised by the end of the bucket, never more than are asked for now
    covered : (bucket,) whether the earlier plan covers all of the bucket
    frozen : buckets from the start in which the plan does exactly what the earlier one does
    """

    run: Earlier
    buy: Earlier
    ship: Earlier
    deliver: Earlier
    promised: Floats
    covered: Bools
    frozen: int

    def of(self, kind: str) -> Earlier:
        """Return what the earlier plan does of the kind `run`, `buy`, `ship` or `deliver`."""
        parts = {"run": self.run, "buy": self.buy, "ship": self.ship, "deliver": self.deliver}
        return parts[kind]

    def kept(self, kind: str) -> Bools:
        """(entity, bucket) whether the bucket is frozen and the earlier plan does something in it."""
        kept: Bools = self.of(kind).quantity > 0
        kept[:, self.frozen :] = False
        return kept

    def priced(self, kind: str) -> Bools:
        """(entity, bucket) whether it costs something to do more or less than before."""
        if not self.covered.any():
            return np.zeros(self.of(kind).quantity.shape, dtype=bool)
        priced: Bools = (self.of(kind).price > 0)[:, None] & self.covered
        return priced

    def owed(self) -> Bools:
        """(demand,) whether it costs something to be behind what was promised to it."""
        owed: Bools = (self.deliver.price > 0) & (self.promised > 0).any(axis=1)
        return owed
