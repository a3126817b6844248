"""What may be promised: bands of deliveries, and the chance, date and quantity of every demand and commitment."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
import polars as pl

from ...calendar import Floats, Ints, Timeline
from ...tables import STRESS_TABLES
from ...tables.stress_results import CONFIDENCES
from ..commitments import demands_of, promised_quantity, promises_of
from .chunks import Outcome
from .figures import reached, wilson
from .question import Question

_SLACK = 1e-6
_NEVER = np.iinfo(np.int64).max


def bands(question: Question, outcome: Outcome) -> pl.DataFrame:
    """Return the table `bands`."""
    timeline, groups = question.buckets, question.groups
    asked = _asked(question)
    parts = []
    for row, (item, priority) in enumerate(groups.select("item", "priority").rows()):
        sums = np.cumsum(outcome.by_group[row], axis=0)
        columns: dict[str, Any] = {
            "item": [item] * timeline.count,
            "priority": [priority] * timeline.count,
            "bucket": np.arange(timeline.count),
            "end": [timeline.moment(int(edge)) for edge in timeline.edges[1:]],
            "asked": asked[row],
            "planned": np.cumsum(question.plan_outcome.by_group[row, :, 0]),
            "undisturbed": np.cumsum(question.undisturbed.by_group[row, :, 0]),
            "mean": sums.mean(axis=1),
        }
        columns |= {f"q{share:02d}": reached(sums, 1 - share / 100) for share in (5, 25, 50, 75, 95)}
        parts.append(pl.DataFrame(columns, schema=STRESS_TABLES["bands"].empty().schema))
    return pl.concat(parts)


def _asked(question: Question) -> Floats:
    """Return (group, bucket) units due so far, by the buckets of the plan."""
    demands = question.tables["demands"]
    due = question.buckets.bucket_of(question.buckets.seconds_of(demands["due"], 0))
    found = np.zeros((question.groups.height, question.buckets.count))
    inside = due < question.buckets.count
    at = (question.group_of[inside], np.clip(due[inside], 0, None))
    np.add.at(found, at, demands["quantity"].to_numpy()[inside])
    return np.cumsum(found, axis=1)


def demand_promises(question: Question, outcome: Outcome) -> pl.DataFrame:
    """Return the table `demand_promises`."""
    periods = question.network.timeline
    kept, complete = outcome.kept, outcome.complete
    last = np.where(complete, outcome.last, _NEVER)
    quiet = question.undisturbed.kept[:, 0]
    on = _days(question.buckets, np.where(question.plan_outcome.complete, question.plan_outcome.last, _NEVER)[:, 0])
    chances = [wilson(int(hits), outcome.count) for hits in kept.sum(axis=1)]
    columns: dict[str, Any] = {
        "planned_on": on,
        "kept": [one.value for one in chances],
        "kept_low": [one.low for one in chances],
        "kept_high": [one.high for one in chances],
        "kept_undisturbed": quiet.astype(np.float64),
        "complete": complete.mean(axis=1),
    }
    for share in CONFIDENCES:
        columns[f"date_{round(100 * share)}"] = _days(periods, _latest(last, share))
        columns[f"quantity_{round(100 * share)}"] = reached(outcome.in_time, share)
    names = STRESS_TABLES["demand_promises"].empty()
    own = question.tables["demands"].select("demand", "item", "site", "priority", "quantity", "due")
    found = [pl.Series(name, values, dtype=names.schema[name]) for name, values in columns.items()]
    return own.with_columns(found).select(names.columns).cast(names.schema)


def _latest(last: Ints, share: float) -> Ints:
    """Return (demand,) the first period by whose end at least `share` of the replications are complete."""
    at = int(np.ceil(share * last.shape[1] - 1e-9)) - 1
    return np.asarray(np.partition(last, at, axis=1)[:, at])


def _days(timeline: Timeline, number: Ints) -> list[datetime | None]:
    """Return the last day of each period; None where there is none (-1: nothing was asked for)."""
    return [
        None if one == _NEVER else _day(timeline.moment(int(timeline.edges[max(one, 0) + 1]) - 1))
        for one in number.tolist()
    ]


def _day(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def commitment_chances(question: Question, outcome: Outcome) -> pl.DataFrame:
    """Return the table `commitment_chances`, without promises that no demand due inside the horizon stands for."""
    tables, timeline = question.tables, question.buckets
    due = timeline.bucket_of(timeline.seconds_of(tables["demands"]["due"], 0))
    numbered = tables["demands"].with_columns(number=pl.int_range(pl.len()), bucket=pl.Series(due, dtype=pl.Int64))
    rows = []
    for row in promises_of(tables).iter_rows(named=True):
        until = timeline.count - 1
        if row["due"] is not None:
            until = min(int(timeline.bucket_of(np.array([timeline.seconds(row["due"])]))[0]), until)
        chosen = demands_of(numbered, row).filter(pl.col("bucket") <= until)["number"].to_numpy()
        if not len(chosen) or until < 0:
            continue
        rows.append(_chance(question, outcome, row, chosen))
    return pl.DataFrame(rows, schema=STRESS_TABLES["commitment_chances"].empty().schema)


def _chance(question: Question, outcome: Outcome, row: dict[str, Any], chosen: Ints) -> dict[str, Any]:
    promised = promised_quantity(question.buckets, row)
    asked = outcome.asked[chosen].sum(axis=0)
    wanted = asked if promised is None else np.full(outcome.count, promised)
    given = outcome.in_time[chosen].sum(axis=0)
    chance = wilson(int((given >= wanted - _SLACK * np.maximum(wanted, 1.0)).sum()), outcome.count)
    return {
        **{name: row[name] for name in ("commitment", "source", "item", "due")},
        "promised": promised,
        "demands": len(chosen),
        "asked": float(question.tables["demands"]["quantity"].to_numpy()[chosen].sum()),
        "planned": float(question.plan_outcome.in_time[chosen, 0].sum()),
        "kept": chance.value,
        "kept_low": chance.low,
        "kept_high": chance.high,
    }
