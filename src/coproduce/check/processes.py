"""Processes, their flows and the lanes between sites."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from ..errors import Problem
from .view import View


def processes_without_output(view: View) -> Iterator[Problem]:
    """Report processes out of which nothing comes, firm runs that only take up capacity apart."""
    if not view.is_sound("flows", "loads", "wip"):
        return
    flows = view["flows"]
    productive = flows.filter(pl.col("quantity") > 0)["process"].unique()
    known = set(flows["process"].unique())
    firm = set(view["wip"]["process"]) & set(view["loads"]["process"]) - known
    idle = view["processes"].filter(~pl.col("process").is_in([*productive, *firm]))
    for row, process in idle.select("row", "process").drop_nulls().iter_rows():
        what = "has no flow with a positive quantity" if process in known else "has no flows"
        yield view.problem("E406", "processes", row, "process", f'process "{process}" {what}', seen=process)


def empty_flows(view: View) -> Iterator[Problem]:
    """Report flows of nothing."""
    for row, item in view["flows"].filter(pl.col("quantity") == 0).select("row", "item").iter_rows():
        yield view.problem("W507", "flows", row, "quantity", f'the flow of "{item}" has the quantity 0', seen=0)


def processes_without_input(view: View) -> Iterator[Problem]:
    """Report processes with several flows that are all positive: a minus sign was probably forgotten."""
    if not view.is_sound("flows"):
        return
    signs = view["flows"].group_by("process").agg(count=pl.len(), least=pl.col("quantity").min())
    suspect = signs.filter((pl.col("count") > 1) & (pl.col("least") > 0))["process"]
    found = view["processes"].filter(pl.col("process").is_in(suspect.implode()))
    for row, process in found.select("row", "process").iter_rows():
        message = f'process "{process}" takes nothing in: all its flows are positive'
        yield view.problem("W521", "processes", row, "process", message, hint="inputs need a minus sign")


def late_inputs(view: View) -> Iterator[Problem]:
    """Report inputs that are taken after every output of the run has come out."""
    if not view.is_sound("flows", "processes"):
        return
    flows = flow_times(view)
    last_output = flows.filter(pl.col("quantity") > 0).group_by("process").agg(last=pl.col("days").max())
    inputs = flows.filter(pl.col("quantity") < 0).join(last_output, on="process", how="inner", maintain_order="left")
    late = inputs.filter(pl.col("days") > pl.col("last") + 1e-9).select("row", "item", "days", "last")
    for row, item, days, last in late.iter_rows():
        message = (
            f'the input "{item}" is taken {days:g} days after the start of a run; its last output is out after {last:g}'
        )
        yield view.problem("W520", "flows", row, "offset_days", message)


def flow_times(view: View) -> pl.DataFrame:
    """Return the flows with `days`, the time from the start of a run, and the `site` of the process."""
    processes = view["processes"].select("process", "site", "lead_days", "post_days").unique("process", keep="first")
    output = pl.col("quantity") > 0
    from_end = (
        pl.coalesce(pl.col("offset_from"), pl.when(output).then(pl.lit("end")).otherwise(pl.lit("start"))) == "end"
    )
    lead = pl.when(from_end).then(pl.col("lead_days")).otherwise(0.0)
    post = pl.when(output).then(pl.col("post_days")).otherwise(0.0)
    flows = view["flows"].join(processes, on="process", how="inner", maintain_order="left")
    return flows.with_columns(days=lead + pl.col("offset_days") + post)


def circular_lanes(view: View) -> Iterator[Problem]:
    """Report lanes that lead to where they begin."""
    same = view["lanes"].filter(pl.col("from_site") == pl.col("to_site")).select("row", "lane", "to_site")
    for row, lane, site in same.iter_rows():
        message = f'lane "{lane}" leads from {site} to {site}'
        yield view.problem("E407", "lanes", row, "to_site", message, seen=site)
