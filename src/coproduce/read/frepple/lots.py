"""Lot sizes: the columns that carry them, and the lot that stands in where time depends on the lot."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from math import ceil
from statistics import median
from typing import Any

from .records import Record
from .values import Values, honoured

SIZES = (
    ("sizeminimum", "minimum_size", "a smallest lot"),
    ("sizemultiple", "multiple_size", "lots in multiples"),
    ("sizemaximum", "maximum_size", "a largest lot"),
)


@dataclass
class Lots:
    """Sizes of lots, and the usual order of every item.

    Attributes
    ----------
    orders : quantities of the open demands by item
    """

    values: Values
    orders: dict[str, list[float]] = field(default_factory=dict)
    _told: bool = False

    def columns(self, table: str, record: Record) -> dict[str, Any]:
        """Return the size columns of a row; a least size of 1, which frePPLe gives to all, means none and is said."""
        found: dict[str, Any] = {}
        for name, column, words in SIZES:
            size = self.values.number(record, name)
            if size == 1 and name != "sizemaximum":
                self._one(record, name)
            if size <= 0 or (size == 1 and name != "sizemaximum"):
                continue
            if not honoured(table, column):
                self.values.absent(record, f"{words} ({size:g})", "the plan takes any size", name)
            # A column that the table does not have would be lost without a word; it is listed above.
            found[column] = size
        for name, words in (("sizeminimumcalendar", "a smallest lot that changes over time"),):
            if name in record.fields:
                self.values.absent(record, words, "the plan takes any size", name)
        return found

    def _one(self, record: Record, name: str) -> None:
        if not self._told:
            message = (
                "a smallest or multiple size of 1, frePPLe's default, is no size here: quantities need not be whole"
            )
            self.values.otherwise(record, f"{message}; the first stands here", name)
        self._told = True

    @staticmethod
    def least(minimum: float, multiple: float) -> float:
        """Return the smallest lot that is a multiple."""
        return max(minimum, multiple, ceil(minimum / multiple - 1e-9) * multiple) if multiple > 0 else minimum

    def smallest(self, record: Record) -> float:
        """Return the smallest lot; 1 where none is given, as in frePPLe."""
        minimum = self.values.number(record, "sizeminimum", 1.0)
        return self.least(minimum, self.values.number(record, "sizemultiple"))

    def usual(self, record: Record, items: Iterable[str]) -> float:
        """Return the lot that is usual: the median order of what is made, or of everything, inside the sizes."""
        orders = [size for item in items for size in self.orders.get(item, ())]
        size = max(median(orders) if orders else self._median, self.values.number(record, "sizeminimum", 0.0))
        largest = self.values.number(record, "sizemaximum")
        return min(size, largest) if largest > 0 else size

    @cached_property
    def _median(self) -> float:
        orders = [size for sizes in self.orders.values() for size in sizes]
        return median(orders) if orders else 1.0
