"""Writes numbers, shares, money, dates and counted units as a reader expects them."""

from __future__ import annotations

from datetime import datetime, timedelta

# The smallest amount that is shown; what lies below is rounding noise of the optimiser.
NOISE = 5e-7

# Holds a number and its sign together on one line.
NBSP = "\u00a0"

# Units that are never given a plural.
INVARIANT = frozenset({"each", "pcs", "ea", "pax", "aircraft", "series"})


def tidy(value: float | None, digits: int = 6) -> float | int | None:
    """Round a number for embedding: no noise, no negative zero, whole numbers without a point."""
    if value is None or value != value:
        return None
    rounded = round(value, digits)
    return int(rounded) if rounded == int(rounded) else rounded


def quantity(value: float) -> str:
    """Write a number with thousands separators and as many decimals as its size deserves."""
    size = abs(value)
    digits = 0 if size >= 10_000 else 1 if size >= 10 else 2
    text = f"{value:,.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    if text in ("0", "-0") and size > NOISE:
        return "less than 0.01" if value > 0 else "more than -0.01"
    return "0" if text == "-0" else text


def share(part: float, whole: float) -> str:
    """Write a part of a whole in per cent; only everything is 100 % and only nothing is 0 %."""
    if whole <= 0:
        return "–"
    percent = 100 * part / whole
    if percent > 100 - 1e-6 or percent <= 0:
        return f"{percent:.0f}{NBSP}%"
    if percent > 99.5:
        return f"over 99{NBSP}%"
    return f"under 1{NBSP}%" if percent < 0.5 else f"{percent:.0f}{NBSP}%"


def gap(value: float | None) -> str:
    """Write a relative gap in per cent, with two digits that count."""
    if value is None:
        return "not proven"
    return f"0{NBSP}%" if abs(value) < NOISE else f"{100 * value:.2g}{NBSP}%"


def money(amount: float, currency: str) -> str:
    """Write an amount for a sentence: `EUR 512.3 million`."""
    for size, word in ((1e9, " billion"), (1e6, " million")):
        if abs(amount) >= size:
            return f"{currency} {amount / size:,.1f}{word}"
    return f"{currency} {amount:,.0f}"


def plural(unit: str) -> str:
    """Return the plural of a unit that is an English word; symbols such as `kg` and `MWh` stay."""
    if (
        len(unit) < 3
        or not unit.replace(" ", "").isalpha()
        or not unit.islower()
        or unit in INVARIANT
        or unit.endswith("s")
    ):
        return unit
    if unit.endswith("y") and unit[-2] not in "aeiou":
        return unit[:-1] + "ies"
    return unit + ("es" if unit.endswith(("x", "ch", "sh")) else "s")


def singular(unit: str) -> str:
    """Return the unit for one of it, where the user gave an English plural such as `hours`."""
    if unit in INVARIANT or len(unit) < 4 or not unit.islower() or not unit.endswith("s"):
        return unit
    if unit.endswith(("ss", "us", "is")):
        return unit
    if unit.endswith("ies"):
        return unit[:-3] + "y"
    return unit[:-2] if unit.endswith(("xes", "ches", "shes", "sses")) else unit[:-1]


def counted(value: float, unit: str) -> str:
    """Write a number with its unit: `1 trainset`, `12 trainsets`, `3.5 t`."""
    return f"{quantity(value)} {singular(unit) if quantity(value) == '1' else plural(unit)}"


def day(moment: datetime | None) -> str:
    """Write a date as `14 Mar 2027`, with the time of day where it is not midnight; `–` for none."""
    if moment is None:
        return "–"
    text = f"{moment.day} {moment:%b %Y}"
    return text if moment.hour == moment.minute == 0 else f"{text} {moment:%H:%M}"


def inclusive(end: datetime | None) -> datetime | None:
    """Return the last day before an end: what ends at midnight of 1 April lasts until 31 March."""
    if end is None or end.hour or end.minute:
        return end
    return end - timedelta(days=1)


def last_day(end: datetime | None) -> str:
    """Write the last day before an end."""
    return day(inclusive(end))


def joined(parts: list[str]) -> str:
    """Join parts of a sentence: `a, b and c`."""
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1] if parts else ""
