"""The one form of a cell: which texts stand for numbers and dates, and how these are written.

A cell of a column that is declared as a number or whole number is a number if 15 significant digits hold it exactly
and its size is 0 or between 1e-300 and 1e300, which is what every spreadsheet program keeps; it is then written
without surplus zeros or plus sign. A cell of a date column is a date if it is an ISO date from 1 March 1900 on
(spreadsheets count the days before it differently) without fractions of a second; it is written with its time of day
only if that is not midnight. Every other cell stays the text that it was, without white space around it and with
line feeds as line breaks.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from ...read.excel import text_of
from ...tables import Column

Value = str | float | datetime | date | None

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,4})?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d)?", re.ASCII)
_SMALLEST, _LARGEST = 1e-300, 1e300
_FIRST_DATE = date(1900, 3, 1)


def number_of(text: str) -> float | None:
    """Return the number that a text stands for; None if it stands for none or no cell holds it exactly."""
    if not _NUMBER.fullmatch(text):
        return None
    number = float(text)
    try:
        same = math.isfinite(number) and Decimal(text) == Decimal(repr(number))
    except InvalidOperation:
        return None
    held = float(f"{number:.15g}") == number and (number == 0 or _SMALLEST <= abs(number) <= _LARGEST)
    # Adding 0 takes the sign from a negative zero.
    return number + 0.0 if same and held else None


def moment_of(text: str) -> date | datetime | None:
    """Return the date that a text in ISO form stands for; None if it stands for none that a cell holds."""
    whole = bool(_DATE.fullmatch(text))
    if not whole and not _MOMENT.fullmatch(text):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.date() < _FIRST_DATE:
        return None
    return moment.date() if moment.time() == datetime.min.time() else moment


_READ: dict[str, Callable[[str], Value]] = {"number": number_of, "integer": number_of, "date": moment_of}


def value_of(column: Column | None, text: str | None) -> Value:
    """Return a cell as number, date or text by the declaration of its column; None for an empty cell."""
    if text is None or column is None or column.kind not in _READ:
        return text
    value = _READ[column.kind](text)
    return text if value is None else value


def text_form(value: Value) -> str:
    """Return the one text form of a cell."""
    return text_of(value)
