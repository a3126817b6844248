"""Deliveries against demand over time, per item and kind of demand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import polars as pl

from ..words.buckets import Timeline
from ..words.formats import NOISE, counted, plural, quantity, tidy
from ..words.names import KIND_WORDS, Names

ALL = "all"
MOST_SERIES = 12_000  # numbers of one kind that are embedded: items x buckets


@dataclass(frozen=True)
class Series:
    """What is asked for and delivered of one item to one kind of demand; all arrays are (bucket,), in units.

    Attributes
    ----------
    asked : quantity by the bucket of its due date
    on_time, late : deliveries by the bucket in which they take place
    """

    item: str
    kind: str
    asked: tuple[float, ...]
    on_time: tuple[float, ...]
    late: tuple[float, ...]


def _due_buckets(service: pl.DataFrame, time: Timeline) -> pl.DataFrame:
    buckets = [time.holding(due) for due in service["due"].to_list()]
    return service.select("item", "kind", quantity="asked", measure=pl.lit("asked")).with_columns(
        bucket=pl.Series(buckets, dtype=pl.Int64)
    )


def _delivered(service: pl.DataFrame, deliveries: pl.DataFrame) -> pl.DataFrame:
    known = deliveries.join(service.select("demand", "item", "kind"), on="demand", how="inner")
    measure = pl.when(pl.col("late_days") > 0).then(pl.lit("late")).otherwise(pl.lit("on_time"))
    return known.select("item", "kind", "quantity", "bucket", measure=measure)


def series(service: pl.DataFrame, deliveries: pl.DataFrame, time: Timeline) -> list[Series]:
    """Sum demands and deliveries by item, kind and bucket; the kind `all` holds every kind of the item."""
    columns = ["item", "kind", "measure", "bucket", "quantity"]
    amounts = pl.concat([_due_buckets(service, time).select(columns), _delivered(service, deliveries).select(columns)])
    both = pl.concat([amounts.with_columns(kind=pl.lit(ALL)), amounts])
    sums = both.group_by(columns[:4]).agg(pl.col("quantity").sum()).sort(columns[:4])
    arrays: dict[tuple[str, str], dict[str, list[float]]] = {}
    for item, kind, measure, bucket, amount in sums.iter_rows():
        measures = arrays.setdefault((item, kind), {name: [0.0] * len(time) for name in ("asked", "on_time", "late")})
        measures[measure][bucket] = amount
    return [
        Series(item, kind, *(tuple(measures[name]) for name in ("asked", "on_time", "late")))
        for (item, kind), measures in arrays.items()
    ]


def _delivered_total(one: Series) -> float:
    return sum(one.on_time) + sum(one.late)


def finding(one: Series, unit: str, time: Timeline) -> str:
    """Say how far deliveries keep up: the total and the largest backlog at the end of a bucket."""
    asked, delivered = sum(one.asked), _delivered_total(one)
    head = f"{quantity(delivered)} of {counted(asked, unit)} delivered within the horizon"
    due = accumulate(one.asked)
    served = accumulate(a + b for a, b in zip(one.on_time, one.late, strict=True))
    behind = [wanted - given for wanted, given in zip(due, served, strict=True)]
    worst = max(range(len(behind)), key=lambda bucket: behind[bucket])
    if behind[worst] <= NOISE:
        return f"{head}; deliveries never fall behind demand."
    return f"{head}; at most {counted(behind[worst], unit)} behind, at the end of {time.labels[worst]}."


def edge_note(service: pl.DataFrame, time: Timeline) -> str:
    """Say what is drawn in the first and last bucket although it is due outside the horizon."""
    early = service.filter(pl.col("due") < time.starts[0]).height
    late = service.filter(pl.col("due") >= time.ends[-1]).height
    notes = []
    if early:
        notes.append(f"{early:,} demands due before the horizon count in its first {time.noun}.")
    if late:
        notes.append(f"{late:,} demands due after the horizon count in its last {time.noun}.")
    return " ".join(notes)


def _numbers(values: Iterable[float]) -> list[float | int | None]:
    return [tidy(value, 4) for value in values]


def payload(service: pl.DataFrame, deliveries: pl.DataFrame, names: Names, time: Timeline) -> dict[str, Any]:
    """Return the series for the page, items with the largest demand first."""
    by_item: dict[str, list[Series]] = {}
    for one in series(service, deliveries, time):
        by_item.setdefault(one.item, []).append(one)
    ordered = sorted(by_item.values(), key=lambda kinds: (-sum(kinds[0].asked), kinds[0].item))
    kept = ordered[: max(1, MOST_SERIES // max(len(time), 1))]
    return {
        "note": edge_note(service, time),
        "left_out": len(ordered) - len(kept),
        "items": [
            {
                "name": names.of("items", kinds[0].item),
                "unit": plural(names.unit(kinds[0].item)),
                "series": [
                    {
                        "kind": "All kinds of demand" if one.kind == ALL else KIND_WORDS.get(one.kind, one.kind),
                        "finding": finding(one, names.unit(one.item), time),
                        "asked": _numbers(one.asked),
                        "on_time": _numbers(one.on_time),
                        "late": _numbers(one.late),
                    }
                    for one in sorted(kinds, key=lambda one: (one.kind != ALL, one.kind))
                    if one.kind == ALL or len(kinds) > 2
                ],
            }
            for kinds in kept
        ],
    }
