"""What many replications say of a figure: shares, means, quantiles and worst cases, each with its uncertainty."""

from __future__ import annotations

import math

import numpy as np

from ..calendar import Floats

Z95 = 1.959963984540054
"""97.5 % quantile of the normal distribution."""

Interval = tuple[float, float]


def wilson(successes: int, count: int) -> Interval:
    """Return the 95 % interval of a share; Wilson (1927), doi:10.1080/01621459.1927.10502953."""
    share, extra = successes / count, Z95**2 / count
    middle = (share + extra / 2) / (1 + extra)
    half = Z95 / (1 + extra) * math.sqrt(share * (1 - share) / count + extra / (4 * count))
    # At the ends one bound is exactly 0 or 1, which rounding would miss.
    low = 0.0 if successes == 0 else max(middle - half, 0.0)
    return low, 1.0 if successes == count else min(middle + half, 1.0)


def rank_of(share: float, count: int) -> int:
    """Return the smallest whole number of `count` that is at least a share of it; rounding does not raise it."""
    return max(math.ceil(share * count - 1e-9), 1)


def at_most(ordered: Floats, share: float) -> float:
    """Return the least value that at least a share of the replications does not exceed.

    Parameters
    ----------
    ordered : values in rising order; the result is one of them, nothing is interpolated
    """
    return float(ordered[rank_of(share, len(ordered)) - 1])


def at_least(ordered: Floats, share: float) -> float:
    """Return the largest value that at least a share of the replications reaches."""
    return float(ordered[len(ordered) - rank_of(share, len(ordered))])


def half_width(values: Floats) -> float:
    """Return half the length of the 95 % interval of a mean; nothing is known of it from one value."""
    return math.inf if len(values) < 2 else Z95 * float(values.std(ddof=1)) / math.sqrt(len(values))


def mean_interval(values: Floats) -> tuple[float, float, float]:
    """Return mean and 95 % interval of independent values, by the normal approximation; one value is its interval."""
    mean, half = float(values.mean()), half_width(values) if len(values) > 1 else 0.0
    return mean, mean - half, mean + half


def worst_mean(ordered: Floats, share: float) -> tuple[float, float, float]:
    """Return the mean of the worst `1 - share` of the replications (CVaR), and its 95 % interval.

    The replication at the edge counts with the part of it that belongs to the worst ones, as in Rockafellar and
    Uryasev (2002), doi:10.1016/S0378-4266(02)00271-6. The interval is the asymptotic one of Hong, Hu and Liu (2014),
    doi:10.1145/2661631: the variance of the excess over the quantile, over (1 - share)^2 and n.
    """
    edge = at_most(ordered, share)
    excess = np.maximum(ordered - edge, 0.0) / (1.0 - share)
    value = edge + float(excess.mean())
    half = half_width(excess) if len(ordered) > 1 else 0.0
    return value, value - half, value + half
