"""Versions as a plan uses them, written as processes: a newer item becomes an older one, and old stock is written off.

The stress test knows no versions; it carries these processes out like any other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import polars as pl

from ..network import Network
from ..tables import Tables
from .rows import with_rows

STANDS_IN, WRITTEN_OFF = "stands_in", "written_off"


def with_versions(
    tables: Tables, network: Network, frames: Mapping[str, pl.DataFrame]
) -> tuple[Tables, Mapping[str, pl.DataFrame]]:
    """Return a programme and its plan with a process for every way to stand in, and to write off; both come last.

    The processes are the same for all plans of a programme, whatever these use.

    Parameters
    ----------
    network : the programme, on buckets or periods
    frames : result tables of the plan by name
    """
    versions = network.versions
    pairs = _names(tables, network, versions.old).with_columns(given=_names(tables, network, versions.new)["item"])
    gone = np.flatnonzero((versions.obsolete < network.timeline.count) | versions.disposable)
    ends = _names(tables, network, gone)
    if pairs.is_empty() and ends.is_empty():
        return tables, frames
    pairs, ends = pairs.with_columns(process=_stands_in()), ends.with_columns(process=_written_off())
    flows = [{"process": p, "item": i, "quantity": 1.0} for p, i in pairs.select("process", "item").iter_rows()]
    flows += [{"process": p, "item": i, "quantity": -1.0} for p, i in pairs.select("process", "given").iter_rows()]
    flows += [{"process": p, "item": i, "quantity": -1.0} for p, i in ends.select("process", "item").iter_rows()]
    processes = [
        {"process": process, "site": site}
        for frame in (pairs, ends)
        for process, site in frame.select("process", "site").iter_rows()
    ]
    carried = {
        "processes": with_rows(tables["processes"], "processes", processes),
        "flows": with_rows(tables["flows"], "flows", flows),
    }
    return replace(tables, frames={**tables.frames, **carried}), {**frames, "runs": _with_runs(frames)}


def _names(tables: Tables, network: Network, nodes: np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "item": tables["items"]["item"].gather(network.nodes.item[nodes]),
            "site": tables["sites"]["site"].gather(network.nodes.site[nodes]),
        }
    )


def _stands_in() -> pl.Expr:
    return pl.format(f"{STANDS_IN}.{{}}.{{}}.{{}}", "given", "item", "site")


def _written_off() -> pl.Expr:
    return pl.format(f"{WRITTEN_OFF}.{{}}.{{}}", "item", "site")


def _with_runs(frames: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return the runs of a plan, with a run for every unit that stands in or is written off."""
    runs, kept = frames["runs"], ("process", "site", "bucket", "quantity")
    made = frames["stand_ins"].with_columns(process=_stands_in()).group_by(kept[:3], maintain_order=True)
    stands_in = made.agg(pl.col("quantity").sum())
    gone = frames["write_offs"].with_columns(process=_written_off()).select(kept)
    return pl.concat([runs, stands_in.select(kept), gone], how="diagonal")
