"""Says in plain language what is wrong with a single cell and what was probably meant."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from ..read import UNCALCULATED
from ..read.names import choice_meant
from ..tables import Column
from .cells import EARLIEST_YEAR, LONGEST_TEXT, SPREADSHEET_ERRORS
from .countries import country_code

_SHOWN = 60
_EXCEL_EPOCH = datetime(1899, 12, 30)
_WRITTEN_DATES = ("%d %B %Y", "%d %b %Y", "%B %d, %Y", "%b %d, %Y", "%d-%b-%Y", "%d-%b-%y", "%Y%m%d", "%B %d %Y")
_CURRENCY_SIGNS = ("€", "$", "£")
_GROUPS = r"[ ,.'’_  ]"


@dataclass(frozen=True, slots=True)
class Complaint:
    """What a problem says beside its place."""

    code: str
    message: str
    expected: str = ""
    hint: str = ""


def shown(text: str) -> str:
    """Return a value in quotes, shortened, with invisible characters made visible."""
    visible = "".join(c if c.isprintable() or c == " " else f"\\u{ord(c):04x}" for c in text[:_SHOWN])
    return f'"{visible}{"…" if len(text) > _SHOWN else ""}"'


def complain(column: Column, text: str) -> Complaint:
    """Say what is wrong with a cell whose text does not fit its column."""
    if text == UNCALCULATED:
        message = f"{column.name} is a formula without a stored result"
        return Complaint("E214", message, hint="open the workbook in Excel or LibreOffice and save it")
    if text in SPREADSHEET_ERRORS:
        return Complaint("E213", f"{column.name} is the spreadsheet error {text}")
    if len(text.encode()) > LONGEST_TEXT:
        message = f"{column.name} {shown(text)} has {len(text):,} characters"
        return Complaint("E219", message, expected=f"fewer than {LONGEST_TEXT:,} characters")
    return _KINDS.get(column.kind, _bad_form)(column, text)


def _number(text: str) -> float | None:
    try:
        return float(text) if "_" not in text else None
    except ValueError:
        return None


def _plain(value: float) -> str:
    return f"{value:.15g}"


def _bad_number(column: Column, text: str) -> Complaint:
    value = _number(text)
    if value is None:
        return _unreadable_number(column, text)
    if not math.isfinite(value):
        empty = "" if column.required else "leave the cell empty where there is no value"
        return Complaint("E204", f"{column.name} {shown(text)} is not a finite number", hint=empty)
    return _out_of_bounds(column, value)


def _unreadable_number(column: Column, text: str) -> Complaint:
    what = f"{column.name} {shown(text)}"
    if match := re.fullmatch(r"([+-]?\d+(?:[.,]\d+)?)\s*%", text):
        share = float(match[1].replace(",", ".")) / 100
        return Complaint("E217", f"{what} is a percentage", expected=_plain(share), hint=f"write {_plain(share)}")
    if match := re.fullmatch(r"([+-]?\d+),(\d+)", text):
        decimal, whole = f"{match[1]}.{match[2]}", match[1] + match[2]
        ambiguous = len(match[2]) == 3 and match[1].lstrip("+-") != "0"
        hint = f"write {whole} if the comma groups thousands, {decimal} if not" if ambiguous else f"write {decimal}"
        return Complaint("E215", f"{what} has a comma", expected=decimal, hint=hint)
    if match := re.fullmatch(rf"([+-]?\d{{1,3}}(?:{_GROUPS}\d{{3}})+)([.,]\d+)?", text):
        number = re.sub(_GROUPS, "", match[1]) + (match[2] or "").replace(",", ".")
        return Complaint("E216", f"{what} has separators between its digits", expected=number, hint=f"write {number}")
    if match := re.fullmatch(r"([+-]?\d+(?:\.\d+)?)\s*(\D*[^\W\d]|[€$£])", text):
        return Complaint(
            "E202", f"{what} is not a number", expected=match[1], hint=f"write {match[1]} without {match[2]}"
        )
    if match := re.fullmatch(r"([€$£]|[A-Z]{3})\s*([+-]?\d+(?:\.\d+)?)", text):
        return Complaint(
            "E202", f"{what} is not a number", expected=match[2], hint=f"write {match[2]} without {match[1]}"
        )
    if text in _CURRENCY_SIGNS:
        return Complaint("E202", f"{what} is not a number", "a number", "write the amount as digits, without the sign")
    return Complaint("E202", f"{what} is not a number", expected="a number")


def _out_of_bounds(column: Column, value: float) -> Complaint:
    what = f"{column.name} {_plain(value)}"
    if column.minimum is not None and value < column.minimum:
        bound = _plain(column.minimum)
        return Complaint("E205", f"{what} is below {bound}", expected=f"at least {bound}")
    if column.above is not None and value <= column.above:
        bound = _plain(column.above)
        return Complaint("E205", f"{what} is not above {bound}", expected=f"more than {bound}")
    bound = _plain(column.maximum) if column.maximum is not None else "what can be stored"
    return Complaint("E205", f"{what} is above {bound}", expected=f"at most {bound}")


def _bad_integer(column: Column, text: str) -> Complaint:
    value = _number(text)
    if value is not None and math.isfinite(value) and not value.is_integer():
        return Complaint("E203", f"{column.name} {shown(text)} is not a whole number", expected="a whole number")
    return _bad_number(column, text)


def _bad_date(column: Column, text: str) -> Complaint:
    what = f"{column.name} {shown(text)}"
    expected = "year-month-day"
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}.*(Z|[+-]\d{2}:?\d{2})", text):
        return Complaint("E218", f"{what} has a time zone", expected, f"write {text[:16].replace('T', ' ')}")
    if re.match(r"\d{4}-\d{2}-\d{2}\b", text):
        return _impossible_date(what, text, expected)
    value = _number(text)
    if value is not None and 1 <= value < 2_958_466 and len(text.partition(".")[0]) < 8:
        moment = (_EXCEL_EPOCH + timedelta(days=value)).isoformat(" ", "minutes").removesuffix(" 00:00")
        message = f"{what} is a number; Excel may mean {moment}"
        return Complaint("E208", message, expected=moment, hint=f"write {moment}")
    readings = _readings(text)
    if readings:
        return Complaint("E207", f"{what} is not written year-month-day", expected, "write " + " or ".join(readings))
    return Complaint("E206", f"{what} is not a date", expected, "write dates like 2026-03-01 or 2026-03-01 06:00")


def _impossible_date(what: str, text: str, expected: str) -> Complaint:
    try:
        day = date.fromisoformat(text[:10])
    except ValueError as failure:
        return Complaint("E206", f"{what} is not a day of the calendar ({failure})", expected)
    if day.year < EARLIEST_YEAR:
        return Complaint("E206", f"{what} is before the year {EARLIEST_YEAR}", expected)
    return Complaint("E206", f"{what} is not a date with a time of day", expected, f"write {day} or {day} 06:00")


def _readings(text: str) -> list[str]:
    """Return the dates that a text in another form may mean."""
    if match := re.match(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})\b", text):
        first, second, year = match.groups()
        orders = [(year, second, first), (year, first, second)]
    elif match := re.match(r"(\d{4})[./-](\d{1,2})[./-](\d{1,2})\b", text):
        orders = [(match[1], match[2], match[3])]
    else:
        return _written_date(text)
    days = [_iso(*(int(part) for part in order)) for order in orders]
    return list(dict.fromkeys(day for day in days if day))


def _written_date(text: str) -> list[str]:
    for form in _WRITTEN_DATES:
        try:
            return [datetime.strptime(text, form).date().isoformat()]
        except ValueError:
            continue
    return []


def _iso(year: int, month: int, day: int) -> str:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""


def _bad_id(column: Column, text: str) -> Complaint:
    strange = dict.fromkeys(re.findall(r"[^A-Za-z0-9_.-]", text))
    names = ", ".join("a space" if c == " " else shown(c) for c in list(strange)[:5])
    suggestion = re.sub(r"[^A-Za-z0-9_.-]+", "_", text).strip("_")
    hint = f'write "{suggestion}"' if suggestion and len(suggestion) <= _SHOWN else ""
    message = f"{column.name} {shown(text)} holds {names}, which ids may not"
    return Complaint("E209", message, expected="letters A-Z a-z, digits, . - _", hint=hint)


def _bad_form(column: Column, text: str) -> Complaint:
    upper = text.strip().upper()
    months = f"{text.strip()} months"
    hint = f"write {upper}" if upper != text and re.search(column.regex, upper) else ""
    hint = hint or (f'write "{months}" if months are meant' if re.search(column.regex, months) else "")
    message = f"{column.name} {shown(text)} does not have the form required"
    return Complaint(
        "E210", message, expected=f"for example {column.example}", hint=hint or f"for example {column.example}"
    )


def _bad_country(column: Column, text: str) -> Complaint:
    code = country_code(text)
    message = f"{column.name} {shown(text)} is not a code of two capital letters"
    return Complaint("E210", message, f"for example {column.example}", f"write {code or column.example}")


def _bad_choice(column: Column, text: str) -> Complaint:
    listed = ", ".join(column.choices)
    hint = choice_meant(text, column.choices)
    message = f"{column.name} {shown(text)} is not one of {listed}"
    return Complaint("E211", message, expected=listed, hint=hint)


def _bad_flag(column: Column, text: str) -> Complaint:
    return Complaint("E212", f"{column.name} {shown(text)} is neither yes nor no", expected="yes or no")


_KINDS: dict[str, Callable[[Column, str], Complaint]] = {
    "number": _bad_number,
    "integer": _bad_integer,
    "date": _bad_date,
    "flag": _bad_flag,
    "country": _bad_country,
    "choice": _bad_choice,
    "key": _bad_id,
    "reference": _bad_id,
    "label": _bad_id,
}
