"""The verdict of one check from the departures found at all its places."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .arrays import Bools, Floats
from .report import Check

TOLERANCE = 1e-6
"""Share of the largest term of a row (but at least of 1) by which the row may be off."""

Place = Callable[[int], str]


@dataclass(frozen=True, slots=True)
class Rule:
    """A check before it is applied: its code, what it states and the unit of a departure."""

    code: str
    name: str
    unit: str

    def on(self, excess: Floats, scale: Floats | float, place: Place) -> Check:
        """Judge departures that may be as large as rounding makes them.

        Parameters
        ----------
        excess : departure at every place, in the unit of the rule; 0 or less is none, NaN never passes
        scale : largest term that the comparison at each place involves, same shape or a number
        place : names a place, given its position in the flattened `excess`
        """
        if excess.size == 0:
            return Check(self.code, self.name, True, 0.0, TOLERANCE, self.unit)
        size = np.nan_to_num(np.abs(np.broadcast_to(scale, excess.shape)), nan=1.0, posinf=1.0)
        allowed = TOLERANCE * np.maximum(1.0, size).ravel()
        off = np.where(np.isnan(excess), np.inf, np.maximum(excess, 0.0)).ravel()
        at = int(np.argmax(off / allowed))
        worst, tolerance = float(off[at]), float(allowed[at])
        passed = worst <= tolerance
        return Check(self.code, self.name, passed, worst, tolerance, self.unit, place(at) if worst > 0 else "")

    def equal(self, seen: Floats, expected: Floats, place: Place, scale: Floats | float = 0.0) -> Check:
        """Judge figures of the plan against the same figures computed here."""
        size = np.maximum(np.maximum(np.abs(seen), np.abs(expected)), np.abs(scale))
        return self.on(np.abs(seen - expected), size, place)

    def none(self, wrong: Bools, place: Place) -> Check:
        """Judge places that are right or wrong without a tolerance; the departure is their number."""
        count = int(np.count_nonzero(wrong))
        where = place(int(np.argmax(wrong.ravel()))) if count else ""
        return Check(self.code, self.name, count == 0, float(count), 0.0, self.unit, where)
