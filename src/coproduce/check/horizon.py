"""The settings of the programme: one row, and buckets that fit the calendar."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from ..calendar import Timeline
from ..errors import Problem
from .view import View

LARGEST = 10_000
"""Buckets that a horizon may have; a year of hours has 8,760."""


def one_programme(view: View) -> Iterator[Problem]:
    """Report a programme with several rows."""
    frame = view.frames.get("programme")
    if frame is not None and frame.height > 1:
        yield view.problem("E120", "programme", 1, "", f"the programme has {frame.height} rows instead of one")


def build_timeline(view: View) -> Timeline | Problem | None:
    """Cut the horizon into buckets; return what is wrong with them, or nothing if a setting is missing."""
    start, buckets = view.setting("start"), view.setting("buckets")
    if not isinstance(start, datetime) or not isinstance(buckets, str):
        return None
    # Longer numbers are too large anyway, and Python refuses to read those of thousands of digits.
    count = sum(int(number[:9]) for number in re.findall(r"\d+", buckets))
    if count > LARGEST:
        message = f'buckets "{buckets[:60]}" are more than {LARGEST:,}'
        return view.problem("E402", "programme", 0, "buckets", message, seen=buckets)
    try:
        return Timeline.build(start, buckets)
    except ValueError as failure:
        return view.problem("E401", "programme", 0, "buckets", f"{failure}", seen=buckets)
