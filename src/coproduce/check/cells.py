"""Turns the text of a column into values of its declared type, and marks the cells that do not fit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from ..read.names import canonical
from ..tables import Column

SPREADSHEET_ERRORS = (
    "#N/A", "#DIV/0!", "#REF!", "#NAME?", "#VALUE!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#FIELD!", "#BLOCKED!",
    "#CONNECT!", "#BUSY!", "#UNKNOWN!", "#GETTING_DATA", "#ERROR!", "#UNCALCULATED!",
)  # fmt: skip
YES, NO = ("yes", "true", "1", "y"), ("no", "false", "0", "n")
EARLIEST_YEAR = 1900
LONGEST_TEXT = 32_767
"""Bytes of a text; a cell of a spreadsheet can hold as many characters."""

_DATE_FORM = r"^\d{4}-\d{2}-\d{2}$"
_MOMENT_FORM = r"^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?$"


@dataclass(frozen=True, slots=True)
class Parsed:
    """A column after parsing.

    Attributes
    ----------
    values : declared type; null where the cell is empty or bad
    bad : (row,) bool, the cells that hold something that does not fit; None if there is none
    usable : False if the column as a whole has a type that cannot be read
    """

    values: pl.Series
    bad: pl.Series | None
    usable: bool = True


def parse(column: Column, raw: pl.Series) -> Parsed:
    """Parse the cells of one column."""
    if raw.dtype == pl.Null:
        return Parsed(pl.Series(raw.name, [None] * len(raw), dtype=column.dtype), None)
    values = _typed(column, raw)
    if values is None:
        text = as_text(raw)
        if text is None:
            return Parsed(pl.Series(raw.name, [None] * len(raw), dtype=column.dtype), None, usable=False)
        text = _masked(text, text.str.len_bytes() <= LONGEST_TEXT)
        values = _PARSERS.get(column.kind, _parse_text)(column, text)
    values = _within_bounds(column, values)
    bad = values.is_null() & raw.is_not_null()
    return Parsed(values, bad if values.null_count() > raw.null_count() else None)


def as_text(raw: pl.Series) -> pl.Series | None:
    """Return typed cells as the text that stands for them; None if the type holds no single values."""
    if raw.dtype == pl.String:
        return raw
    if raw.dtype.is_float():
        # 3.0 is how a spreadsheet or a column with gaps stores the whole number 3.
        whole = raw.is_finite() & (raw == raw.round()) & (raw.abs() < 1e15)
        short = raw.set(~whole, None).cast(pl.Int64, strict=False).cast(pl.String)
        return short.zip_with(whole.fill_null(True), raw.cast(pl.String))
    if isinstance(raw.dtype, pl.Datetime) and raw.dtype.time_zone is not None:
        return None
    simple = raw.dtype.is_numeric() or raw.dtype in (pl.Boolean, pl.Date, pl.Datetime, pl.Time)
    return raw.cast(pl.String) if simple else None


def _typed(column: Column, raw: pl.Series) -> pl.Series | None:
    """Return a column that already has a fitting type; None if it must go through text."""
    if column.kind == "number" and raw.dtype.is_numeric():
        return raw.cast(pl.Float64)
    if column.kind == "integer" and raw.dtype.is_integer():
        return raw.cast(pl.Int64, strict=False)
    if column.kind == "date" and raw.dtype == pl.Date:
        return raw.cast(pl.Datetime("us"))
    if column.kind == "date" and isinstance(raw.dtype, pl.Datetime) and raw.dtype.time_zone is None:
        return raw.cast(pl.Datetime("us"))
    return raw if column.kind == "flag" and raw.dtype == pl.Boolean else None


def _parse_number(_: Column, text: pl.Series) -> pl.Series:
    return text.cast(pl.Float64, strict=False)


def _parse_integer(_: Column, text: pl.Series) -> pl.Series:
    whole = text.cast(pl.Int64, strict=False)
    if whole.null_count() == text.null_count():
        return whole
    number = text.cast(pl.Float64, strict=False)
    fits = (number == number.round()) & (number.abs() < 2**53)
    return whole.zip_with(whole.is_not_null(), number.set(~fits.fill_null(False), None).cast(pl.Int64, strict=False))


def _parse_date(_: Column, text: pl.Series) -> pl.Series:
    days = _masked(text, text.str.contains(_DATE_FORM)).str.to_date("%Y-%m-%d", strict=False).cast(pl.Datetime("us"))
    if days.null_count() == text.null_count():
        return days
    moments = _masked(text, text.str.contains(_MOMENT_FORM)).str.replace("T", " ", literal=True)
    full = pl.when(moments.str.len_chars() == 16).then(moments + pl.lit(":00")).otherwise(moments)
    timed = pl.select(full).to_series().str.to_datetime("%Y-%m-%d %H:%M:%S%.f", strict=False, time_unit="us")
    return days.zip_with(days.is_not_null(), timed)


def _parse_flag(_: Column, text: pl.Series) -> pl.Series:
    word = text.str.to_lowercase()
    known = word.is_in([*YES, *NO])
    return word.is_in(list(YES)).set(~known.fill_null(False), None)


def _parse_choice(column: Column, text: pl.Series) -> pl.Series:
    choices = list(column.choices)
    exact = text.is_in(choices)
    if exact.all():
        return text
    # Only the few other spellings are looked at one by one.
    spellings = {word: canonical(word) for word in text.filter(~exact).unique().drop_nulls()}
    known = {word: choice for word, choice in spellings.items() if choice in choices}
    others = text.replace_strict(known, default=None, return_dtype=pl.String) if known else _masked(text, exact)
    return text.zip_with(exact.fill_null(False), others)


def _parse_form(column: Column, text: pl.Series) -> pl.Series:
    return _masked(text, text.str.contains(column.regex))


def _parse_text(_: Column, text: pl.Series) -> pl.Series:
    return _masked(text, ~text.is_in(list(SPREADSHEET_ERRORS)))


def _masked(values: pl.Series, keep: pl.Series) -> pl.Series:
    """Return the values with null where they are not to be kept."""
    return values if keep.all() else values.set(~keep.fill_null(False), None)


_PARSERS: dict[str, Callable[[Column, pl.Series], pl.Series]] = {
    "number": _parse_number,
    "integer": _parse_integer,
    "date": _parse_date,
    "flag": _parse_flag,
    "choice": _parse_choice,
    "key": _parse_form,
    "reference": _parse_form,
    "label": _parse_form,
    "pattern": _parse_form,
    "country": _parse_form,
    "currency": _parse_form,
}


def _within_bounds(column: Column, values: pl.Series) -> pl.Series:
    """Return the values with null where they are out of bounds or not finite."""
    if column.kind == "date":
        return _masked(values, values.dt.year() >= EARLIEST_YEAR)
    if column.kind not in ("number", "integer"):
        return values
    keep = values.is_finite() if column.kind == "number" else values.is_not_null()
    if column.minimum is not None:
        keep &= values >= column.minimum
    if column.above is not None:
        keep &= values > column.above
    if column.maximum is not None:
        keep &= values <= column.maximum
    return _masked(values, keep)
