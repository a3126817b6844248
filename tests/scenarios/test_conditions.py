"""Conditions pick the rows that a reader would pick by hand."""

from __future__ import annotations

import polars as pl
import pytest
from changed import programme
from good_programme import frames_of

from coproduce.read import from_frames
from coproduce.scenarios.change import ChangeError, lines
from coproduce.scenarios.where import rows_where


def picked(table: str, where: str) -> list[int]:
    """Return the rows of a table that fit, from 0."""
    raw = from_frames(frames_of(programme((table, where, "", "remove", ""))))
    return rows_where(lines(raw)["s"][0], raw.sheets[table])


# The demands: d1 partner 30 due 31 March, earliest 1 February; d2 export 12.5 due 30 September; d3 7 due 1 October, no
# kind (which means domestic) and no priority (which means 1).
@pytest.mark.parametrize(
    ("where", "rows"),
    [
        ("demand = d2", [1]),
        ("demand=d2", [1]),
        ("DEMAND = d2", [1]),
        ("demand != d2", [0, 2]),
        ("demand <> d2", [0, 2]),
        ("demand in d1|d3", [0, 2]),
        ("demand IN d1 | d3", [0, 2]),
        ("demand = d*", [0, 1, 2]),
        ("kind = domestic", [2]),
        ("kind = Export", [1]),
        ("priority = 1", [0, 2]),
        ("quantity > 7", [0, 1]),
        ("quantity >= 12.5", [0, 1]),
        ("quantity < 12.5", [2]),
        ("quantity <= 7.0", [2]),
        ("quantity in 7|30", [0, 2]),
        ("due > 2026-03-31", [1, 2]),
        ("due = 2026-09-30", [1]),
        ("earliest = (empty)", [1, 2]),
        ("earliest != (empty)", [0]),
        ("earliest < 2027-01-01", [0]),
        ("unit != piece", [2]),
        ("item = pump; quantity < 20; kind != domestic", [1]),
        ('item = "pump"', [0, 1, 2]),
        ("*", [0, 1, 2]),
        ("", [0, 1, 2]),
        ("all_or_nothing = no", [0, 1, 2]),
        ("weight = 1", [0, 1, 2]),
    ],
)
def test_the_rows_that_fit_are_those_picked_by_hand(where: str, rows: list[int]) -> None:
    assert picked("demands", where) == rows


@pytest.mark.parametrize(
    ("where", "code", "says"),
    [
        ("demand d2", "E602", "not of the form"),
        ("= d2", "E602", "not of the form"),
        ("demand =", "E602", "has no value"),
        ("demand = d1|d2", "E602", "lists several values"),
        ('name = "open', "E602", "not closed"),
        ("quantity = many", "E602", "many"),
        ("due < soon", "E602", "soon"),
        ("kind = partnr", "E602", "partnr"),
        ("kind < partner", "E602", "compares numbers and dates"),
        ("quantity > (empty)", "E602", "compares numbers and dates"),
        ("quantty = 3", "E601", "has no column"),
        ("demand = d9", "E603", "no row of demands has demand = d9"),
        ("demand = d1; quantity = 7", "E603", "no row of demands fits all of"),
    ],
)
def test_a_condition_that_cannot_be_met_says_why(where: str, code: str, says: str) -> None:
    with pytest.raises(ChangeError) as failure:
        picked("demands", where)
    assert (failure.value.code, failure.value.column) == (code, "where")
    assert says in failure.value.message


def test_a_condition_suggests_the_value_that_it_resembles() -> None:
    with pytest.raises(ChangeError) as failure:
        picked("lanes", "lane = raod")
    assert failure.value.hint == 'did you mean "road"?'
    with pytest.raises(ChangeError) as failure:
        picked("demands", "demmand = d1")
    assert failure.value.hint == 'did you mean "demand"?'


def test_typed_columns_are_compared_like_text() -> None:
    frames = frames_of(programme(("demands", "quantity > 7; due > 2026-03-31", "", "remove", "")))
    frames["demands"] = frames["demands"].with_columns(
        pl.col("quantity").cast(pl.Float64), pl.col("due").str.to_date("%Y-%m-%d")
    )
    raw = from_frames(frames)
    assert rows_where(lines(raw)["s"][0], raw.sheets["demands"]) == [1]
