"""Dated values: the exchange rate or the price index in force on a day."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from ..tables import Tables

ALWAYS = datetime(1, 1, 1)


@dataclass(frozen=True)
class Dated:
    """Values by name, each from its date on.

    Attributes
    ----------
    dates, values : by name, rising dates and the value from each of them on
    own : name whose value is always 1 (the programme's currency); empty for none
    """

    dates: Mapping[str, list[datetime]]
    values: Mapping[str, list[float]]
    own: str = ""

    def at(self, name: str | None, moment: datetime) -> float:
        """Return the value in force; an empty name is `own`.

        Raises
        ------
        LookupError
            if there is none on that day (the checks report that first).
        """
        if not name or name == self.own:
            return 1.0
        position = bisect_right(self.dates.get(name, []), moment)
        if not position:
            raise LookupError(f"no value of {name} on {moment:%Y-%m-%d}")
        return self.values[name][position - 1]

    def change(self, name: str | None, base: datetime, moment: datetime) -> float:
        """Return the value on a day over that on the day of the base."""
        return self.at(name, moment) / self.at(name, base) if name else 1.0


def _dated(frame: pl.DataFrame, name: str, value: str, own: str) -> Dated:
    dates: dict[str, list[datetime]] = {}
    values: dict[str, list[float]] = {}
    ordered = frame.select(name, pl.col("date").fill_null(ALWAYS), value).sort(name, "date", maintain_order=True)
    for key, since, amount in ordered.iter_rows():
        dates.setdefault(key, []).append(since)
        values.setdefault(key, []).append(amount)
    return Dated(dates, values, own)


def exchange_rates(tables: Tables) -> Dated:
    """Return what one unit of each currency is worth in the programme's."""
    return _dated(tables["exchange_rates"], "currency", "rate", tables.programme.currency)


def price_indices(tables: Tables) -> Dated:
    """Return the values of the price indices."""
    return _dated(tables["price_indices"], "index", "value", "")
