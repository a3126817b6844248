"""Load of the resources against their capacity, bucket by bucket."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import polars as pl

from ...tables import Tables
from ..words.buckets import Timeline
from ..words.formats import NOISE, plural, share, tidy
from ..words.names import Names

MOST_NUMBERS = 15_000
FULL = 0.999


def _ordered(load: pl.DataFrame) -> list[str]:
    """Return the resources that are used, those that are full most often first."""
    used = pl.col("firm") + pl.col("planned")
    sums = load.group_by("resource").agg(
        used.sum().alias("used"),
        (pl.col("utilisation") >= FULL).sum().cast(pl.Int64).alias("full"),
        (used.sum() / pl.col("capacity").sum()).alias("average"),
    )
    busy = sums.filter(pl.col("used") > NOISE)
    return busy.sort(-pl.col("full"), -pl.col("average"), "resource")["resource"].to_list()


def finding(capacity: Sequence[float], used: Sequence[float], noun: str) -> str:
    """Say how often the resource is full and how much of its capacity is used over the horizon."""
    open_buckets = [bucket for bucket, amount in enumerate(capacity) if amount > NOISE]
    full = sum(used[bucket] >= FULL * capacity[bucket] for bucket in open_buckets)
    average = f"{share(sum(used), sum(capacity))} of its capacity is used over the horizon"
    if not full:
        return f"Never full; {average}."
    buckets = noun if len(open_buckets) == 1 else plural(noun)
    return f"Full in {full} of the {len(open_buckets)} {buckets} in which it is open; {average}."


def limiting_words(name: str, *, full: bool, limits: bool) -> str:
    """Say whether a full resource limits the plan; empty for one that is never full."""
    if not full:
        return ""
    return (
        f"{name} limits the plan: see Bottlenecks." if limits else "Full, but not limiting: more of it saves nothing."
    )


def overview(load: pl.DataFrame, in_use: int) -> str:
    """Say how many of the resources in use are ever full."""
    full = load.filter(pl.col("utilisation") >= FULL)["resource"].n_unique()
    resources = "1 resource" if in_use == 1 else f"{in_use:,} resources"
    if not full:
        return f"None of the {resources} in use is ever full."
    return f"{full:,} of the {resources} in use {'is' if full == 1 else 'are'} full at some time."


def idle_words(ever_full: Collection[str], limiting: Collection[str]) -> str:
    """Say how many of the resources that are full at some time do not limit the plan."""
    without = sum(resource not in limiting for resource in ever_full)
    return f"{without:,} of those that are full do not limit the plan." if without else ""


def payload(
    load: pl.DataFrame, tables: Tables, names: Names, time: Timeline, limiting: Collection[str] = ()
) -> dict[str, Any]:
    """Return capacity and use of every resource that is used.

    Parameters
    ----------
    limiting : resources among the bottlenecks or the reasons of late demands
    """
    ever_full = set(load.filter(pl.col("utilisation") >= FULL)["resource"])
    ordered = _ordered(load)
    kept = ordered[: max(1, MOST_NUMBERS // max(len(time), 1))]
    about = {row["resource"]: row for row in tables["resources"].iter_rows(named=True)}
    parts = load.partition_by("resource", as_dict=True)
    resources = []
    for resource in kept:
        values = {name: [0.0] * len(time) for name in ("capacity", "firm", "planned")}
        rows = parts[(resource,)]
        for bucket, *amounts in rows.select("bucket", *values).iter_rows():
            for name, amount in zip(values, amounts, strict=True):
                values[name][bucket] = amount
        used = [firm + planned for firm, planned in zip(values["firm"], values["planned"], strict=True)]
        resources.append(
            {
                "name": names.of("resources", resource),
                "site": names.of("sites", rows["site"][0]),
                "unit": plural(about[resource]["unit"]) if resource in about else "units",
                "finding": finding(values["capacity"], used, time.noun),
                "limiting": limiting_words(
                    names.of("resources", resource), full=resource in ever_full, limits=resource in limiting
                ),
                **{name: [tidy(value, 4) for value in amounts] for name, amounts in values.items()},
            }
        )
    return {
        "finding": overview(load, len(ordered)),
        "note": idle_words(ever_full, limiting),
        "resources": resources,
        "left_out": len(ordered) - len(kept),
        "idle": load["resource"].n_unique() - len(ordered),
    }
