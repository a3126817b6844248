"""The arithmetic of single cells: a number times or plus another, a date moved by days or calendar months."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

import polars as pl

from ..check.cells import as_text, parse
from ..read import RawSheet
from ..tables import INPUT_TABLES, Column
from .change import ChangeError, Line
from .clauses import EMPTY
from .where import free

_SPAN = re.compile(r"([+-]?\d{1,7}(?:\.\d{1,6})?)\s*(hour|day|week|month|quarter|year)?s?", re.IGNORECASE)
_HOURS = {"hour": 1, "day": 24, "week": 168}
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_NUMBERS = ("number", "integer")

Text = str | None


def texts(column: Column, sheet: RawSheet) -> pl.Series | None:
    """Return the cells of a column as text, empty ones and those of an absent column as null; None: unusable."""
    if column.name not in sheet.frame.columns:
        return pl.Series(column.name, [None] * sheet.frame.height, dtype=pl.String)
    return as_text(sheet.frame[column.name])


def rule(line: Line, column: Column) -> Callable[[str], Text]:
    """Return what a line of action set, scale or shift makes of the text of a cell.

    Raises
    ------
    ChangeError
        if action, kind of column and value do not go together.
    """
    if not line.value:
        hint = f"write {EMPTY} to empty the cell" if line.action == "set" else ""
        raise ChangeError("E604", "value", f"{line.action} needs a value", hint=hint)
    if line.action == "set":
        new = None if line.value.lower() == EMPTY else line.value
        return lambda _: new
    if column.kind in _NUMBERS:
        by = _days(line) if line.action == "shift" and column.unit == "days" else _number(line)
        return (
            (lambda text: _plain(Decimal(text) * by))
            if line.action == "scale"
            else (lambda text: _plain(Decimal(text) + by))
        )
    if column.kind == "date" and line.action == "shift":
        return _mover(line)
    fits = "numbers" if line.action == "scale" else "numbers and dates"
    message = (
        f"{line.action} changes {fits}, and {column.name} holds neither"
        if line.action == "shift"
        else (f"scale changes numbers, and {column.name} holds none")
    )
    raise ChangeError("E604", "action", message, seen=line.action, expected="set")


def new_texts(line: Line, column: Column, cells: pl.Series, rows: list[int]) -> dict[int, Text]:
    """Return the new text of each row that changes; cells that stand for no number or date keep what they hold.

    Raises
    ------
    ChangeError
        if a cell holds what cannot be changed so, or all that are met are empty.
    """
    change = rule(line, column)
    if line.action == "set":
        return {row: change("") for row in rows}
    parsed = parse(free(column), cells)
    found: dict[int, Text] = {}
    for row in rows:
        text = cells[row] if cells[row] is not None else _default(column)
        if text is None:
            continue
        if cells[row] is not None and parsed.values[row] is None:
            place = sheet_words(line, column.name)
            raise ChangeError(
                "E604", "where", f'{place} holds "{text}" in a row that it meets, which cannot be changed'
            )
        found[row] = _done(change, text)
    if not found:
        message = f"every {column.name} that it meets is empty, so that there is nothing to {line.action}"
        raise ChangeError("E604", "column", message, hint="use set")
    return found


def sheet_words(line: Line, column: str) -> str:
    """Name a column of the table of a line."""
    return f"{line.table}.{column}"


def _done(change: Callable[[str], Text], text: str) -> Text:
    try:
        return change(text)
    except (ArithmeticError, ValueError, OverflowError):
        raise ChangeError("E604", "value", f'"{text}" changed by this is out of all bounds', seen=text) from None


def _default(column: Column) -> Text:
    return None if column.default is None else str(column.default)


def _number(line: Line) -> Decimal:
    found = parse(_ANY_NUMBER, pl.Series([line.value], dtype=pl.String)).values[0]
    if found is None:
        percent = line.value.removesuffix("%").strip()
        share = re.fullmatch(r"[+-]?\d+(\.\d+)?", percent)
        hint = f"write {_plain(Decimal(percent) / 100)}" if share and line.value.endswith("%") else ""
        message = f'{line.action} needs a number, and "{line.value}" is none'
        raise ChangeError("E604", "value", message, seen=line.value, expected="a number such as 1.5", hint=hint)
    return Decimal(line.value)


def _days(line: Line) -> Decimal:
    """Return the shift of a column that counts days, where it may be written as `2 weeks`."""
    found = _SPAN.fullmatch(line.value)
    hours = _HOURS.get((found[2] or "").lower()) if found else None
    return _number(line) if found is None or hours is None else Decimal(found[1]) * hours / 24


_ANY_NUMBER = free(INPUT_TABLES["loads"].columns["quantity"])


def _plain(value: Decimal) -> str:
    """Write a number without exponent and surplus zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _mover(line: Line) -> Callable[[str], Text]:
    found = _SPAN.fullmatch(line.value.strip())
    amount, unit = (Decimal(found[1]), (found[2] or "day").lower()) if found else (Decimal(0), "")
    if not unit or (unit in _MONTHS and amount != int(amount)):
        message = f'dates are moved by days or whole months, not by "{line.value}"'
        raise ChangeError("E604", "value", message, seen=line.value, expected="30, or 2 weeks, or -3 months")
    if unit in _MONTHS:
        months = int(amount) * _MONTHS[unit]
        return lambda text: _date(_months_later(datetime.fromisoformat(text), months))
    span = timedelta(seconds=float(amount * _HOURS[unit] * 3600))
    return lambda text: _date(datetime.fromisoformat(text) + span)


def _months_later(moment: datetime, months: int) -> datetime:
    """Return the same day and time months later; the last day of a month that is too short."""
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    day = min(moment.day, calendar.monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)


def _date(moment: datetime) -> str:
    if moment.time() == datetime.min.time():
        return moment.date().isoformat()
    return moment.isoformat(" ")
