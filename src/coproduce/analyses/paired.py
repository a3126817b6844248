"""What one plan saves against another under the same events: means of paired differences, with intervals."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ..calendar import Floats

LEVEL = 0.95


@dataclass(frozen=True)
class Estimate:
    """A mean and its 95 % interval."""

    mean: float
    low: float
    high: float


def mean_of(values: Floats) -> Estimate:
    """Return the mean of independent values with the interval of Student's t; none for a single value."""
    # Imported late: it takes 0.3 s.
    from scipy.stats import t

    mean, count = float(values.mean()), len(values)
    if count < 2:
        return Estimate(mean, math.nan, math.nan)
    half = float(t.ppf((1 + LEVEL) / 2, count - 1)) * float(values.std(ddof=1)) / math.sqrt(count)
    return Estimate(mean, mean - half, mean + half)


def share_of(kept: Floats) -> Estimate:
    """Return a share of replications with the interval of Wilson (1927), doi:10.1080/01621459.1927.10502953."""
    from scipy.stats import norm

    count, share = len(kept), float(np.mean(kept))
    z2 = float(norm.ppf((1 + LEVEL) / 2)) ** 2
    middle = (share + z2 / (2 * count)) / (1 + z2 / count)
    half = math.sqrt(z2) * math.sqrt(share * (1 - share) / count + z2 / (4 * count**2)) / (1 + z2 / count)
    return Estimate(share, max(middle - half, 0.0), min(middle + half, 1.0))
