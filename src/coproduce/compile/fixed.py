"""Movements and loads that are data: receipts, runs under way and firm runs."""

from __future__ import annotations

import numpy as np
import polars as pl

from ..calendar import NEVER, Floats, Ints, Timeline
from ..network import Fixed
from ..tables import Tables
from .index import floats, positions, seconds_of_days
from .learning import first_loads


def _pairs(wip: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """Join each firm run with the lines (flows or loads) of its process, in the order of wip, then lines."""
    return wip.with_row_index("wip_row").join(
        lines.with_row_index("line_row"), on="process", how="inner", maintain_order="left_right", suffix="_line"
    )


def _run_times(tables: Tables, timeline: Timeline) -> tuple[Ints, Ints]:
    """Return (wip,) start and end of firm runs, seconds."""
    wip, processes = tables["wip"], tables["processes"]
    lead = floats(processes["lead_days"], 0.0)[positions(wip["process"], processes["process"])]
    started = timeline.seconds_of(wip["started"], 0)
    ends = timeline.seconds_of(wip["ends"], NEVER)
    return started, np.where(ends == NEVER, started + seconds_of_days(lead), ends)


def fixed_movements(
    tables: Tables, timeline: Timeline, receipt_node: Ints, flow_node: Ints, flow_yielded: Floats, flow_post: Ints
) -> Fixed:
    """Return receipts and the flows of firm runs that fall into the horizon.

    Parameters
    ----------
    receipt_node : (receipt,) node where each arrives
    flow_node, flow_yielded, flow_post : (flow,) node, units per run after yield, safety time in seconds
    """
    receipts = tables["receipts"]
    pairs = _pairs(
        tables["wip"].select("process", "quantity"),
        tables["flows"].select(
            "process", "offset_from", "offset_days", "start_from", "start_until", flow_quantity="quantity"
        ),
    )
    run, flow = pairs["wip_row"].to_numpy().astype(np.int64), pairs["line_row"].to_numpy().astype(np.int64)
    started, ended = (times[run] for times in _run_times(tables, timeline))
    from_end = flow_counts_from_end(pairs["offset_from"], pairs["flow_quantity"])
    instant = np.where(from_end, ended, started) + seconds_of_days(floats(pairs["offset_days"], 0.0)) + flow_post[flow]
    holds = (started >= timeline.seconds_of(pairs["start_from"], -NEVER)) & (
        started < timeline.seconds_of(pairs["start_until"], NEVER)
    )
    node = np.concatenate([receipt_node, flow_node[flow]])
    bucket = timeline.bucket_of(np.concatenate([timeline.seconds_of(receipts["date"], 0), instant]))
    quantity = np.concatenate([floats(receipts["quantity"], 0.0), floats(pairs["quantity"], 0.0) * flow_yielded[flow]])
    wip_row = np.concatenate([np.full(len(receipts), -1), run]).astype(np.int64)
    keep = (bucket >= 0) & (bucket < timeline.count) & np.concatenate([np.ones(len(receipts), dtype=bool), holds])
    return Fixed(node[keep], bucket[keep], quantity[keep], wip_row[keep])


def flow_counts_from_end(offset_from: pl.Series, quantity: pl.Series) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Return which flows count their offset from the end of the run: as said, else outputs do and inputs do not."""
    said = offset_from.to_frame("said").with_columns(quantity.alias("quantity"))
    return (
        said.select(pl.when(pl.col("said").is_null()).then(pl.col("quantity") > 0).otherwise(pl.col("said") == "end"))
        .to_series()
        .to_numpy()
    )


def firm_loads(tables: Tables, timeline: Timeline, load_resource: Ints) -> Floats:
    """Return (resource, bucket) what firm runs take of each resource inside the horizon."""
    result = np.zeros((len(tables["resources"]), timeline.count))
    pairs = _pairs(
        tables["wip"].select("process", "quantity"),
        tables["loads"].select("process", "from_days", "until_days"),
    )
    run, load = pairs["wip_row"].to_numpy().astype(np.int64), pairs["line_row"].to_numpy().astype(np.int64)
    started, ended = (times[run] for times in _run_times(tables, timeline))
    begin = started + seconds_of_days(floats(pairs["from_days"], 0.0))
    until = floats(pairs["until_days"], np.nan)
    end = np.where(np.isnan(until), ended, started + seconds_of_days(np.nan_to_num(until)))
    total = floats(pairs["quantity"], 0.0) * first_loads(tables)[load]
    edges = timeline.edges
    for bucket in range(timeline.count):
        overlap = np.minimum(end, edges[bucket + 1]) - np.maximum(begin, edges[bucket])
        at_once = (begin >= edges[bucket]) & (begin < edges[bucket + 1])
        share = np.where(end > begin, np.maximum(overlap, 0) / np.maximum(end - begin, 1), at_once)
        np.add.at(result[:, bucket], load_resource[load], total * share)
    return result
