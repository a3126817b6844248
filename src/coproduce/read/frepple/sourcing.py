"""Item suppliers and item distributions as supplies and lanes, for every item and site that can need them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from .lots import Lots
from .output import Output
from .places import Places, Point
from .processes import LAST_INSTANT, together
from .records import Record, Store
from .resources import Clock, Resources
from .values import Values

_DEEPEST = 20


@dataclass
class Sourcing:
    """Writes supplies and lanes as they are needed."""

    store: Store
    out: Output
    values: Values
    places: Places
    clock: Clock
    resources: Resources
    lots: Lots
    _written: set[tuple[int, Point, str]] = field(default_factory=set)
    _parties: dict[str, str] = field(default_factory=dict)

    def write(self, needed: dict[Point, tuple[str, str]]) -> None:
        """Write what brings the points needed, given by the names of item and location, and what that needs in turn."""
        for record in (*self.store.list("itemsupplier"), *self.store.list("itemdistribution")):
            self._declared(record, needed)
        waiting = dict(needed)
        while waiting:
            _, (item, location) = waiting.popitem()
            for record in self._offers(item, location):
                self._supply(record, item, location)
            for record in self._ways(item, location):
                origin = self._lane(record, item, location)
                point = self.places.point(item, origin, record) if origin else None
                if point is not None and point not in needed:
                    needed[point] = waiting[point] = (item, origin)

    def party(self, kind: str, name: str, record: Record) -> str | None:
        """Return the party of a customer or supplier."""
        if not name:
            return None
        known = f"{kind} {name}"
        if known not in self._parties:
            self._parties[known] = self.out.ids.fresh("parties", name)
            self.out.add("parties", self.store.get(kind, name) or record, party=self._parties[known], name=name)
        return self._parties[known]

    def _declared(self, record: Record, needed: dict[Point, tuple[str, str]]) -> None:
        """Let what is said of one item and one location stand even where no demand needs it."""
        item = record.text("item")
        location = record.text("destination") or record.text("location")
        if item and location and item not in self._parents:
            needed.setdefault(self.places.point(item, location, record), (item, location))

    def _family(self, item: str) -> list[str]:
        """Return an item and what it belongs to."""
        family = [item]
        while len(family) < _DEEPEST:
            about = self.store.get("item", family[-1])
            owner = about.text("owner") if about is not None else ""
            if not owner or owner in family:
                break
            family.append(owner)
        return family

    def _offers(self, item: str, location: str) -> list[Record]:
        lines = [record for name in self._family(item) for record in self._suppliers.get(name, ())]
        return [record for record in lines if record.text("location") in ("", location)]

    def _ways(self, item: str, location: str) -> list[Record]:
        lines = [record for name in (*self._family(item), "") for record in self._distributions.get(name, ())]
        return [record for record in lines if (record.text("destination") or record.text("location")) in ("", location)]

    def _supply(self, record: Record, item: str, location: str) -> None:
        point = self.places.point(item, location, record)
        if (id(record), point, "") in self._written:
            return
        self._written.add((id(record), point, ""))
        supplier = record.text("supplier")
        name = f"Purchase {item} @ {location} from {supplier}"
        if record.text("resource"):
            self._bought_with_resource(record, point, name)
            return
        start, end = self._dates(record)
        self.out.add(
            "supplies",
            record,
            supply=self.out.ids.fresh("supplies", name),
            name=name,
            item=point.item,
            site=point.site,
            party=self.party("supplier", supplier, record),
            price=self.values.number(record, "cost") if "cost" in record.fields else None,
            lead_days=self.values.days(record, "leadtime"),
            calendar=self._opening(record),
            order_from=start,
            order_until=end,
            **self.lots.columns("supplies", record),
        )
        self._remarks(record)

    def _bought_with_resource(self, record: Record, point: Point, name: str) -> None:
        """Write a purchase that loads a resource as a process without inputs, since supplies load nothing."""
        process = self.out.ids.fresh("processes", name)
        start, end = self._dates(record)
        message = f"a supplier whose resource limits it becomes a process without inputs ({process})"
        self.values.otherwise(record, message, "resource")
        self.out.add(
            "processes",
            record,
            process=process,
            name=name,
            site=point.site,
            lead_days=self.values.days(record, "leadtime"),
            cost=self.values.number(record, "cost") if "cost" in record.fields else None,
            calendar=self._opening(record),
            start_from=start,
            start_until=end,
            **self.lots.columns("processes", record),
        )
        self.out.add("flows", record, process=process, item=point.item, quantity=1.0)
        quantity = self.values.number(record, "resourceqty", 1.0)
        if not self.resources.is_infinite(record.text("resource")):
            resource, _ = self.resources.use(record.text("resource"), record)
            self.out.add("loads", record, process=process, resource=resource, quantity=quantity, until_days=0.0)
        self._remarks(record)

    def _lane(self, record: Record, item: str, location: str) -> str:
        """Write the lane that brings an item to a location; return where it comes from."""
        origin = record.text("origin")
        point = self.places.point(item, location, record)
        if not origin or origin == location or (id(record), point, origin) in self._written:
            return ""
        self._written.add((id(record), point, origin))
        source = self.places.point(item, origin, record)
        name = f"Ship {item} from {origin} to {location}"
        start, end = self._dates(record)
        if source.item != point.item:
            self.values.left_out(record, f'"{item}" lies in several buffers at one place; the lane is left out')
            return ""
        if record.text("resource"):
            self.values.absent(record, "a resource that a distribution loads", "it does not limit the lane", "resource")
        self.out.add(
            "lanes",
            record,
            lane=self.out.ids.fresh("lanes", name),
            name=name,
            from_site=source.site,
            to_site=point.site,
            item=point.item,
            lead_days=self.values.days(record, "leadtime"),
            cost=self.values.number(record, "cost") if "cost" in record.fields else None,
            calendar=self._opening(record),
            start_from=start,
            start_until=end,
            **self.lots.columns("lanes", record),
        )
        self._remarks(record)
        return origin

    def _opening(self, record: Record) -> str | None:
        """Return the calendar of the orders: none are made where the priority is 0."""
        return None if self.values.number(record, "priority", 1.0, None) > 0 else self.clock.never(record)

    def _dates(self, record: Record) -> tuple[datetime | None, datetime | None]:
        """Return the window of the starts; frePPLe's effective dates test the end, its fence the start."""
        start, end = together(((self.values.date(record, "effectivestart"), self.values.date(record, "effectiveend")),))
        lead = timedelta(days=self.values.days(record, "leadtime"))
        start = None if start is None else start - lead
        end = None if end is None else end - lead + LAST_INSTANT
        fence = self.values.seconds(record, "fence")
        if fence > 0:
            start = max(start or self.clock.start, self.clock.start + timedelta(seconds=fence))
        return start, end

    def _remarks(self, record: Record) -> None:
        for name in ("hardsafetyleadtime", "extrasafetyleadtime", "batchwindow"):
            if self.values.seconds(record, name) > 0:
                self.values.absent(record, f'the field "{name}"', "it is left out", name)

    @cached_property
    def _parents(self) -> set[str]:
        return {record.text("owner") for record in self.store.list("item") if record.text("owner")}

    @cached_property
    def _suppliers(self) -> dict[str, list[Record]]:
        return self._by_item("itemsupplier")

    @cached_property
    def _distributions(self) -> dict[str, list[Record]]:
        return self._by_item("itemdistribution")

    def _by_item(self, kind: str) -> dict[str, list[Record]]:
        lines: dict[str, list[Record]] = {}
        for record in self.store.list(kind):
            lines.setdefault(record.text("item"), []).append(record)
        return lines
