"""Joint set-ups: that a group stays at one site, is used, and costs or takes something."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from ..errors import Problem
from .view import View


def scattered_groups(view: View) -> Iterator[Problem]:
    """Report processes that share the set-up of another site."""
    groups = view["setup_groups"].select("setup_group", of="site").unique("setup_group", keep="first")
    joined = view["processes"].join(groups, on="setup_group", how="inner", maintain_order="left")
    wrong = joined.filter(pl.col("site") != pl.col("of")).select("row", "process", "site", "setup_group", "of")
    for row, process, site, group, of in wrong.iter_rows():
        message = f'process "{process}" runs at {site}; the set-up "{group}" is made at {of}'
        yield view.problem("E782", "processes", row, "setup_group", message, seen=group, expected=f"a group of {site}")


def idle_groups(view: View) -> Iterator[Problem]:
    """Report groups that no process names, and those whose set-up costs and takes nothing."""
    groups = view["setup_groups"]
    if view.is_sound("processes"):
        unused = groups.filter(~pl.col("setup_group").is_in(view["processes"]["setup_group"].drop_nulls().implode()))
        for row, group in unused.select("row", "setup_group").drop_nulls().iter_rows():
            message = f'no process shares the set-up "{group}"'
            yield view.problem("W781", "setup_groups", row, "setup_group", message, seen=group)
    if view.is_sound("setup_loads"):
        taking = view["setup_loads"].filter(pl.col("quantity") > 0)["setup_group"].drop_nulls()
        free = groups.filter((pl.col("cost") == 0) & ~pl.col("setup_group").is_in(taking.implode()))
        for row, group in free.select("row", "setup_group").drop_nulls().iter_rows():
            yield view.problem("W783", "setup_groups", row, "cost", f'the set-up "{group}" costs and takes nothing')


def unfunded_setups(view: View) -> Iterator[Problem]:
    """Report contracts that keep to their money beside joint set-ups, whose cost the plan does not hold against it."""
    groups = set(view["processes"]["setup_group"].drop_nulls())
    if not groups:
        return
    kept = view["contracts"].filter(pl.col("plan_keeps").fill_null("nothing") != "nothing")
    for row, contract, keeps in kept.select("row", "contract", "plan_keeps").iter_rows():
        message = f'contract "{contract}" keeps to its {keeps}, beside which joint set-ups are not counted'
        yield view.problem("E783", "contracts", row, "plan_keeps", message, seen=keeps)


def distant_setups(view: View) -> Iterator[Problem]:
    """Report set-ups that load a resource of another site."""
    groups = view["setup_groups"].select("setup_group", of="site").unique("setup_group", keep="first")
    resources = view["resources"].select("resource", stands_at="site").unique("resource", keep="first")
    loads = view["setup_loads"].join(groups, on="setup_group", maintain_order="left")
    found = loads.join(resources, on="resource", maintain_order="left").filter(pl.col("of") != pl.col("stands_at"))
    for row, group, of, resource, at in found.select("row", "setup_group", "of", "resource", "stands_at").iter_rows():
        message = f'the set-up "{group}" is made at {of} and loads "{resource}", which stands at {at}'
        yield view.problem("W782", "setup_loads", row, "resource", message, seen=resource)
