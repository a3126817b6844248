"""Stocks from buffers, and receipts and firm runs from confirmed and approved orders."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from .output import Output
from .places import NOWHERE, Places
from .records import Record, Store
from .resources import Clock
from .sourcing import Sourcing
from .values import Values, honoured

FIRM = {"confirmed", "approved"}
_WISHES = (
    ("minimum", "a stock to aim at"),
    ("minimumcalendar", "a stock to aim at that changes over time"),
    ("mininterval", "a shortest time between replenishments"),
    ("maximumcalendar", "a largest stock that changes over time"),
    ("ipignore", "a switch of inventory planning"),
)


@dataclass
class Position:
    """Writes where the programme stands when it begins."""

    store: Store
    out: Output
    values: Values
    places: Places
    clock: Clock
    sourcing: Sourcing
    _seen: set[tuple[str, str]] = field(default_factory=set)

    def stocks(self) -> None:
        """Write a stock for every buffer that holds or is to hold something."""
        for record in self.store.list("buffer"):
            item, location = self.places.names(record)
            if not item:
                self.values.left_out(record, "the buffer has no item; it is left out")
                continue
            point = (
                self.places.buffer(record.name, record) if record.name else self.places.point(item, location, record)
            )
            if record.text("type") == "infinite":
                self._endless(record, point.item, point.site)
            opening = self.values.number(record, "onhand", 0.0, None)
            if opening < 0:
                self.values.otherwise(record, f"a stock of {opening:g} counts as 0", "onhand")
            self._wishes(record)
            maximum = self.values.number(record, "maximum")
            aim = self.values.number(record, "minimum") or None
            if (opening > 0 or maximum or aim) and point not in self._seen:
                self._seen.add(point)
                self.out.add(
                    "stocks",
                    record,
                    item=point.item,
                    site=point.site,
                    opening=max(opening, 0.0),
                    maximum=maximum or None,
                    safety_stock=aim,
                )
            elif point in self._seen and opening > 0:
                self.values.left_out(
                    record, f"a second stock of the same item here ({opening:g}) is left out", "onhand"
                )

    def _wishes(self, record: Record) -> None:
        for name, words in _WISHES:
            given = name in record.fields and record.text(name) not in ("0", "0.0", "false")
            if given and not (name == "minimum" and honoured("stocks", "safety_stock")):
                self.values.absent(record, words, "the plan keeps no such stock", name)

    def _endless(self, record: Record, item: str, site: str) -> None:
        """Let an infinite buffer be a supply without limit, price or time."""
        self.values.otherwise(record, "an infinite buffer becomes a supply without limit, price or lead time")
        self.out.add("supplies", record, supply=self.out.ids.fresh("supplies", record.name), item=item, site=site)

    def orders(self, processes: dict[str, list[str]], fixed: dict[str, list[tuple[str, str, float]]]) -> None:
        """Write firm orders.

        Parameters
        ----------
        processes : ids of the processes of each operation
        fixed : (item, site, quantity) that an operation brings for each lot whatever its size
        """
        for record in self.store.list("operationplan"):
            status, kind = record.text("status", "proposed").lower(), record.text("type", "MO").upper()
            name = record.text("reference") or record.text("id") or kind
            if status not in FIRM:
                self.values.left_out(
                    record, f'the order "{name}" is {status}; the plan is made anew without it', "status"
                )
                continue
            quantity = self.values.number(record, "quantity")
            if quantity <= 0:
                self.values.left_out(record, f'the order "{name}" has no quantity', "quantity")
            elif kind == "MO" or record.text("operation"):
                self._run(record, name, quantity, processes, fixed)
            elif kind in ("PO", "DO"):
                self._arrival(record, name, quantity, kind)
            else:
                self.values.left_out(record, f'orders of type "{kind}" are not taken over ("{name}")', "type")

    def _run(
        self,
        record: Record,
        name: str,
        quantity: float,
        processes: dict[str, list[str]],
        fixed: dict[str, list[tuple[str, str, float]]],
    ) -> None:
        operation = record.text("operation")
        if operation not in processes:
            self.values.left_out(
                record, f'the order "{name}" is for "{operation}", which is no process here', "operation"
            )
            return
        start, end = self._dates(record)
        if len(processes[operation]) > 1:
            message = f'the order "{name}" is taken to run as "{processes[operation][0]}"'
            self.values.otherwise(record, message, "operation")
        self.out.add(
            "wip",
            record,
            wip=self.out.ids.fresh("wip", name),
            process=processes[operation][0],
            quantity=quantity,
            started=start or end,
            ends=end,
        )
        if not honoured("flows", "fixed_quantity"):
            for item, site, each in fixed.get(operation, ()):
                self._receipt(record, f"{name} lot", item, site, each, end or start or self.clock.start)

    def _arrival(self, record: Record, name: str, quantity: float, kind: str) -> None:
        """Write what a purchase or a shipment brings; what a shipment takes has left, or is said to be left out."""
        item = record.text("item")
        location = record.text("destination") or record.text("location")
        start, end = self._dates(record)
        if kind == "DO" and record.text("origin") and (start is None or start >= self.clock.start):
            message = f'what the shipment "{name}" takes away from {record.text("origin")}'
            self.values.absent(record, message, "only its arrival counts", "origin")
        if kind == "DO" and not location:
            self.values.left_out(record, f'the shipment "{name}" goes nowhere', "destination")
            return
        point = self.places.point(item, location or NOWHERE, record)
        arrives = end or start
        if arrives is None:
            self.values.left_out(record, f'the order "{name}" has no date', "end")
            return
        self._receipt(record, name, point.item, point.site, quantity, arrives)

    def _receipt(self, record: Record, name: str, item: str, site: str, quantity: float, arrives: datetime) -> None:
        if arrives < self.clock.start:
            message = f'the order "{name}" should have arrived on {arrives}; it counts at the start'
            self.values.otherwise(record, message, "end")
        self.out.add(
            "receipts",
            record,
            receipt=self.out.ids.fresh("receipts", name),
            item=item,
            site=site,
            quantity=quantity,
            date=max(arrives, self.clock.start),
            party=self.sourcing.party("supplier", record.text("supplier"), record),
        )

    def _dates(self, record: Record) -> tuple[datetime | None, datetime | None]:
        """Return start and end of an order; an end before the programme counts at its start."""
        start, end = self.values.date(record, "start"), self.values.date(record, "end")
        if record.text("operation") and (start or end) is not None and (end or start) < self.clock.start:  # type: ignore[operator]
            message = f"the order should have ended on {end or start}; it ends at the start of the programme"
            self.values.otherwise(record, message, "end")
            end = self.clock.start
        if start is not None and end is not None and end < start:
            end = start
        return start, end
