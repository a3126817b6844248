"""What there is to set aside: what the input gives and the plan brings, by the bucket in which it is there."""

from __future__ import annotations

import numpy as np
import polars as pl

from .arrays import Bools, Floats, Ints, floats
from .case import Case
from .clock import NEVER, lead_seconds
from .earmarks import delays
from .lots import LotSizes
from .replay import Flows, lines_of_runs, sharing, wip_times

KEY = {
    "kind": pl.String, "name": pl.String, "item": pl.String, "site": pl.String, "start": pl.Int64, "bucket": pl.Int64,
}  # fmt: skip
"""Columns of `earmarks` that tell what is set aside, with their types."""


def available(case: Case) -> pl.DataFrame:
    """Return the units (`whole`) that there are by `KEY`."""
    tables, frames = case.tables, case.frames
    stocks, receipts = tables["stocks"], tables["receipts"]
    there = case.clock.bucket(case.clock.seconds(receipts["date"], NEVER))
    parts = {
        "opening": stocks.select("item", "site", name=pl.lit(None, pl.String), bucket=pl.lit(0), quantity="opening"),
        "receipt": receipts.select("item", "site", "quantity", name="receipt").with_columns(bucket=pl.Series(there)),
        "firm_run": _firm(case),
        "purchase": _bought(case),
        "run": _made(case),
        "shipment": _sent(case),
        "stand_in": frames["stand_ins"].select("item", "site", "bucket", "quantity", name="given"),
    }
    cells = [pl.col(name).cast(kind) for name, kind in (KEY | {"quantity": pl.Float64}).items()]
    full = pl.concat([_started(part).with_columns(kind=pl.lit(kind)).select(cells) for kind, part in parts.items()])
    return full.group_by(list(KEY)).agg(whole=pl.col("quantity").sum())


def _started(part: pl.DataFrame) -> pl.DataFrame:
    """Return rows with a start, empty where the kind has none."""
    return part if "start" in part.columns else part.with_columns(start=pl.lit(None))


def _spread(case: Case, bucket: Ints, lead: Ints, together: Bools) -> tuple[Ints, Ints, Floats]:
    """Return event, bucket and share of what begins in buckets and arrives a lead time later."""
    event, there, share = [], [], []
    rounding = case.tables.programme.lead_time_rounding
    for whole in (False, True):
        at = np.flatnonzero(together == whole)
        found = sharing(case.clock, bucket[at], lead[at], (rounding, whole), incoming=True)
        event.append(at[found.pair])
        there.append(found.bucket)
        share.append(found.share)
    return np.concatenate(event), np.concatenate(there), np.concatenate(share)


def _bought(case: Case) -> pl.DataFrame:
    supplies, bought = case.tables["supplies"], case.plan.purchases
    lead = lead_seconds(floats(supplies["lead_days"]))[bought.entity]
    event, there, share = _spread(
        case, bought.bucket, lead, LotSizes.of(case.tables, "supplies").together[bought.entity]
    )
    entity = bought.entity[event]
    return pl.DataFrame({
        "name": supplies["supply"].gather(entity), "item": supplies["item"].gather(entity),
        "site": supplies["site"].gather(entity), "bucket": there, "quantity": bought.quantity[event] * share,
    })  # fmt: skip


def _sent(case: Case) -> pl.DataFrame:
    lanes, sent = case.tables["lanes"], case.plan.shipments
    lead = lead_seconds(floats(lanes["lead_days"]))[sent.entity]
    event, there, share = _spread(case, sent.bucket, lead, LotSizes.of(case.tables, "lanes").together[sent.entity])
    entity = sent.entity[event]
    return pl.DataFrame({
        "name": lanes["lane"].gather(entity), "site": lanes["from_site"].gather(entity),
        "item": case.tables["items"]["item"].gather(case.plan.shipped_item[event]),
        "start": sent.bucket[event], "bucket": there, "quantity": sent.quantity[event] * share,
    })  # fmt: skip


def _made(case: Case) -> pl.DataFrame:
    runs, processes = case.plan.runs, case.tables["processes"]
    flows = Flows.of(case.tables, case.clock, case.nodes)
    run, flow = lines_of_runs(flows.process, len(processes), runs.entity)
    held = flows.belongs(flow, case.clock.edges[runs.bucket[run]]) & flows.output[flow]
    run, flow = run[held], flow[held]
    together = LotSizes.of(case.tables, "processes").together[runs.entity[run]]
    event, there, share = _spread(case, runs.bucket[run], delays(case, flows, flow), together)
    entity = runs.entity[run[event]]
    return pl.DataFrame({
        "name": processes["process"].gather(entity), "site": processes["site"].gather(entity),
        "item": case.tables["flows"]["item"].gather(flow[event]), "start": runs.bucket[run[event]], "bucket": there,
        "quantity": runs.quantity[run[event]] * flows.units[flow[event]] * share,
    })  # fmt: skip


def _firm(case: Case) -> pl.DataFrame:
    """Return what firm runs bring."""
    clock, tables = case.clock, case.tables
    flows = Flows.of(tables, clock, case.nodes)
    wip, started, ended = wip_times(tables, clock)
    run, flow = lines_of_runs(flows.process, len(tables["processes"]), wip)
    held = flows.belongs(flow, started[run]) & flows.output[flow]
    run, flow = run[held], flow[held]
    instant = np.where(flows.from_end[flow], ended[run], started[run]) + flows.offset[flow]
    return pl.DataFrame({
        "name": tables["wip"]["wip"].gather(run),
        "item": tables["flows"]["item"].gather(flow),
        "site": tables["processes"]["site"].gather(wip[run]),
        "bucket": clock.bucket(instant),
        "quantity": floats(tables["wip"]["quantity"])[run] * flows.units[flow],
    })  # fmt: skip
