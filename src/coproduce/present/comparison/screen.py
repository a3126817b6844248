"""The comparison on the screen: key figures, stages, deliveries, costs, and what changes for single demands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from rich.markup import escape
from rich.table import Table

from ...results.comparison import Comparison
from ..words.formats import inclusive, quantity
from ..words.names import STATUS_WORDS, Names
from .page import signed
from .wide import VIEWS, columns, names_of

MOST_DEMANDS = 20
Row = dict[str, Any]


def tables(comparison: Comparison) -> Iterator[Table]:
    """Yield the tables to show, each with a column for every run; changes stand in brackets."""
    names = names_of(comparison)
    yield _table("Key figures", ("figure", "unit"), "figures", comparison, names, _value("value"))
    yield _table("Stages", ("stage", "unit"), "stages", comparison, names, _interval)
    yield _table("Delivered by year", ("item", "unit", "year"), "deliveries", comparison, names, _value("delivered"))
    yield _table("Cost by kind", ("kind", "currency"), "costs", comparison, names, _value("amount"))
    yield _table("What limits (one more unit changes the stage by)", ("entity", "stage", "unit"), "limits",
                 comparison, names, _limit)  # fmt: skip
    yield _table("Used of resources", ("resource", "unit"), "resources", comparison, names, _value("used"))
    yield _table("Demands: last delivery, late unit-days", ("demand",), "demands", comparison, names, _demand)


def _table(
    title: str, keys: tuple[str, ...], table: str, comparison: Comparison, names: Names, cell: Callable[[Row], str]
) -> Table:
    frame = comparison.frames[table]
    view = next(view for view in VIEWS if view.table == table)
    heads = {one.column: one.values for one in columns(view, comparison, names)[: len(view.keys)]}
    made = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    for key in keys:
        made.add_column(key)
    for run in comparison.names:
        made.add_column(escape(run), justify="right")
    groups = list(frame.group_by(list(view.keys), maintain_order=True))
    for at, (_, part) in enumerate(groups[:MOST_DEMANDS] if table == "demands" else groups):
        own = {row["run"]: row for row in part.iter_rows(named=True)}
        cells = [cell(own[run]) if run in own else "–" for run in comparison.names]
        made.add_row(*(escape(str(heads[key][at])) for key in keys), *cells)
    if table == "demands" and len(groups) > MOST_DEMANDS:
        made.caption = f"the first {MOST_DEMANDS} of {len(groups):,}; --out writes all of them"
    return made


def _changed(value: str, change: float | None) -> str:
    return f"{value} ({signed(change)})" if change is not None and abs(change) > 1e-6 else value


def _value(column: str) -> Callable[[Row], str]:
    return lambda row: _changed(quantity(row[column]), row["difference"])


def _interval(row: Row) -> str:
    """Write a stage; where it is not proven to the end, the change is an interval."""
    value, least, most = quantity(row["value"]), row["least"], row["most"]
    if row["difference"] is None:
        return value
    if least is None or most is None:
        return f"{value} ({signed(row['difference'])}, not proven)"
    if most - least <= 1e-6 * max(abs(row["value"]), 1.0):
        return _changed(value, row["difference"])
    return f"{value} ({signed(least)} to {signed(most)})"


def _limit(row: Row) -> str:
    return quantity(row["one_more"]) if row["binds"] == "yes" else "–"


def _demand(row: Row) -> str:
    last = inclusive(row["last_delivery"])
    words = f"{STATUS_WORDS[row['status']].lower()} {last:%Y-%m-%d}" if last else STATUS_WORDS[row["status"]].lower()
    return _changed(f"{words}, {quantity(row['late_unit_days'])}", row["difference"])
