"""Promises: that they name parties and rows which exist, say what a promise of their kind must say, and stand once."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from ..errors import Problem
from ..read.names import did_you_mean
from ..tables import INPUT_TABLES, Column
from ..tables.evidence import STEPS
from ..tables.keys import key_columns, key_pattern, listed, named_rows, row_key
from .view import View

_COUNTED_TWICE = ("source", "item", "site", "status", "quantity", "per", "start", "due")
"""What two rows have in common that promise the same quantity."""


def unknown_names(view: View) -> Iterator[Problem]:
    """Report names in a list of ids which the other table does not have."""
    for table, spec in INPUT_TABLES.items():
        for column in spec.columns.values():
            if column.list_of and view.given(table, column.name) and column.list_of not in view.raw.spoilt:
                yield from _unknown(view, table, column)


def _unknown(view: View, table: str, column: Column) -> Iterator[Problem]:
    target = column.list_of
    known = view[target][next(iter(INPUT_TABLES[target].columns))].drop_nulls().to_list()
    for row, cell in view[table].select("row", column.name).drop_nulls().iter_rows():
        for name in sorted(set(listed(cell)) - set(known)):
            message = f'{column.name} "{name}" is unknown: the table {target} does not have it'
            hint = did_you_mean(name, known)
            yield view.problem("E302", table, row, column.name, message, seen=name, hint=hint)


def unknown_rows(view: View) -> Iterator[Problem]:
    """Report names of rows that no table has."""
    keys: dict[str, pl.Series] = {}
    for row, cell in view["commitments"].select("row", "used_in").drop_nulls().iter_rows():
        for table, key in named_rows(cell):
            if table not in INPUT_TABLES:
                message, hint = f'there is no table "{table}"', did_you_mean(table, list(INPUT_TABLES))
                yield view.problem("E310", "commitments", row, "used_in", message, seen=table, hint=hint)
                continue
            if table not in keys:
                keys[table] = view[table].select(row_key(INPUT_TABLES[table])).to_series()
            if table not in view.raw.spoilt and not _is_among(keys[table], key):
                message = f'no row of {table} has the key "{key}"'
                form = f"{table}:{'/'.join(key_columns(INPUT_TABLES[table]))}"
                yield view.problem("E310", "commitments", row, "used_in", message, seen=key, expected=form)


def _is_among(keys: pl.Series, key: str) -> bool:
    return bool((keys.str.contains(key_pattern(key)) if "*" in key else keys == key).any())


def incomplete_contracts(view: View) -> Iterator[Problem]:
    """Report contracts and deliveries without a quantity or a date."""
    firm = view["commitments"].filter(pl.col("status").is_in(["contracted", "delivered"]))
    for row in firm.iter_rows(named=True):
        dates = ("due", "said") if row["status"] == "delivered" else ("due",)
        missing = [] if row["quantity"] is not None else ["quantity"]
        missing += [] if any(row[name] is not None for name in dates) else ["due"]
        absent = [name for name in missing if ("commitments", name) not in view.flawed]
        if absent:
            message = f'"{row["commitment"]}" is {row["status"]}, but has no {" and no ".join(absent)}'
            yield view.problem("W524", "commitments", row["row"], absent[0], message)


def misdated_statements(view: View) -> Iterator[Problem]:
    """Report statements that are later than the source which reports them."""
    sources = view["sources"].select("source", "published").drop_nulls().unique("source")
    late = view["commitments"].join(sources, on="source", how="inner", maintain_order="left")
    late = late.filter(pl.col("said").dt.date() > pl.col("published").dt.date())
    for row, source, said, published in late.select("row", "source", "said", "published").iter_rows():
        message = f'said on {said:%Y-%m-%d}, but the source "{source}" was published on {published:%Y-%m-%d}'
        yield view.problem("W525", "commitments", row, "said", message, seen=said, expected=f"{published} or earlier")


def receding_promises(view: View) -> Iterator[Problem]:
    """Report promises that were signed or firmer and are later said to be less firm."""
    steps = {step: number for number, step in enumerate(STEPS)}
    told = view["commitments"].filter(pl.col("status").is_in(list(STEPS))).drop_nulls(["commitment", "said"])
    for _, rows in told.sort("said", maintain_order=True).group_by("commitment", maintain_order=True):
        before = None
        for row in rows.iter_rows(named=True):
            if before and row["said"] > before["said"] and steps[row["status"]] < steps[before["status"]]:
                message = (
                    f'"{row["commitment"]}" is {row["status"]} on {row["said"]:%Y-%m-%d}, but was {before["status"]} '
                    f"on {before['said']:%Y-%m-%d}"
                )
                yield view.problem("W526", "commitments", row["row"], "status", message, seen=row["status"])
            elif steps[row["status"]] >= steps["signed"]:
                before = row


def promises_twice(view: View) -> Iterator[Problem]:
    """Report rows in which one source says the same under two ids."""
    rows = view["commitments"].with_columns(words=pl.col("wording").str.to_lowercase().str.replace_all(r"\W+", " "))
    same_words = rows.drop_nulls("words")
    same_facts = rows.filter(pl.col("item").is_not_null() & pl.col("quantity").is_not_null())
    pairs = [_repeated(same_words, ("source", "words")), _repeated(same_facts, _COUNTED_TWICE)]
    for row, commitment, other in pl.concat(pairs).unique("row", maintain_order=True).iter_rows():
        message = f'"{commitment}" says the same as "{other}", from the same source'
        yield view.problem("W527", "commitments", row, "commitment", message, seen=commitment)


def _repeated(rows: pl.DataFrame, columns: tuple[str, ...]) -> pl.DataFrame:
    """Return row, id and the id of the first row that is the same in these columns and has another id."""
    first = rows.with_columns(other=pl.col("commitment").first().over(columns))
    return first.filter(pl.col("commitment") != pl.col("other")).select("row", "commitment", "other")


def uncounted_quantities(view: View) -> Iterator[Problem]:
    """Report quantities of which neither an item nor a unit says what they count."""
    bare = view["commitments"].filter(
        pl.col("quantity").is_not_null() & pl.col("item").is_null() & pl.col("unit").is_null()
    )
    if ("commitments", "item") in view.flawed:
        return
    for row, quantity in bare.select("row", "quantity").iter_rows():
        yield view.problem("W528", "commitments", row, "quantity", f"{quantity:g} of what is not said", seen=quantity)
