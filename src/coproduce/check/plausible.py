"""Values that are well-formed and hardly meant: slips of a unit or a year, country codes that nobody has."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import polars as pl

from ..errors import Problem
from ..tables import INPUT_TABLES, Column
from .countries import country_code, exists
from .view import View

FACTOR, FEWEST = 100.0, 4
"""How far a value may be from the median of its kind, and the values that a median needs."""

COMPUTED = "baseline"
"""Table that holds the quantities of a plan, which are as small and large as they are."""

FAR = timedelta(days=40 * 365)
"""How far a date may be from the start of the programme."""


def outliers(view: View) -> Iterator[Problem]:
    """Report numbers 100 times and more above the median of their column for the same item, or that much below."""
    for table, spec in INPUT_TABLES.items():
        if table == COMPUTED:
            continue
        for column in spec.columns.values():
            if column.kind == "number" and view.given(table, column.name):
                yield from _outliers(view, table, column)


def _outliers(view: View, table: str, column: Column) -> Iterator[Problem]:
    frame = view[table]
    by_item = "item" in frame.columns and INPUT_TABLES[table].columns["item"].kind == "reference"
    if not by_item and column.unit != "days":
        return  # Without an item there is nothing that says which values are of a kind.
    group = pl.col("item") if by_item and column.unit != "days" else pl.lit(0)
    sized = frame.select("row", size=pl.col(column.name).abs(), value=column.name, group=group).filter(
        pl.col("size") > 0
    )
    ratio = pl.col("size") / pl.col("median")
    money = "currency" in column.unit  # A price may be almost nothing: a move inside one town, a gift.
    far = (ratio >= FACTOR) | (ratio <= (0 if money else 1 / FACTOR))
    kinds = sized.group_by("group").agg(median=pl.col("size").median(), count=pl.len())
    found = sized.join(kinds, on="group", maintain_order="left").filter((pl.col("count") >= FEWEST) & far)
    for row, value, median in found.select("row", "value", "median").iter_rows():
        message = f"{column.name} {value:.15g} is {_times(abs(value), median)} the usual {median:.6g} of such rows"
        yield view.problem("W529", table, row, column.name, message, seen=f"{value:.15g}", hint="check the unit")


def _times(value: float, median: float) -> str:
    return f"{value / median:,.0f} times" if value > median else f"1/{median / value:,.0f} of"


def far_dates(view: View) -> Iterator[Problem]:
    """Report dates more than 40 years from the start of the programme."""
    start = view.setting("start")
    if not isinstance(start, datetime):
        return
    for table, spec in INPUT_TABLES.items():
        for name in (column.name for column in spec.columns.values() if column.kind == "date"):
            if table == "programme" or not view.given(table, name):
                continue
            far = view[table].filter(((pl.col(name) - start) > FAR) | ((start - pl.col(name)) > FAR))
            for row, moment in far.select("row", name).iter_rows():
                message = f"{name} {moment:%Y-%m-%d} is decades from the start of the programme, {start:%Y-%m-%d}"
                yield view.problem("W530", table, row, name, message, seen=f"{moment:%Y-%m-%d}")


def unknown_countries(view: View) -> Iterator[Problem]:
    """Report country codes that ISO 3166 does not have."""
    for table, spec in INPUT_TABLES.items():
        for name in (column.name for column in spec.columns.values() if column.kind == "country"):
            if not view.given(table, name):
                continue
            codes = view[table].select("row", name).drop_nulls()
            strange = [code for code in codes[name].unique().to_list() if not exists(code)]
            for row, code in codes.filter(pl.col(name).is_in(strange)).iter_rows():
                message, meant = f'{name} "{code}" is the code of no country', country_code(code)
                yield view.problem("W531", table, row, name, message, seen=code, hint=f"write {meant}" if meant else "")
