"""Words for the answers of a stress test."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

MEASURES = {"alpha": "in full and in time", "beta": "units in time", "gamma": "gamma"}
"""Service levels by what they are."""

TITLES = {
    "promises": "What may be promised",
    "commitments": "Promises made",
    "service": "Service",
    "lateness": "Lateness and worst cases",
    "losses": "Where the loss comes from",
    "causes": "Loss by shared cause",
    "bands": "Deliveries over time",
}
"""Titles of the tables, in the order in which they are shown."""

_CERTAIN = {"plan": "late in the plan itself", "timing": "timing inside buckets, without any risk"}


def source_words(row: Mapping[str, Any]) -> str:
    """Return what a row of the table `losses` is about."""
    named = f"{row['risk']} (drill)" if row["source"] == "drill" else str(row["risk"])
    return _CERTAIN.get(row["source"], named)
