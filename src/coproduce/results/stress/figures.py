"""Statistics of replications: quantiles by order, intervals of means and shares, conditional value at risk."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...calendar import Floats

NORMAL_95 = 1.959963984540054
"""Two-sided 95 % point of the normal distribution."""


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with the ends of its 95 % interval."""

    value: float
    low: float
    high: float


def mean(values: Floats) -> Interval:
    """Return the mean of replications, with its interval from the normal distribution."""
    count = len(values)
    middle = float(values.mean())
    half = NORMAL_95 * float(values.std(ddof=1)) / np.sqrt(count) if count > 1 else 0.0
    return Interval(middle, middle - half, middle + half)


def wilson(hits: int, count: int) -> Interval:
    """Return a share with the interval of Wilson (1927), doi:10.1080/01621459.1927.10502953."""
    share, z2 = hits / count, NORMAL_95**2
    centre = (share + z2 / (2 * count)) / (1 + z2 / count)
    half = NORMAL_95 * np.sqrt(share * (1 - share) / count + z2 / (4 * count**2)) / (1 + z2 / count)
    return Interval(share, max(float(centre - half), 0.0), min(float(centre + half), 1.0))


def reached(values: Floats, share: float) -> Floats:
    """Return along the last axis the largest value that at least `share` of the replications reach or pass."""
    count = values.shape[-1]
    at = count - int(np.ceil(share * count - 1e-9))
    return np.asarray(np.partition(values, at, axis=-1)[..., at])


def not_passed(values: Floats, share: float) -> Floats:
    """Return along the last axis the smallest value that at least `share` of the replications do not pass."""
    return -reached(-values, share)


def cvar(losses: Floats, level: float) -> Interval:
    """Return the conditional value at risk: the mean of the worst part of 1 - `level`.

    The estimator is v + mean(max(loss - v, 0)) / (1 - level) with v the quantile (Rockafellar and Uryasev 2000,
    doi:10.21314/JOR.2000.038); its interval is the asymptotic one, from the variance of max(loss - v, 0).
    """
    quantile = float(not_passed(losses, level))
    excess = np.maximum(losses - quantile, 0.0) / (1.0 - level)
    found = mean(excess)
    return Interval(quantile + found.value, quantile + found.low, quantile + found.high)
