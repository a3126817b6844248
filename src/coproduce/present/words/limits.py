"""Puts binding limits into words, and what one more unit of each would change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl

from ...tables import Tables
from .buckets import Timeline
from .formats import NOISE, day, last_day, money, plural, quantity, singular
from .names import Names, stage_words, unit_words

MOST_SENTENCES = 5
WHOLE = -1

KINDS = {
    "resource": "Resource",
    "supply": "Supply",
    "supply_total": "Supply, total",
    "lane": "Lane",
    "rate": "Process rate",
    "stock_maximum": "Storage",
}
TABLES = {
    "resource": "resources",
    "supply": "supplies",
    "supply_total": "supplies",
    "lane": "lanes",
    "rate": "processes",
}
PERIODS = {"resource": "capacity_per", "supply": "limit_per", "lane": "capacity_per", "rate": "rate_per"}


@dataclass(frozen=True)
class Limit:
    """One binding limit in words, with its strongest effect on a stage."""

    name: str
    site: str
    sentence: str
    where: str


@dataclass(frozen=True)
class Wording:
    """What is needed to put a limit into words."""

    tables: Tables
    names: Names
    time: Timeline

    @cached_property
    def weighted(self) -> bool:
        """Whether any late unit-day weighs more or less than another."""
        return bool((self.tables["demands"]["weight"] != 1).any())

    def name(self, row: Mapping[str, Any]) -> str:
        """Return the name of the limit without its site."""
        if row["kind"] == "stock_maximum":
            return f"Storage of {self.names.of('items', row['entity'].split('/')[0])}"
        return self.names.of(TABLES[row["kind"]], row["entity"])

    def unit(self, row: Mapping[str, Any]) -> str:
        """Return the unit of the limit."""
        match row["kind"]:
            case "resource":
                return singular(self._value("resources", row["entity"], "unit") or "unit")
            case "supply" | "supply_total":
                return singular(self.names.unit(self._value("supplies", row["entity"], "item") or ""))
            case "stock_maximum":
                return singular(self.names.unit(row["entity"].split("/")[0]))
            case "rate":
                return "run"
            case _:
                return "lane unit"

    def per(self, row: Mapping[str, Any]) -> str:
        """Return the period of the limit (`a month`); empty where it has none."""
        column = PERIODS.get(row["kind"])
        period = self._value(TABLES[row["kind"]], row["entity"], column) if column else None
        return f"{'an' if period == 'hour' else 'a'} {period}" if period else ""

    def stage_unit(self, unit: str) -> str:
        """Return the unit of a stage; weights that are all 1 are not worth a word."""
        return unit_words(unit) if self.weighted else unit_words(unit).replace("weighted ", "")

    def _value(self, table: str, key: str, column: str) -> str | None:
        frame = self.tables[table]
        found = frame.filter(pl.col(frame.columns[0]) == key)
        return None if found.is_empty() else found[column][0]

    def when(self, row: Mapping[str, Any]) -> str:
        """Return the time for which one unit more counts."""
        if row["bucket"] is not None and row["bucket"] != WHOLE:
            return f"in {self.time.labels[row['bucket']]}"
        return "in total" if row["kind"] == "supply_total" else self.per(row)


def effect(value: float, unit: str, words: Wording, currency: str) -> str:
    """Write a change of a stage's value in words."""
    of_stage = unit.split(" per ")[0]
    return (
        money(abs(value), currency) if of_stage == currency else f"{quantity(abs(value))} {words.stage_unit(of_stage)}"
    )


def _sentence(row: Mapping[str, Any], words: Wording, currency: str) -> str:
    count = row["buckets_binding"]
    binds = ""
    if count:
        noun = words.time.noun if count == 1 else plural(words.time.noun)
        span = f"{day(row['first_binding'])} to {last_day(row['last_binding'])}"
        binds = f"Binds in {count} {noun} ({span}). "
    unit = words.unit(row)
    more = " ".join(filter(None, (f"One more {unit}", words.when(row))))
    saved = effect(row["one_more"], row["unit"], words, currency)
    return f"{binds}{more} would save {saved} ({stage_words(row['stage']).lower()})."


def strongest(bottlenecks: pl.DataFrame, stages: list[str]) -> pl.DataFrame:
    """Return one row per limit: its earliest stage, there the whole horizon if valued, else the strongest bucket."""
    order = {stage: number for number, stage in enumerate(stages)}
    rank = pl.col("stage").replace_strict(order, default=len(order), return_dtype=pl.Int64)
    helping = bottlenecks.filter(pl.col("one_more") < -NOISE).with_columns(rank=rank)
    whole_last = pl.col("bucket").fill_null(WHOLE) != WHOLE
    ordered = helping.sort("rank", whole_last, "one_more", "entity", "bucket", maintain_order=True)
    return ordered.unique(["kind", "entity", "site"], keep="first", maintain_order=True).sort(
        "rank", "one_more", maintain_order=True
    )


def sentences(bottlenecks: pl.DataFrame, words: Wording, stages: list[str], currency: str) -> list[Limit]:
    """Return the limits that matter most, in words."""
    return [
        Limit(
            words.name(row),
            words.names.of("sites", row["site"]),
            _sentence(row, words, currency),
            f"{row['file']} › {row['cell']}",
        )
        for row in strongest(bottlenecks, stages).head(MOST_SENTENCES).iter_rows(named=True)
    ]
