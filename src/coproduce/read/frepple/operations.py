"""Operations of frePPLe taken apart into single steps: alternates, routings and splits no longer nest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

from .places import Places, Point
from .records import Record, Store
from .values import Values

Window = tuple[datetime | None, datetime | None]
_CONTAINERS = {"alternate", "routing", "split"}
_SIZES = ("sizeminimum", "sizemultiple", "sizemaximum")
_DEEPEST = 20


@dataclass(frozen=True, slots=True)
class Flow:
    """What a step takes (negative) or brings (positive) for each unit, and for each lot whatever its size.

    Attributes
    ----------
    at_start : whether it takes place at the start of the operation, not at its end
    group : name of the alternates that it belongs to; empty for none
    """

    record: Record
    point: Point
    quantity: float
    fixed: float = 0.0
    at_start: bool = False
    offset_days: float = 0.0
    window: Window = (None, None)
    group: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One operation that is no container, with what containers add to it."""

    record: Record
    location: str
    flows: tuple[Flow, ...] = ()
    loads: tuple[Record, ...] = ()
    windows: tuple[Window, ...] = ()
    rank: int = 1
    automatic: bool = True


@dataclass(frozen=True, slots=True)
class _Child:
    """An operation inside a container."""

    name: str
    about: Record
    priority: float


@dataclass
class Operations:
    """Takes operations apart.

    Attributes
    ----------
    delivered : what an operation that delivers to customers brings, by its name
    """

    store: Store
    places: Places
    values: Values
    delivered: dict[str, Point] = field(default_factory=dict)

    def steps(self) -> Iterator[Step]:
        """Return all steps; each container is followed down from the outermost."""
        for name, record in self.store.of("operation").items():
            if name not in self._inner:
                yield from self._expand(Step(record, self.location(record)), 0)

    def location(self, record: Record) -> str:
        """Return where an operation takes place: its own location, or that of a child or of a buffer it touches."""
        if record.text("location"):
            return record.text("location")
        for child in self._children.get(record.name, ()):
            if child.name != record.name and child.about.text("location"):
                return child.about.text("location")
        lines = sorted(self._lines.get(record.name, ()), key=lambda line: line.text("quantity").startswith("-"))
        for line in lines:
            buffer = self.store.get("buffer", line.text("buffer"))
            if buffer is not None:
                return self.places.names(buffer)[1]
        producing = self._producing.get(record.name)
        return self.places.names(producing)[1] if producing is not None else ""

    def _expand(self, step: Step, depth: int) -> Iterator[Step]:
        """Yield the steps of an operation; `step` carries what its containers add."""
        name, children = step.record.name, self._children.get(step.record.name, [])
        step = replace(step, flows=(*step.flows, *self._own_flows(step)), windows=self._windows(step))
        if not children or depth > _DEEPEST:
            if step.record.text("type") in _CONTAINERS:
                self.values.left_out(step.record, f'operation "{name}" has no steps; it is left out')
                return
            rank = max(1, int(step.rank if depth else self._priority(step.record)))
            automatic = step.automatic and self._priority(step.record) > 0
            yield replace(step, loads=tuple(self._loads.get(name, ())), rank=rank, automatic=automatic)
        elif step.record.text("type") == "routing":
            yield from self._routing(step, children, depth)
        else:
            yield from self._alternates(step, children, depth)

    def _alternates(self, step: Step, children: list[_Child], depth: int) -> Iterator[Step]:
        for name in _SIZES:
            if self.values.number(step.record, name) > 1:
                message = f'a size of "{step.record.name}", which has alternates'
                self.values.absent(step.record, message, "only the sizes of each alternate count", name)
        kind = step.record.text("type") or "alternate"
        if kind == "split":
            self.values.absent(step.record, "the division of a split operation", "the plan divides as it serves best")
        elif len(children) > 1:
            search = step.record.text("search", "PRIORITY")
            message = (
                f'alternates of "{step.record.name}" ({search}): the plan takes what is in time and then costs least'
            )
            self.values.otherwise(step.record, message, "search")
        for child in children:
            inner = self._inside(step, child)
            yield from self._expand(replace(inner, rank=int(child.priority), flows=step.flows), depth + 1)

    def _routing(self, step: Step, children: list[_Child], depth: int) -> Iterator[Step]:
        """Yield the steps of a routing one after the other, with an item of its own between two of them."""
        last = len(children) - 1
        before: Point | None = None
        for place, child in enumerate(children):
            inner = self._inside(step, child)
            flows = [flow for flow in step.flows if place == (0 if flow.at_start else last)]
            if before is not None:
                flows.append(Flow(child.about, before, -1.0, at_start=True))
            if place < last:
                between = f"{step.record.name} after {child.name}"
                before = Point(self.places.item(between, child.about), self.places.site(inner.location, child.about))
                flows.append(Flow(child.about, before, 1.0))
            yield from self._expand(replace(inner, flows=tuple(flows)), depth + 1)

    def _inside(self, step: Step, child: _Child) -> Step:
        """Return a child with the location, dates and sizes of its container where it has none."""
        for name in (*_SIZES, "available"):
            if name in step.record.fields and step.record.text("type") == "routing":
                child.about.fields.setdefault(name, step.record.fields[name])
        location = self.location(child.about) or step.location
        automatic = step.automatic and child.priority > 0 and self._priority(step.record) > 0
        return Step(child.about, location, windows=step.windows, automatic=automatic)

    def _windows(self, step: Step) -> tuple[Window, ...]:
        own = self._window(step.record)
        listed = [self._window(line) for line in self._sublines.get(step.record.name, ())]
        return (*step.windows, *(window for window in (own, *listed) if window != (None, None)))

    def _window(self, record: Record) -> Window:
        return self.values.date(record, "effectivestart"), self.values.date(record, "effectiveend")

    def _priority(self, record: Record) -> float:
        return self.values.number(record, "priority", 1.0, None)

    def _own_flows(self, step: Step) -> list[Flow]:
        record, name = step.record, step.record.name
        flows = [self._flow(line, step) for line in self._lines.get(name, ())]
        if not self._brings(name, 0) and not any(flow.quantity > 0 for flow in step.flows):
            producing = self._producing.get(name)
            if record.text("item"):
                point = self.places.point(record.text("item"), step.location, record)
                flows.append(Flow(record, point, 1.0))
            elif producing is not None:
                flows.append(Flow(record, self.places.buffer(producing.name, producing), 1.0))
        if name in self.delivered:
            flows.append(Flow(record, self.delivered[name], 1.0))
        return flows

    def _flow(self, line: Record, step: Step) -> Flow:
        quantity = self.values.number(line, "quantity", 1.0, None)
        kind = line.text("type", "start" if quantity < 0 else "end").lower()
        if kind not in ("start", "end"):
            self.values.absent(line, f'a material flow of type "{kind}"', "it takes place at the end", "type")
        location = line.text("location", step.location)
        buffer, item = line.text("buffer"), line.text("item")
        point = self.places.buffer(buffer, line) if buffer else self.places.point(item, location, line)
        fixed = self.values.number(line, "quantityfixed", 0.0, None)
        offset = self.values.days(line, "offset")
        return Flow(line, point, quantity, fixed, kind == "start", offset, self._window(line), line.text("name"))

    def _brings(self, name: str, depth: int) -> bool:
        """Whether an operation or one inside it brings something."""
        own = any(not line.text("quantity", "1").startswith("-") for line in self._lines.get(name, ()))
        inside = (child.name for child in self._children.get(name, ()) if depth < _DEEPEST)
        return own or any(self._brings(child, depth + 1) for child in inside)

    @cached_property
    def _sublines(self) -> dict[str, list[Record]]:
        lines: dict[str, list[Record]] = {}
        for line in self.store.list("suboperation"):
            lines.setdefault(line.text("operation") or line.text("suboperation"), []).append(line)
        return lines

    @cached_property
    def _children(self) -> dict[str, list[_Child]]:
        found: dict[str, dict[str, _Child]] = {}
        for line in self.store.list("suboperation"):
            inner = line.text("operation") or line.text("suboperation")
            about = self.store.get("operation", inner)
            if about is not None and inner != line.text("owner"):
                found.setdefault(line.text("owner"), {})[inner] = _Child(inner, about, self._priority(line))
        for name, record in self.store.of("operation").items():
            owner = record.text("owner")
            if owner and owner != name:
                child = _Child(name, record, self._priority(record))
                found.setdefault(owner, {}).setdefault(name, child)
        return {owner: sorted(inner.values(), key=lambda child: child.priority) for owner, inner in found.items()}

    @cached_property
    def _inner(self) -> set[str]:
        return {child.name for children in self._children.values() for child in children}

    @cached_property
    def _lines(self) -> dict[str, list[Record]]:
        return self._by_operation("operationmaterial")

    @cached_property
    def _loads(self) -> dict[str, list[Record]]:
        return self._by_operation("operationresource")

    def _by_operation(self, kind: str) -> dict[str, list[Record]]:
        lines: dict[str, list[Record]] = {}
        for line in self.store.list(kind):
            lines.setdefault(line.text("operation"), []).append(line)
        return lines

    @cached_property
    def _producing(self) -> dict[str, Record]:
        return {record.text("producing"): record for record in self.store.list("buffer") if record.text("producing")}
