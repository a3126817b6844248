"""Differences from the first run, and which rows of a comparison show any."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

# Smaller differences are the solver's tolerance, not a change of the plan.
TOLERANCE = 1e-6

KEYS: Mapping[str, tuple[str, ...]] = {
    "figures": ("figure", "unit"),
    "stages": ("stage", "unit"),
    "deliveries": ("item", "unit", "year"),
    "costs": ("kind", "currency"),
    "demands": ("demand", "item", "unit"),
    "limits": ("kind", "entity", "site", "stage", "unit"),
    "resources": ("resource", "site", "unit"),
    "over_time": ("item", "unit", "start", "end"),
}
"""Columns of each table of a comparison that say what a row is about; a row for each run has them."""

_COMPARED: Mapping[str, tuple[tuple[str, ...], str]] = {
    "figures": ((), "value"),
    "stages": ((), "value"),
    "deliveries": (("asked",), "delivered"),
    "costs": ((), "amount"),
    "demands": (("status", "due", "asked", "last_delivery"), "late_unit_days"),
    "limits": (("binds",), "one_more"),
    "resources": (("capacity",), "used"),
}


def with_difference(
    frame: pl.DataFrame, keys: Sequence[str], value: str, names: Sequence[str], comparable: Sequence[str],
    *, into: str = "difference",
) -> pl.DataFrame:  # fmt: skip
    """Add how much a column differs from that of the first run, for the runs in which the two can be subtracted."""
    base = frame.filter(pl.col("run") == names[0]).select(*keys, pl.col(value).alias("_base"))
    other = pl.col("run").is_in([name for name in comparable if name != names[0]])
    change = pl.when(other).then(pl.col(value) - pl.col("_base"))
    joined = frame.join(base, on=list(keys), how="left", nulls_equal=True, maintain_order="left")
    return joined.with_columns(change.alias(into)).drop("_base")


def only_differences(frames: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Return the tables of a comparison with only what differs between any two runs.

    A figure that some run does not have differs. Runs, their changes and the notes are kept whole.
    """
    runs = frames["runs"].height
    return {name: _differing(name, frame, runs) if name in _COMPARED else frame for name, frame in frames.items()}


def _differing(name: str, frame: pl.DataFrame, runs: int) -> pl.DataFrame:
    same, value = _COMPARED[name]
    number = pl.col(value).fill_null(0.0)
    apart = (number.max() - number.min()) > TOLERANCE * pl.max_horizontal(number.abs().max(), pl.lit(1.0))
    several = [pl.col(column).n_unique() > 1 for column in same]
    differs = pl.any_horizontal(apart, pl.col("run").n_unique() < runs, *several)
    return frame.filter(differs.over(KEYS[name]))
