"""Rounds what is written into cells: amounts of money so that the rows add up to the total, all else to six digits."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

DIGITS = 6


def tidy(value: float | None) -> float | None:
    """Round a number to six digits, without a negative zero."""
    return None if value is None or value != value else round(value, DIGITS) + 0.0


def cents(amounts: Sequence[float]) -> list[float]:
    """Round amounts to hundredths whose sum is the rounded sum; the largest remainders are rounded up.

    Source: largest-remainder method (Hamilton), as used for the seats of a parliament.
    """
    exact = np.array(amounts, dtype=np.float64) * 100
    low = np.floor(exact)
    missing = round(math.fsum(exact.tolist())) - int(math.fsum(low.tolist()))
    up = np.argsort(low - exact, kind="stable")[: max(missing, 0)]
    low[up] += 1
    return [float(value) for value in low / 100 + 0.0]
