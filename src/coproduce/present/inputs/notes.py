"""What the note on a header says, and how the header shows the unit without changing the name."""

from __future__ import annotations

from ...tables import Column
from ...tables.columns import LARGEST

_NO_UNIT = ("", "1", "date")
_FORMS = {
    "key": "Letters A-Z a-z, digits, dot, hyphen, underscore; each id once.",
    "label": "Letters A-Z a-z, digits, dot, hyphen, underscore.",
    "date": "Date as 2027-03-31, with a time of day as 2027-03-31 06:00.",
    "flag": "yes or no.",
    "integer": "Whole number.",
}


def note(column: Column) -> str:
    """Return meaning, duty, unit, default, bounds and example of a column, one a line."""
    lines = [
        f"{column.meaning}.",
        "Required." if column.required else _default(column),
        f"Unit: {column.unit}." if column.unit not in _NO_UNIT else "",
        _FORMS.get(column.kind, ""),
        f"Names a row of the sheet {column.reference}." if column.reference else "",
        f"Names rows of the sheet {column.list_of}, separated by ;" if column.list_of else "",
        f"One of: {', '.join(column.choices)}." if column.choices else "",
        _bounds(column),
        f"Example: {column.example}" if column.example else "",
        "" if column.honoured else "Read, but not used by the plan yet.",
    ]
    return "\n".join(line for line in lines if line)


def _default(column: Column) -> str:
    if column.default is None:
        return "May stay empty."
    shown = {True: "yes", False: "no"}.get(column.default, column.default) if column.kind == "flag" else column.default
    return f"Empty means {shown:g}." if isinstance(shown, float) else f"Empty means {shown}."


def _bounds(column: Column) -> str:
    low, high = column.minimum, column.maximum
    parts = [
        f"more than {column.above:g}" if column.above is not None else "",
        f"at least {low:g}" if low is not None and low > -LARGEST else "",
        f"at most {high:g}" if high is not None and high < LARGEST else "",
    ]
    said = ", ".join(part for part in parts if part)
    return f"Allowed: {said}." if said else ""


def header_format(column: Column) -> str:
    """Return the number format that shows a name with its unit (`lead_days (days)`); empty where there is none."""
    if column.unit in _NO_UNIT or column.unit in column.name:
        return ""
    return f'@" ({column.unit})"'


def header_text(column: Column) -> str:
    """Return the header as it is shown, which decides on the width."""
    return f"{column.name} ({column.unit})" if header_format(column) else column.name
