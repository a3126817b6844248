"""When risks happen and for how long: occurrences drawn for many replications at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

import numpy as np

from ..calendar import DAY, Floats, Ints, Timeline
from ..network import Bools
from .draws import Draws

YEAR = 365 * DAY


@dataclass(frozen=True, slots=True)
class Risk:
    """One row of the table `risks`."""

    risk: str
    kind: str
    target_table: str
    target: str
    rate: float | None
    date: datetime | None
    probability: float | None
    duration: str
    duration_days: float | None
    duration_low: float | None
    duration_high: float | None
    duration_deviation: float | None
    severity: float | None
    recovery: str | None
    delay_days: float | None
    cause: str | None
    cause_share: float
    season: str | None

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Risk:
        """Read a row of the checked table."""
        return cls(**{field.name: row[field.name] for field in fields(cls)})

    def draws(self, seed: int, purpose: str) -> Draws:
        """Return the random numbers of this risk, or of its cause, for a purpose."""
        if self.cause is not None:
            return Draws.of(seed, "cause", self.cause, purpose)
        return self.own_draws(seed, purpose)

    def own_draws(self, seed: int, purpose: str) -> Draws:
        """Return the random numbers of this risk alone."""
        return Draws.of(seed, "risk", self.risk, self.target_table, self.target, purpose)


@dataclass(frozen=True)
class Occurrences:
    """Occurrences of one risk, by replication, then ordinal.

    Attributes
    ----------
    replication, ordinal : (occurrence,)
    start, end : (occurrence,) seconds since the start of the horizon
    """

    replication: Ints
    ordinal: Ints
    start: Ints
    end: Ints

    def where(self, kept: Bools) -> Occurrences:
        """Return some of the occurrences."""
        return Occurrences(self.replication[kept], self.ordinal[kept], self.start[kept], self.end[kept])


def occurrences(risk: Risk, seed: int, replications: Ints, timeline: Timeline) -> Occurrences:
    """Return when a risk happens inside the horizon in each replication.

    Events of a rate form a Poisson process from the start on (gaps between starts are exponential); a season keeps the
    starts in its months. An event on a date happens with its probability. Rows of one cause share their occurrences;
    each is hit with its `cause_share`.
    """
    draw = _dated if risk.rate is None else _recurring
    found = draw(risk, seed, replications, timeline)
    found = found.where(_in_season(risk, found.start, timeline))
    if risk.cause is not None and risk.cause_share < 1.0:
        hit, _ = risk.own_draws(seed, "hit").uniform(found.replication, found.ordinal)
        found = found.where(hit < risk.cause_share)
    return replace(found, end=found.start + durations(risk, seed, found, timeline))


def _dated(risk: Risk, seed: int, replications: Ints, timeline: Timeline) -> Occurrences:
    if risk.date is None:
        raise ValueError(f"the risk {risk.risk} has neither a rate nor a date")
    zero = np.zeros_like(replications)
    drawn, _ = risk.draws(seed, "occurs").uniform(replications, zero)
    start = np.full_like(replications, timeline.seconds(risk.date))
    happens = drawn < (1.0 if risk.probability is None else risk.probability)
    return Occurrences(replications, zero, start, start).where(happens & (start < timeline.horizon))


def _recurring(risk: Risk, seed: int, replications: Ints, timeline: Timeline) -> Occurrences:
    if not risk.rate:
        none = np.zeros(0, dtype=np.int64)
        return Occurrences(none, none, none, none)
    replication, ordinal, start = risk.draws(seed, "starts").starts(YEAR / risk.rate, timeline.horizon, replications)
    return Occurrences(replication, ordinal, start, start)


def _in_season(risk: Risk, start: Ints, timeline: Timeline) -> Bools:
    if risk.season is None:
        return np.ones(len(start), dtype=bool)
    months = [int(month) for month in risk.season.split(";")]
    moment = np.datetime64(timeline.start, "s") + start.astype("timedelta64[s]")
    return np.isin(moment.astype("datetime64[M]").astype(np.int64) % 12 + 1, months)


def durations(risk: Risk, seed: int, found: Occurrences, timeline: Timeline) -> Ints:
    """Return (occurrence,) durations in seconds, at least one; to the end of the horizon where none is given."""
    first, second = risk.draws(seed, "duration").uniform(found.replication, found.ordinal)
    if risk.duration in ("fixed", "exponential", "lognormal") and risk.duration_days is None:
        return np.maximum(timeline.horizon - found.start, 1)
    days = _DISTRIBUTIONS[risk.duration](risk, first, second)
    return np.asarray(np.maximum(np.rint(days * DAY).astype(np.int64), 1))


def _fixed(risk: Risk, first: Floats, _second: Floats) -> Floats:
    return np.full(len(first), risk.duration_days)


def _exponential(risk: Risk, first: Floats, _second: Floats) -> Floats:
    return -(risk.duration_days or 0.0) * np.log(first)


def _lognormal(risk: Risk, first: Floats, second: Floats) -> Floats:
    """Return lognormal durations of the given mean and deviation; the normal draw is that of Box and Muller 1958."""
    mean, deviation = risk.duration_days or 0.0, risk.duration_deviation or 0.0
    variance = np.log1p((deviation / mean) ** 2)
    normal = np.sqrt(-2.0 * np.log(first)) * np.cos(2.0 * np.pi * second)
    return np.asarray(np.exp(np.log(mean) - variance / 2.0 + np.sqrt(variance) * normal))


def _uniform(risk: Risk, first: Floats, _second: Floats) -> Floats:
    low, high = risk.duration_low or 0.0, risk.duration_high or 0.0
    return low + (high - low) * first


def _triangular(risk: Risk, first: Floats, _second: Floats) -> Floats:
    low, mode, high = risk.duration_low or 0.0, risk.duration_days or 0.0, risk.duration_high or 0.0
    rising = low + np.sqrt(first * (high - low) * (mode - low))
    falling = high - np.sqrt((1.0 - first) * (high - low) * (high - mode))
    return np.where(first * (high - low) < mode - low, rising, falling)


_DISTRIBUTIONS = {
    "fixed": _fixed,
    "exponential": _exponential,
    "lognormal": _lognormal,
    "uniform": _uniform,
    "triangular": _triangular,
}
