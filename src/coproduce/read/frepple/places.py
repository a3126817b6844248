"""Where stock can lie: frePPLe's buffers as pairs of item and site."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from .output import Output
from .records import Record, Store
from .values import Values

NOWHERE = "no location"


class Point(NamedTuple):
    """An item at a site, both by id."""

    item: str
    site: str


@dataclass
class Places:
    """Items and sites by name, and the point that each buffer stands for.

    Attributes
    ----------
    named : names of item and location of every point met so far
    """

    store: Store
    out: Output
    values: Values
    named: dict[Point, tuple[str, str]] = field(default_factory=dict)
    _names: dict[str, dict[str, Record]] = field(default_factory=lambda: {"items": {}, "sites": {}})

    def site(self, name: str, record: Record) -> str:
        """Return the id of a location; `record` is where it is named."""
        name = name or self._only_location
        self._names["sites"].setdefault(name, self.store.get("location", name) or record)
        return self.out.ids.of("sites", name)

    def item(self, name: str, record: Record) -> str:
        """Return the id of an item; `record` is where it is named."""
        self._names["items"].setdefault(name, self.store.get("item", name) or record)
        return self.out.ids.of("items", name)

    def point(self, item: str, location: str, record: Record) -> Point:
        """Return the point of an item at a location."""
        buffer = self._first_buffer.get((item, location or self._only_location))
        if buffer is not None:
            return self.buffer(buffer.name or "", buffer)
        point = Point(self.item(item, record), self.site(location, record))
        self.named.setdefault(point, (item, location or self._only_location))
        return point

    def buffer(self, name: str, record: Record) -> Point:
        """Return the point of a buffer; those that share item and location get an item of their own each."""
        about = self.store.get("buffer", name) or record
        item, location = self.names(about)
        shared = len(self._sharing.get((item, location or self._only_location), ())) > 1
        if shared:
            self.values.otherwise(about, f'several buffers hold "{item}" here; each is an item of its own')
        point = Point(self.item(name if shared else item, about), self.site(location, about))
        self.named.setdefault(point, (item, location or self._only_location))
        return point

    def names(self, buffer: Record) -> tuple[str, str]:
        """Return item and location of a buffer; its name tells them where its fields do not."""
        item, at, location = buffer.name.rpartition(" @ ")
        if not at:
            item, location = buffer.name, ""
        return buffer.text("item", item), buffer.text("location", location)

    def write(self) -> None:
        """Write the tables items and sites, with all that is declared or was named."""
        for kind, add in (("item", self.item), ("location", self.site)):
            for name, record in self.store.of(kind).items():
                add(name, record)
        for name, record in self._names["items"].items():
            cost = self.values.number(record, "cost") if record.kind == "item" and "cost" in record.fields else None
            unit = record.text("uom", "unit") if record.kind == "item" else "unit"
            self.out.add("items", record, item=self.out.ids.of("items", name), name=name, unit=unit, unit_value=cost)
        for name, record in self._names["sites"].items():
            self.out.add("sites", record, site=self.out.ids.of("sites", name), name=name)

    @cached_property
    def _only_location(self) -> str:
        """The location where none is given: the only one there is, or one of its own."""
        locations = list(self.store.of("location"))
        return locations[0] if len(locations) == 1 else NOWHERE

    @cached_property
    def _sharing(self) -> dict[tuple[str, str], list[Record]]:
        sharing: dict[tuple[str, str], list[Record]] = {}
        for record in self.store.list("buffer"):
            item, location = self.names(record)
            sharing.setdefault((item, location or self._only_location), []).append(record)
        return sharing

    @cached_property
    def _first_buffer(self) -> dict[tuple[str, str], Record]:
        return {place: records[0] for place, records in self._sharing.items() if len(records) > 1}
