"""Start, buckets and currency of the programme that a file of frePPLe describes."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Literal

from .fit import lot_rows
from .output import Output
from .records import Record, Store
from .values import Values, date

Length = Literal["hour", "day", "week"]
LENGTHS: dict[str, int] = {"hour": 1, "day": 24, "week": 168}

MOST_HOURS, MOST_DAYS = 1200, 400
LEAST_HOURS = 240
"""Fewer hours than these, ten days, are not worth it: then all is days."""
NEEDED = 0.5
"""Hours are needed where whole days would lengthen all durations together by this share; below it they are welcome."""
MOST_CELLS = 1_000_000
"""Most items, processes, supplies and lanes times days; a plan of more takes many minutes."""
FINE_CELLS = 500_000
"""Most of them times buckets where hours, or days after the first 400, are welcome; with whole lots they are not."""

NO_CURRENCY = "XXX"
"""What ISO 4217 writes where there is no currency."""

_TAIL_WEEKS = 52
_SLACK_DAYS = 28
_LINKS = 64
_SIGNS = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY"}


def start_of(store: Store, plan: Record, values: Values) -> datetime:
    """Return the current date of the plan; the first date of the file where there is none, which is said."""
    parameter = store.get("parameter", "currentdate")
    for record, name in ((plan, "current"), (parameter, "value")):
        if record is not None and record.text(name) and date(record.text(name)) is not None:
            found = values.date(record, name)
            if found is not None:
                return found
    dues = [values.date(record, "due") for record in store.list("demand")]
    first = min((due for due in dues if due is not None), default=datetime(2026, 1, 1))
    first = first.replace(hour=0, minute=0, second=0)
    where = parameter if parameter is not None else plan
    values.otherwise(where, f"the file has no current date; the programme starts on {first}, the first due date")
    return first


def write_programme(
    out: Output, plan: Record, parameters: Mapping[str, Record], values: Values, start: datetime, bucket: str
) -> tuple[float, int]:
    """Write the settings and return the hours of the first bucket and the number of all.

    Parameters
    ----------
    bucket : length of the time buckets; empty to choose one that fits
    """
    buckets, why = _buckets(out, start, bucket)
    currency = _currency(parameters)
    unnamed = (
        "" if currency != NO_CURRENCY else f"; the file names no currency, so that amounts are shown as {currency}"
    )
    values.otherwise(plan, f"time is cut into {buckets}: {why}{unnamed}")
    out.add(
        "programme",
        plan,
        name=(plan.kind == "plan" and plan.text("name")) or re.sub(r"\.[^.]+$", "", out.file),
        description=(plan.kind == "plan" and plan.text("description")) or None,
        start=start,
        buckets=buckets,
        currency=currency,
        objective="tiers",
        lead_time_rounding="up",
    )
    count = sum(int(number) for number in re.findall(r"\d+", buckets))
    return float(LENGTHS[buckets.split()[1].removesuffix(",").removesuffix("s")]), count


def _buckets(out: Output, start: datetime, bucket: str) -> tuple[str, str]:
    """Return the buckets and why they were chosen: fine ones as far as they pay, then days, then weeks."""
    days = _days(out, start)
    if bucket:
        return f"{math.ceil(days * 24 / LENGTHS[bucket])} {bucket}s, {_TAIL_WEEKS} weeks", "as asked"
    if _size(out) * min(days, MOST_DAYS) > MOST_CELLS:
        return f"{math.ceil(days / 7) + _TAIL_WEEKS} weeks", "the file is large, and days would take too long"
    hours, why = _hours(out, days)
    near = min(days - hours // 24, max(MOST_DAYS, _affordable(out)) - hours // 24)
    weeks = math.ceil((days - hours // 24 - near) / 7) + _TAIL_WEEKS
    parts = ((hours, "hours"), (near, "days"), (weeks, "weeks"))
    return ", ".join(f"{number} {unit}" for number, unit in parts if number), why


def _hours(out: Output, days: int) -> tuple[int, str]:
    """Return for how many hours time is cut into hours, a multiple of 24, and why."""
    rounding = _rounding(out)
    if not rounding:
        return 0, "durations are whole days"
    why = f"in whole days, durations would be {rounding:.1%} longer"
    most = MOST_HOURS if rounding >= NEEDED else _affordable(out)
    most = min(days * 24, MOST_HOURS, most) // 24 * 24
    if most < min(days * 24, LEAST_HOURS):
        return 0, f"{why}, but {days * 24} hours would be too many"
    return most, why if most == days * 24 else f"{why}; {days * 24} hours would be too many"


def _rounding(out: Output) -> float:
    """Return by which share whole days would lengthen all durations together."""
    leads = _leads(out)
    up = sum(math.ceil(lead - 1e-9) - lead for lead in leads)
    return up / sum(leads) if leads and up > 1e-6 else 0.0


def _affordable(out: Output) -> int:
    """Return how many fine buckets a file may have: none with whole lots, since each bucket adds some of them."""
    return 0 if any(True for _ in lot_rows(out)) else FINE_CELLS // max(_size(out), 1)


def _size(out: Output) -> int:
    tables = ("processes", "supplies", "lanes", "demands")
    items = {cells["item"] for cells in out.cells("flows")}
    return len(items) + sum(len(out.cells(table)) for table in tables)


def _days(out: Output, start: datetime) -> int:
    """Return the days until the last due date and after it as long as the longest chain of lead times."""
    dues: list[datetime] = [row["due"] for row in out.cells("demands")]
    dates: list[datetime] = [row["date"] for row in out.cells("receipts")]
    last = max([start, *dues, *(date for date in dates if date < start + timedelta(days=1500))])
    slack = _SLACK_DAYS + min(365.0, _longest_chain(out))
    return math.ceil((last - start) / timedelta(days=1) + slack)


def _leads(out: Output) -> list[float]:
    rows = (*out.cells("processes"), *out.cells("supplies"), *out.cells("lanes"))
    return [lead for row in rows if (lead := _number(row.get("lead_days")))]


def _longest_chain(out: Output) -> float:
    """Return the days from nothing to the item that takes longest, sites aside; of chains the first 64 links."""
    takes: dict[str, list[str]] = {}
    makes: dict[str, list[str]] = {}
    for row in out.cells("flows"):
        (makes if row["quantity"] > 0 else takes).setdefault(row["process"], []).append(row["item"])
    leads = {row["process"]: _number(row.get("lead_days")) for row in out.cells("processes")}
    ready: dict[str, float] = {}
    for row in out.cells("supplies"):
        ready[row["item"]] = max(ready.get(row["item"], 0.0), _number(row.get("lead_days")))
    for _ in range(_LINKS):
        before = dict(ready)
        for process, items in makes.items():
            done = leads[process] + max((before.get(item, 0.0) for item in takes.get(process, ())), default=0.0)
            ready |= {item: max(done, ready.get(item, 0.0)) for item in items}
        if ready == before:
            break
    moved = sum(_number(row.get("lead_days")) for row in out.cells("lanes"))
    return max(ready.values(), default=0.0) + min(moved, 90.0)


def _number(value: Any) -> float:
    return float(value) if isinstance(value, (int, float)) else 0.0


def _currency(parameters: Mapping[str, Record]) -> str:
    record = parameters.get("currency")
    text = record.text("value").strip(" ,") if record is not None else ""
    code = _SIGNS.get(text, text.upper())
    return code if re.fullmatch(r"[A-Z]{3}", code) else NO_CURRENCY
