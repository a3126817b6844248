"""What is known of events while they last: never when they really end, nor anything of those to come.

Known is that they have begun, how hard they hit, and how long such events last on average, given their age.
"""

from __future__ import annotations

import math

import numpy as np

from ..calendar import DAY, Floats, Ints
from .events import Events
from .occurrences import Risk
from .sampling import Risks
from .state import Changes


def foreseen(risks: Risks, events: Events, now: int, horizon: int) -> Events:
    """Return the events under way at a date, each with the end that is expected of it then.

    Parameters
    ----------
    events : those of one replication
    now : seconds since the start; what begins then or later is not known
    horizon : end of the programme, to which an event without a duration lasts
    """
    known = events.where((events.start < now) & (events.end > now))
    ends = [
        _expected_end(risks, int(target), int(start), now, horizon)
        for target, start in zip(known.target, known.start, strict=True)
    ]
    return Events(
        known.replication, known.target, known.start, np.maximum(np.array(ends, dtype=np.int64), now + 1),
        known.factor, known.delay, known.gradual,
    )  # fmt: skip


def _expected_end(risks: Risks, target: int, start: int, now: int, horizon: int) -> int:
    if target >= len(risks.risks):
        return start + round(risks.drills[target - len(risks.risks)].days * DAY)
    days = expected_days(risks.risks[target], (now - start) / DAY)
    return horizon if math.isinf(days) else start + round(days * DAY)


def expected_days(risk: Risk, age: float) -> float:
    """Return the mean duration in days of those events of a risk that last longer than `age` days.

    Infinite where the row gives no duration: such an event lasts to the end.
    """
    if risk.duration in ("fixed", "exponential", "lognormal") and risk.duration_days is None:
        return math.inf
    return max(_MEANS[risk.duration](risk, age), age)


def _fixed(risk: Risk, _age: float) -> float:
    return risk.duration_days or 0.0


def _exponential(risk: Risk, age: float) -> float:
    """Return age and mean: an exponential duration has no memory."""
    return age + (risk.duration_days or 0.0)


def _lognormal(risk: Risk, age: float) -> float:
    """Return the partial expectation over the share that is left, both by the normal distribution."""
    mean, deviation = risk.duration_days or 0.0, risk.duration_deviation or 0.0
    if not mean or not deviation or age <= 0:
        return mean
    variance = math.log1p((deviation / mean) ** 2)
    sigma = math.sqrt(variance)
    z = (math.log(age) - math.log(mean) + variance / 2) / sigma
    left = math.erfc(z / math.sqrt(2))
    # So far out in the tail that both are 0 to the computer, an event is over as far as anybody can say.
    return mean * math.erfc((z - sigma) / math.sqrt(2)) / left if left > 0 else age


def _uniform(risk: Risk, age: float) -> float:
    return (max(age, risk.duration_low or 0.0) + (risk.duration_high or 0.0)) / 2


def _triangular(risk: Risk, age: float) -> float:
    """Return the mean of the upper part: a triangle above the mode, the whole less a triangle below it."""
    low, mode, high = risk.duration_low or 0.0, risk.duration_days or 0.0, risk.duration_high or 0.0
    if age <= low:
        return (low + mode + high) / 3
    if age >= mode:
        return age + (high - age) / 3
    below = (age - low) ** 2 / ((high - low) * (mode - low))
    return ((low + mode + high) / 3 - below * (low + 2 * (age - low) / 3)) / (1 - below)


_MEANS = {
    "fixed": _fixed,
    "exponential": _exponential,
    "lognormal": _lognormal,
    "uniform": _uniform,
    "triangular": _triangular,
}


def factors(changes: Changes, channels: int) -> Floats:
    """Return (channel, period) the factors of the first replication of a block; 1 where nothing happens."""
    periods = len(changes.at) - 1
    result = np.ones((channels, periods))
    period: Ints = np.repeat(np.arange(periods), np.diff(changes.at))
    for row in np.flatnonzero(changes.lane == 0):
        result[changes.channel[row], period[row] :] = changes.factor[row]
    return result
