"""Agreements: that each says whom it is about and how much, and that there is something it is about."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from ..calendar import DAY
from ..errors import Problem
from ..tables import INPUT_TABLES
from ..tables.keys import listed
from .view import View

_ONE_OF = (
    ("shares", ("party", "country"), True),
    ("shares", ("item", "family"), False),
    ("fair_shares", ("item", "family"), False),
    ("export_floors", ("item", "family"), True),
    ("export_floors", ("quantity", "share"), True),
    ("reservations", ("processes", "party"), True),
    ("reservations", ("share", "quantity"), True),
    ("transit_limits", ("item", "family"), True),
    ("origin_limits", ("contract", "item"), False),
    ("origin_limits", ("contract", "family"), False),
    ("origin_limits", ("item", "family"), False),
    ("origin_limits", ("instrument", "countries"), True),
)
"""Cells of which at most one may be filled, and whether one must be."""

_LIMITS = (("shares", ("minimum", "maximum")), ("transit_limits", ("days", "crossings")))
"""Cells that limit something; a row without any of them limits nothing."""


def ambiguous_agreements(view: View) -> Iterator[Problem]:
    """Report rows that fill both of two cells of which one is meant, or none where one is needed."""
    for table, (first, second), needed in _ONE_OF:
        if {(table, first), (table, second)} & view.flawed:
            continue
        both = pl.col(first).is_not_null() & pl.col(second).is_not_null()
        none = pl.col(first).is_null() & pl.col(second).is_null()
        key = next(iter(INPUT_TABLES[table].columns))
        for row, name, filled in view[table].filter(both | none).select("row", key, both.alias("filled")).iter_rows():
            if filled or needed:
                what = f"both {first} and {second}" if filled else f"neither {first} nor {second}"
                column = second if filled else first
                message = f'{key} "{name}" gives {what}'
                yield view.problem("E431", table, row, column, message, expected=f"{first} or {second}")


def reversed_shares(view: View) -> Iterator[Problem]:
    """Report work shares whose least is above their most."""
    wrong = view["shares"].filter(pl.col("minimum") > pl.col("maximum"))
    for row, least, most in wrong.select("row", "minimum", "maximum").iter_rows():
        message = f"the least share {least:g} is above the largest {most:g}"
        yield view.problem("E432", "shares", row, "minimum", message, seen=least, expected=f"at most {most:g}")


def limitless_agreements(view: View) -> Iterator[Problem]:
    """Report agreements that limit nothing."""
    for table, limits in _LIMITS:
        if any((table, limit) in view.flawed for limit in limits):
            continue
        key = next(iter(INPUT_TABLES[table].columns))
        for row, name in view[table].filter(pl.all_horizontal(pl.col(limits).is_null())).select("row", key).iter_rows():
            message = f'{key} "{name}" has neither {limits[0]} nor {limits[1]}'
            yield view.problem("W561", table, row, limits[0], message)


def unvalued_items(view: View) -> Iterator[Problem]:
    """Report items without a value where a work share by value needs one: at the first flow's item, once each."""
    by_value = view["shares"].filter(pl.col("measure") == "value")
    if by_value.is_empty() or not view.is_sound("items", "flows", "shares"):
        return
    covered = {item for row in by_value.iter_rows(named=True) for item in _items(view, row)}
    made = view["flows"].filter((pl.col("quantity") > 0) & pl.col("item").is_in(list(covered)))["process"]
    silent = view["processes"].filter(pl.col("work_value").is_null() & pl.col("process").is_in(made.implode()))
    flows = view["flows"].filter(pl.col("process").is_in(silent["process"].implode()))
    needed = flows.group_by("item", maintain_order=True).agg(pl.col("process").first())
    bare = view["items"].filter(pl.col("unit_value").is_null()).join(needed, on="item", maintain_order="left")
    for row, item, process in bare.select("row", "item", "process").iter_rows():
        message = f'"{item}" has no unit_value, which the work share by value of "{process}" needs'
        hint = f'give the item a unit_value, or the process "{process}" a work_value'
        yield view.problem("E433", "items", row, "unit_value", message, hint=hint)


def pointless_agreements(view: View) -> Iterator[Problem]:
    """Report agreements that are about nothing: no work, no demands, no lanes to which they apply."""
    tables = ("sites", "items", "flows", "processes", "loads", "lanes", "demands", *_ABOUT)
    if not view.is_sound(*tables):
        return
    for table, missing in _ABOUT.items():
        for row in view[table].iter_rows(named=True):
            what = missing(view, row)
            if what:
                key = next(iter(INPUT_TABLES[table].columns))
                yield view.problem("W562", table, row["row"], key, f'{key} "{row[key]}" applies to nothing: {what}')


def _items(view: View, row: dict[str, object]) -> pl.Series:
    """Return the items that the scope of a row covers."""
    items = view["items"]
    if row["item"] is not None:
        items = items.filter(item=row["item"])
    elif row["family"] is not None:
        items = items.filter(family=row["family"])
    return items["item"]


def _share(view: View, row: dict[str, object]) -> str:
    column = "party" if row["party"] is not None else "country"
    if view["sites"].filter(pl.col(column) == row[column]).is_empty():
        return f"no site has the {column} {row[column]}"
    made = view["flows"].filter((pl.col("quantity") > 0) & pl.col("item").is_in(_items(view, row).implode()))
    return "no process makes what it is about" if made.is_empty() else ""


def _set(view: View, row: dict[str, object]) -> str:
    members = view["demands"].filter((pl.col("set") == row["set"]) & (pl.col("quantity") > 0)).height
    return "" if members > 1 else f"{'only one demand' if members else 'no demand'} belongs to it"


def _demands(view: View, row: dict[str, object]) -> pl.DataFrame:
    return view["demands"].filter(pl.col("item").is_in(_items(view, row).implode()) & (pl.col("quantity") > 0))


def _fair(view: View, row: dict[str, object]) -> str:
    parties = _demands(view, row).filter(priority=row["priority"])["party"].drop_nulls().n_unique()
    return "" if parties > 1 else f"demands of its tier and scope name {parties or 'no'} party, two are needed"


def _floor(view: View, row: dict[str, object]) -> str:
    kinds = set(_demands(view, row)["kind"])
    absent = [kind for kind in ("domestic", "export") if kind not in kinds]
    return f"there is no {absent[0]} demand for what it is about" if absent else ""


def _reservation(view: View, row: dict[str, object]) -> str:
    users = view["loads"].filter(pl.col("resource") == row["resource"])["process"]
    if row["party"] is not None:
        sites = view["sites"].filter(pl.col("party") == row["party"])["site"]
        own = view["processes"].filter(pl.col("site").is_in(sites.implode()))["process"].to_list()
    else:
        own = list(listed(str(row["processes"] or "")))
    return "" if set(own) & set(users) else "none of the processes that it is for loads the resource"


def _border(view: View, row: dict[str, object]) -> str:
    return "no lane names it" if view["lanes"].filter(pl.col("border") == row["border"]).is_empty() else ""


def _transit(view: View, row: dict[str, object]) -> str:
    return "there is no demand for what it is about" if _demands(view, row).is_empty() else ""


def _origin(view: View, row: dict[str, object]) -> str:
    if row["contract"] is None:
        return "there is no demand for what it is about" if _demands(view, row).is_empty() else ""
    demands = view["demands"].filter((pl.col("contract") == row["contract"]) & (pl.col("quantity") > 0))
    return "the contract has no demands" if demands.is_empty() else ""


_ABOUT = {
    "shares": _share,
    "sets": _set,
    "fair_shares": _fair,
    "export_floors": _floor,
    "reservations": _reservation,
    "borders": _border,
    "transit_limits": _transit,
    "origin_limits": _origin,
}
"""By table: what is missing for a row to apply to anything; empty if nothing is."""


def impossible_sets(view: View) -> Iterator[Problem]:
    """Report sets whose demands have no bucket in common in which all of them may be delivered."""
    if view.timeline is None or not view.is_sound("demands", "sets"):
        return
    timeline = view.timeline
    demands = view["demands"].filter((pl.col("quantity") > 0) & pl.col("due").is_not_null())
    due = timeline.seconds_of(demands["due"], 0)
    due_end = timeline.edges[np.clip(timeline.bucket_of(due), 0, timeline.count - 1) + 1]
    late = demands["maximum_late_days"].fill_null(np.inf).to_numpy() * DAY
    first = np.maximum(timeline.bucket_of(timeline.seconds_of(demands["earliest"], 0)), 0)
    last = np.searchsorted(timeline.edges[1:], np.where(due < 0, due, due_end) + late, side="right") - 1
    spans = demands.select("set").with_columns(first=pl.Series(first), last=pl.Series(last))
    bounds = spans.drop_nulls("set").group_by("set").agg(pl.col("first").max(), pl.col("last").min())
    empty = bounds.filter(pl.col("first") > pl.col("last"))["set"]
    for row, name in view["sets"].filter(pl.col("set").is_in(empty.implode())).select("row", "set").iter_rows():
        message = f'set "{name}" cannot be delivered: its demands may be delivered in no bucket together'
        yield view.problem("W563", "sets", row, "set", message, hint="check earliest and maximum_late_days")
