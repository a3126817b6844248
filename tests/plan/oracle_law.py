"""The oracle's law of learning: what runs take, added up one by one."""

from __future__ import annotations

from math import floor, log2

from oracle_clock import Row


def falls(load: Row) -> bool:
    return load["learning_rate"] is not None and load["learning_rate"] < 1 and load["quantity"] > 0


def single(load: Row, number: int) -> float:
    """Return what the run of a number takes, from docs/model.md."""
    exponent = -log2(load["learning_rate"])
    return float(load["quantity"] * max(load["learning_floor"], (number / load["learning_base"]) ** -exponent))


def cumulative(load: Row, runs: float) -> float:
    """Return what the first runs take, adding them up one by one; part of a run takes that part."""
    whole = floor(runs)
    return sum(single(load, n) for n in range(1, whole + 1)) + (runs - whole) * single(load, whole + 1)
