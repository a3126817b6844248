"""Open sales orders as demands."""

from __future__ import annotations

from dataclasses import dataclass, field

from .output import Output
from .places import Places, Point
from .records import Record, Store
from .sourcing import Sourcing
from .values import DAY, Values, honoured

_OPEN = {"open", "quote"}
_FOREVER = 5 * 365 * DAY


@dataclass
class Demands:
    """Reads and writes demands.

    Attributes
    ----------
    asked : the demands that are planned, in the order of the file
    closed : those that are not, by status
    """

    store: Store
    out: Output
    values: Values
    places: Places
    asked: list[Record] = field(default_factory=list)
    closed: dict[str, list[Record]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Tell the demands that are planned from the others."""
        for record in self.store.list("demand"):
            status = record.text("status", "open").lower()
            if status not in _OPEN:
                self.closed.setdefault(status, []).append(record)
            elif record.text("type") == "group" or (not record.text("item") and "quantity" not in record.fields):
                self._group(record)
            else:
                self.asked.append(record)
        for status, records in self.closed.items():
            many = f"{len(records)} demands are" if len(records) > 1 else "a demand is"
            self.values.left_out(records[0], f"{many} {status} and not planned; the first stands here", "status")

    def _group(self, record: Record) -> None:
        policy = record.text("policy", "independent")
        if policy != "independent":
            message = f'policy "{policy}" of the group "{record.name}"'
            self.values.absent(record, message, "its demands are planned one by one", "policy")

    def orders(self) -> dict[str, list[float]]:
        """Return the quantities asked for, by the id of the item."""
        orders: dict[str, list[float]] = {}
        for record in self.asked:
            quantity = self.values.number(record, "quantity", 1.0)
            item = self.places.item(record.text("item"), record)
            orders.setdefault(item, []).append(quantity or 1.0)
        return orders

    def delivered(self, locate: dict[str, str]) -> dict[str, Point]:
        """Return what each delivery operation brings.

        Parameters
        ----------
        locate : location of each operation, by its name
        """
        points: dict[str, Point] = {}
        for record in self.asked:
            operation = record.text("operation")
            if operation and operation not in points:
                location = record.text("location") or locate.get(operation, "")
                item = self.places.item(f"{record.text('item')} by {operation}", record)
                points[operation] = Point(item, self.places.site(location, record))
        return points

    def needed(self) -> dict[Point, tuple[str, str]]:
        """Return the points that are asked for directly, with the names of item and location."""
        needed: dict[Point, tuple[str, str]] = {}
        for record in self.asked:
            if not record.text("operation"):
                item, location = record.text("item"), record.text("location")
                needed.setdefault(self.places.point(item, location, record), (item, location))
        return needed

    def write(self, delivered: dict[str, Point], sourcing: Sourcing) -> None:
        """Write the table demands."""
        numbers = [self.values.number(record, "priority", 10.0, None) for record in self.asked]
        shift = max(0, 1 - int(min(numbers, default=1.0)))
        if shift and self.asked:
            self.values.otherwise(self.asked[0], f"priorities begin with 1 here; {shift} is added to each", "priority")
        allowed = self.store.get("parameter", "allowsplits")
        whole = allowed is not None and not self.values.flag(allowed, "value", True)
        for record, number in zip(self.asked, numbers, strict=True):
            due = self.values.date(record, "due")
            if due is None:
                self.values.left_out(record, f'the demand "{record.name}" has no due date; it is left out', "due")
                continue
            point = self._point(record, delivered)
            latest = self.values.seconds(record, "maxlateness", _FOREVER)
            self.out.add(
                "demands",
                record,
                demand=self.out.ids.of("demands", record.name or f"demand {record.row}"),
                name=record.name,
                item=point.item,
                site=point.site,
                quantity=self.values.number(record, "quantity", 1.0),
                due=due,
                party=sourcing.party("customer", record.text("customer"), record),
                priority=int(number) + shift,
                maximum_late_days=latest / DAY if latest < _FOREVER else None,
                minimum_shipment=self._shipment(record),
                all_or_nothing=whole or None,
            )

    def _point(self, record: Record, delivered: dict[str, Point]) -> Point:
        operation = record.text("operation")
        if operation in delivered:
            return delivered[operation]
        return self.places.point(record.text("item"), record.text("location"), record)

    def _shipment(self, record: Record) -> float | None:
        size = self.values.number(record, "minshipment")
        if size <= 0:
            return None
        if not honoured("demands", "minimum_shipment"):
            self.values.absent(record, f"a smallest shipment ({size:g})", "any part may be delivered", "minshipment")
        asked = self.values.number(record, "quantity", 1.0)
        if size > asked:
            message = (
                f"a smallest shipment of {size:g} is more than the {asked:g} asked for; no more than these are sent"
            )
            self.values.otherwise(record, message, "minshipment")
        return size
