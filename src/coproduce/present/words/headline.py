"""The first screen: what is promised, what is late and what the figures rest on, in sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from .buckets import Timeline
from .formats import NOISE, counted, day, joined, last_day, quantity, share
from .names import KIND_WORDS, Names
from .service import worst_first

MOST_FAMILIES = 6
MOST_LATE = 5
CONFIDENCE = (
    ("cited", "Cited", "as published by a named source"),
    ("estimated", "Estimated", "derived from a source"),
    ("assumed", "Assumed", "our assumption"),
    ("without", "Without evidence", "no entry in the register"),
)


@dataclass(frozen=True)
class Promise:
    """What is promised of one family of items, in its unit."""

    name: str
    unit: str
    asked: float
    on_time: float
    late: float
    unmet: float

    @property
    def sentence(self) -> str:
        """Say what happens to the quantity asked for."""
        if self.asked <= NOISE:
            return f"Nothing of {self.name} is asked for."
        parts = [f"{quantity(self.on_time)} on time ({share(self.on_time, self.asked)})"]
        if self.late > NOISE:
            parts.append(f"{quantity(self.late)} late")
        if self.unmet > NOISE:
            parts.append(f"{quantity(self.unmet)} not within the horizon")
        return f"{counted(self.asked, self.unit)} asked for: " + ", ".join(parts) + "."


@dataclass(frozen=True)
class Segment:
    """One part of a bar: its share of the whole in per cent, and words for it."""

    key: str
    words: str
    percent: float
    text: str

    @property
    def share(self) -> str:
        """The share in words."""
        return share(self.percent, 100)


def promises(service: pl.DataFrame, names: Names, kinds_of_items: Mapping[str, str]) -> list[Promise]:
    """Sum the demands by family and unit; products first, then by the quantity asked for."""
    items = service["item"].unique().sort().to_list()
    members = Counter(names.families.get(item, item) for item in items)

    def family(item: str) -> str:
        # A family of one item needs no name of its own.
        of = names.families.get(item, item)
        return names.of("items", item) if members[of] == 1 else of.replace("_", " ")

    about = pl.DataFrame(
        [(item, family(item), names.unit(item), kinds_of_items.get(item) == "product") for item in items],
        schema={"item": pl.String, "family": pl.String, "unit": pl.String, "product": pl.Boolean},
        orient="row",
    )
    sums = (
        service.join(about, on="item")
        .group_by("family", "unit")
        .agg(pl.col("product").any(), pl.col("asked", "on_time", "late", "unmet").sum())
        .sort(~pl.col("product"), -pl.col("asked"), "family", "unit")
    )
    return [
        Promise(row["family"], row["unit"], row["asked"], row["on_time"], row["late"], row["unmet"])
        for row in sums.iter_rows(named=True)
    ]


def promise_bar(promise: Promise) -> list[Segment]:
    """Return the parts of a family's bar."""
    parts = (
        ("on_time", "on time", promise.on_time),
        ("late", "late", promise.late),
        ("short", "not within the horizon", promise.unmet),
    )
    return [
        Segment(key, words, 100 * amount / promise.asked, f"{counted(amount, promise.unit)} {words}")
        for key, words, amount in parts
        if promise.asked > NOISE and amount > NOISE
    ]


def headline(promised: list[Promise], time: Timeline) -> str:
    """Say in one sentence what is promised of the leading family."""
    if not promised:
        return "Nothing is asked for in this programme yet."
    lead = promised[0]
    until = last_day(time.ends[-1])
    if lead.asked <= NOISE:
        return lead.sentence
    name = lead.name[:1].upper() + lead.name[1:]
    if lead.late <= NOISE and lead.unmet <= NOISE:
        return f"{name}: all {counted(lead.asked, lead.unit)} asked for can be delivered on time by {until}."
    rest = []
    if lead.late > NOISE:
        rest.append(f"{quantity(lead.late)} late")
    if lead.unmet > NOISE:
        rest.append(f"{quantity(lead.unmet)} not by {until}")
    return (
        f"{name}: {quantity(lead.on_time)} of {counted(lead.asked, lead.unit)} asked for can be delivered on time "
        f"({share(lead.on_time, lead.asked)}), {' and '.join(rest)}."
    )


def by_kind(service: pl.DataFrame) -> list[str]:
    """Say per kind of demand how many demands are on time."""
    sums = service.group_by("kind").agg(pl.len().alias("all"), (pl.col("status") == "on_time").sum().alias("on_time"))
    return [
        f"{KIND_WORDS.get(kind, kind)}: {on_time:,} of {count:,} demands on time"
        for kind, count, on_time in sums.sort("kind").iter_rows()
    ]


@dataclass(frozen=True)
class LateDemand:
    """One of the demands that are served worst."""

    name: str
    what: str
    when: str


def worst(service: pl.DataFrame, names: Names, time: Timeline) -> list[LateDemand]:
    """Return the demands with the most late unit-days."""
    rows = worst_first(service.filter(pl.col("status") != "on_time")).sort(
        "late_unit_days", descending=True, maintain_order=True
    )
    return [_late(row, names, time) for row in rows.head(MOST_LATE).iter_rows(named=True)]


def _late(row: Mapping[str, Any], names: Names, time: Timeline) -> LateDemand:
    what = f"{counted(row['asked'], names.unit(row['item']))} for {names.of('sites', row['site'])}"
    due = f"due {day(row['due'])}"
    if row["status"] == "short":
        when = f"{due}; {quantity(row['unmet'])} not delivered by {last_day(time.ends[-1])}"
    else:
        when = f"{due}, complete by {last_day(row['last_delivery'])}: {counted(row['late_days'], 'day')} late"
    return LateDemand(names.of("demands", row["demand"]), what, when)


def confidence_bar(counts: Mapping[str, int]) -> list[Segment]:
    """Return the shares of the numeric input cells by what they rest on."""
    whole = sum(counts.get(key, 0) for key, _, _ in CONFIDENCE)
    return [
        Segment(key, words, 100 * counts[key] / whole, f"{counts[key]:,} figures: {meaning}")
        for key, words, meaning in CONFIDENCE
        if whole and counts.get(key, 0)
    ]


def confidence_sentence(counts: Mapping[str, int]) -> str:
    """Say what the figures of the input rest on."""
    whole = sum(counts.get(key, 0) for key, _, _ in CONFIDENCE)
    if not whole:
        return "What the figures rest on is not recorded."
    named = counts.get("cited", 0) + counts.get("estimated", 0)
    if named == 0 and not counts.get("assumed", 0):
        return f"None of the {whole:,} figures of the input has evidence: read this plan as an illustration."
    parts = [f"{share(named, whole)} of the {whole:,} figures of the input come from a source"]
    if counts.get("assumed", 0):
        parts.append(f"{share(counts['assumed'], whole)} are assumptions")
    if counts.get("without", 0):
        parts.append(f"{share(counts['without'], whole)} have no evidence")
    return joined(parts) + "."
