"""Exact figures: a limit of 35 % is 35 %, whatever binary floating point makes of it."""

from __future__ import annotations

from fractions import Fraction
from numbers import Rational

from .verdict import Verdict

HALF = Fraction(1, 2)


def exact(value: float | Fraction) -> Fraction:
    """Return the decimal number that a figure stands for.

    Every decimal number of up to 15 digits survives the way through a binary one; what rounding has left beyond
    these digits is dropped.
    """
    return Fraction(value) if isinstance(value, Rational) else Fraction(f"{value:.15g}")


def percent(share: Fraction | float) -> str:
    """Return a share as a percentage with eight digits at most."""
    return f"{float(share) * 100:.8g} %"


def at_most(low: Fraction, high: Fraction, limit: Fraction) -> Verdict:
    """Return whether a figure that lies between two ends is at most a limit."""
    return Verdict.MET if high <= limit else Verdict.FAILED if low > limit else Verdict.UNKNOWN


def at_least(low: Fraction, high: Fraction, limit: Fraction) -> Verdict:
    """Return whether a figure that lies between two ends is at least a limit."""
    return Verdict.MET if low >= limit else Verdict.FAILED if high < limit else Verdict.UNKNOWN
