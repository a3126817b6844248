"""The first screen: what is promised, what is late and what the figures rest on, in sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
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
    """What is promised of one family of items, in its unit.

    Attributes
    ----------
    complete : end of the bucket of the last delivery; None where nothing is delivered
    """

    name: str
    unit: str
    asked: float
    on_time: float
    late: float
    unmet: float
    complete: datetime | None = None

    @property
    def kept(self) -> bool:
        """Whether everything is delivered by its due date."""
        return self.late <= NOISE and self.unmet <= NOISE

    @property
    def reliability(self) -> float:
        """Share of the quantity that is on time; 1 where nothing is asked for."""
        return self.on_time / self.asked if self.asked > NOISE else 1.0

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
    count: int = 0

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
    # What the status calls on time or complete may still hold rounding noise of the optimiser.
    late, unmet = pl.col("status") != "on_time", pl.col("status") == "short"
    clean = service.with_columns(pl.when(late).then("late").otherwise(0.0), pl.when(unmet).then("unmet").otherwise(0.0))
    sums = (
        clean.join(about, on="item")
        .group_by("family", "unit")
        .agg(pl.col("product").any(), pl.col("asked", "on_time", "late", "unmet").sum(), pl.col("last_delivery").max())
        .sort(~pl.col("product"), -pl.col("asked"), "family", "unit")
    )
    return [
        Promise(*(row[name] for name in ("family", "unit", "asked", "on_time", "late", "unmet", "last_delivery")))
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


def completion(promise: Promise, time: Timeline) -> str:
    """Say when the last unit arrives."""
    if promise.unmet > NOISE:
        return f"not by {last_day(time.ends[-1])}"
    return f"by {last_day(promise.complete)}" if promise.complete else "–"


def worst_family(promised: list[Promise]) -> Promise | None:
    """Return the family with the smallest share on time; None where all are on time."""
    behind = [one for one in promised if not one.kept]
    return min(behind, key=lambda one: (one.reliability, -one.unmet / one.asked), default=None)


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]


def _kept_sentence(promised: list[Promise]) -> str:
    whole = [one for one in promised if one.asked > NOISE]
    if not whole:
        return promised[0].sentence
    lead = f"{_capital(whole[0].name)}: all {counted(whole[0].asked, whole[0].unit)} asked for can be delivered on time"
    if len(whole) == 1:
        return f"{lead}, each by its due date."
    others = "the other family" if len(whole) == 2 else f"all {len(whole) - 1} other families"
    return f"{lead}, each by its due date; so can everything of {others}."


def served_sentence(promise: Promise, time: Timeline) -> str:
    """Say how much of a family is on time, late and not delivered at all."""
    asked = counted(promise.asked, promise.unit)
    if promise.kept:
        return f"{_capital(promise.name)}: all {asked} asked for can be delivered on time, each by its due date."
    rest = []
    if promise.late > NOISE:
        rest.append(f"{quantity(promise.late)} late")
    if promise.unmet > NOISE:
        rest.append(f"{quantity(promise.unmet)} not by {last_day(time.ends[-1])}")
    return (
        f"{_capital(promise.name)}: {quantity(promise.on_time)} of {asked} asked for can be delivered on time "
        f"({share(promise.on_time, promise.asked)}), {' and '.join(rest)}."
    )


def headline(promised: list[Promise], time: Timeline) -> str:
    """Say what is promised of the leading family, and of the one that is served worst."""
    if not promised:
        return "Nothing is asked for in this programme yet."
    worst_of_all = worst_family(promised)
    if worst_of_all is None:
        return _kept_sentence(promised)
    lead = next(one for one in promised if one.asked > NOISE)
    sentence = served_sentence(lead, time)
    if worst_of_all is lead:
        return sentence
    return f"{sentence} Served worst: {served_sentence(worst_of_all, time)}"


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

    demand: str
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
    return LateDemand(row["demand"], names.of("demands", row["demand"]), what, when)


def confidence_bar(counts: Mapping[str, int]) -> list[Segment]:
    """Return the shares of the numeric input cells by what they rest on."""
    whole = sum(counts.get(key, 0) for key, _, _ in CONFIDENCE)
    return [
        Segment(key, words, 100 * counts[key] / whole, f"{counts[key]:,} figures: {meaning}", counts[key])
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
