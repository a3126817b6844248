"""Steps of operations as processes, flows, loads and lanes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import islice, product
from typing import Any

from .calendars import Pattern, closes
from .lots import Lots
from .operations import Flow, Step, Window
from .output import Output
from .paces import Pace
from .places import Places, Point
from .records import Record
from .resources import Clock, Resources
from .values import DAY, Values, honoured

_MOST_VARIANTS = 24

LAST_INSTANT = timedelta(seconds=1)
"""frePPLe's effective end may be the very instant at which an operation ends; ours is the first that is too late."""


@dataclass(frozen=True, slots=True)
class _Load:
    """A resource that a process uses: hours or units for each unit made, and once for each lot."""

    record: Record
    resource: str
    each: float
    lot: float


@dataclass
class Processes:
    """Writes processes.

    Attributes
    ----------
    written : ids of the processes of an operation, the preferred one first
    ordered : operations with firm orders, which become no lanes
    """

    out: Output
    values: Values
    places: Places
    clock: Clock
    resources: Resources
    lots: Lots
    delivered: frozenset[Point]
    ordered: frozenset[str] = frozenset()
    written: dict[str, list[str]] = field(default_factory=dict)
    _moved: dict[tuple[Point, str], Point] = field(default_factory=dict)

    def write(self, step: Step) -> None:
        """Write a step as a lane, or as one process for each choice of resources and alternate materials."""
        name = step.record.name
        flows = [flow for flow in step.flows if flow.quantity or flow.fixed]
        if not any(flow.quantity > 0 or flow.fixed > 0 for flow in flows):
            self.values.left_out(step.record, f'operation "{name}" brings nothing that is asked for; it is left out')
            return
        if self._is_lane(step, flows):
            self._lane(step, flows)
            return
        variants = list(islice(self._variants(step, flows), _MOST_VARIANTS + 1))
        if len(variants) > _MOST_VARIANTS:
            message = f'"{name}" has too many choices of resources and materials; the first {_MOST_VARIANTS} are taken'
            self.values.otherwise(step.record, message)
        self._remarks(step)
        for chosen, resources in variants[:_MOST_VARIANTS]:
            suffix = f" on {'.'.join(resources)}" if len(variants) > 1 else ""
            for pace in self._paces(step, resources):
                since = f" from {pace.window[0]:%Y-%m-%d}" if pace.window[0] is not None else ""
                new = self.out.ids.fresh("processes", f"{name}{suffix}{since}")
                self.written.setdefault(name, []).append(new)
                self._process(new, step, chosen, resources, pace)

    def _variants(self, step: Step, flows: list[Flow]) -> Iterator[tuple[list[Flow], list[str]]]:
        groups: dict[str, list[Flow]] = {}
        for flow in flows:
            groups.setdefault(flow.group or str(id(flow)), []).append(flow)
        loads: dict[str, list[tuple[Record, str]]] = {}
        for load in step.loads:
            choices = [(load, each) for each in self.resources.choices(load)]
            loads.setdefault(load.text("name") or str(id(load)), []).extend(choices)
        for materials in product(*groups.values()):
            for used in product(*loads.values()):
                yield list(materials), [each for _, each in used]

    def _paces(self, step: Step, resources: list[str]) -> list[Pace]:
        """Return the paces at which a step can be done; one for an operation with firm orders or without duration."""
        found = self.resources.paces(resources)
        if len(found) > 1 and (step.record.name in self.ordered or not any(self._times(step.record))):
            return [Pace((None, None), 1.0)]
        if len(found) > 1:
            message = f'efficiency of what "{step.record.name}" loads changes: one process for each, by its start'
            self.values.otherwise(step.record, message, "efficiencycalendar")
        return [pace for pace in found if pace.speed > 0] or [Pace((None, None), 1.0)]

    def _process(self, new: str, step: Step, flows: list[Flow], resources: list[str], pace: Pace) -> None:
        record, available = step.record, self.clock.available(step.location, step.record.text("available"))
        stretch = 1 / self.clock.share(available)
        fixed, each = self._times(record)
        lead = (fixed + each * self._growth(record)) * stretch / pace.speed / DAY
        site = self.places.site(step.location, record)
        loads = self._loads(step, resources, fixed, each)
        self.out.add(
            "processes",
            record,
            process=new,
            name=record.name,
            site=site,
            lead_days=lead,
            cost=self.values.number(record, "cost") if "cost" in record.fields else None,
            calendar=self._opening(step, available),
            alternate_rank=step.rank,
            days_per_run=each * stretch / DAY if each and honoured("processes", "days_per_run") else None,
            **self._dates(step, lead, pace.window),
            **self.lots.columns("processes", record),
        )
        for line, flow in enumerate(flows, 1):
            self._flow(new, line, replace(flow, point=self._at(flow, site)), lead)
        for line, load in enumerate(loads, 1):
            self._load(new, line, load, paced=pace.window != (None, None))

    def _opening(self, step: Step, available: Pattern) -> str | None:
        """Return the calendar of the starts: none for an operation that frePPLe does not use by itself."""
        if not step.automatic:
            return self.clock.never(step.record)
        return self.clock.write(available, f"{step.location} works", step.record) if closes(available) else None

    def _times(self, record: Record) -> tuple[float, float]:
        """Return the seconds of an operation for each lot and for each unit."""
        each = self.values.seconds(record, "durationper")
        if each and record.text("type", "time_per") != "time_per":
            each = 0.0
        return self.values.seconds(record, "duration"), each

    def _growth(self, record: Record) -> float:
        """Return the units whose time counts in the lead time."""
        return 0.0 if honoured("processes", "days_per_run") else self.lots.smallest(record)

    def _loads(self, step: Step, used: list[str], fixed: float, each: float) -> list[_Load]:
        loads = []
        for record, name in zip(_one_of_each(step.loads), used, strict=True):
            quantity = self.values.number(record, "quantity", 1.0)
            once = self.values.number(record, "quantityfixed")
            if self.resources.is_infinite(name):
                continue
            if self.resources.is_bucketised(name):
                loads.append(_Load(record, name, quantity, once))
                continue
            loads.append(_Load(record, name, quantity * each / 3600, quantity * fixed / 3600))
        return loads

    def _load(self, new: str, line: int, load: _Load, *, paced: bool) -> None:
        if not load.each and not load.lot:
            return
        resource, rests = self.resources.use(load.resource, load.record, paced=paced)
        # Spread over the run, a load would forbid every run that meets a time without capacity.
        at_start = rests or self.resources.is_bucketised(load.resource)
        self.out.add(
            "loads",
            load.record,
            process=new,
            resource=resource,
            line=line,
            quantity=load.each,
            until_days=0.0 if at_start else None,
            setup_quantity=load.lot or None,
        )
        if load.record.text("setup"):
            self.values.absent(load.record, f'set-up "{load.record.text("setup")}"', "changing over is free", "setup")

    def _flow(self, new: str, line: int, flow: Flow, lead: float) -> None:
        start_from, start_until = flow.window
        shift = timedelta(days=0.0 if flow.at_start else lead)
        fixed = flow.fixed or None
        if fixed and not honoured("flows", "fixed_quantity"):
            self.values.absent(flow.record, f"a quantity for each lot ({fixed:g})", "it is left out", "quantityfixed")
        usual = "start" if flow.quantity < 0 else "end"
        self.out.add(
            "flows",
            flow.record,
            process=new,
            item=flow.point.item,
            line=line,
            quantity=flow.quantity,
            offset_from=None if usual == ("start" if flow.at_start else "end") else "start" if flow.at_start else "end",
            offset_days=flow.offset_days or None,
            start_from=_moved(start_from, shift),
            start_until=_moved(start_until, shift),
            fixed_quantity=fixed,
        )

    def _dates(self, step: Step, lead: float, starts: Window = (None, None)) -> dict[str, Any]:
        """Return the window of the starts: frePPLe tests the end of an operation, its fence and its pace the start."""
        start_from, start_until = together(step.windows)
        shift = timedelta(days=lead)
        begin = _moved(start_from, shift)
        fence = self.values.seconds(step.record, "fence")
        if fence > 0:
            begin = max(begin or self.clock.start, self.clock.start + timedelta(seconds=fence))
        begin, until = together(((begin, _moved(start_until, shift - LAST_INSTANT)), starts))
        return {"start_from": begin, "start_until": until}

    def _remarks(self, step: Step) -> None:
        record, name = step.record, step.record.name
        if self.values.seconds(record, "posttime") > 0:
            self.values.absent(
                record, f'the safety time after "{name}", a wish', "outputs are used at once", "posttime"
            )
        share = self.clock.share(self.clock.available(step.location, record.text("available")))
        if share < 1 and any(self._times(record)):
            message = f'"{name}" works {share:.0%} of the time; its duration is stretched by {1 / share:.3g}'
            self.values.otherwise(record, message, "duration")
        _, each = self._times(record)
        if each and not honoured("processes", "days_per_run"):
            smallest = self.lots.smallest(record)
            message = (
                f'lead time of "{name}": its time for a smallest lot of {smallest:g}, not for each lot by its size'
            )
            self.values.otherwise(record, message, "durationper")
        for column, words in (("costcalendar", "a cost"), ("batchquantity", "a batch")):
            if column in record.fields:
                self.values.absent(record, f'{words} that changes for "{name}"', "it is left out", column)

    def _is_lane(self, step: Step, flows: list[Flow]) -> bool:
        """Whether a step does nothing but move one item from one site to another."""
        if len(flows) != 2 or step.loads or step.record.name in self.ordered:
            return False
        first, second = sorted(flows, key=lambda flow: flow.quantity)
        plain = not (first.fixed or second.fixed or first.group or second.group or first.offset_days)
        same = first.point.item == second.point.item and first.point.site != second.point.site
        dated = first.window != (None, None) or second.window != (None, None)
        return plain and same and not dated and first.quantity == -1 and second.quantity == 1 and step.automatic

    def _lane(self, step: Step, flows: list[Flow]) -> None:
        origin, target = (flow.point for flow in sorted(flows, key=lambda flow: flow.quantity))
        fixed, each = self._times(step.record)
        lead = (fixed + each * self.lots.smallest(step.record)) / DAY
        self.out.add(
            "lanes",
            step.record,
            lane=self.out.ids.fresh("lanes", step.record.name),
            name=step.record.name,
            from_site=origin.site,
            to_site=target.site,
            item=origin.item,
            lead_days=lead,
            cost=self.values.number(step.record, "cost") if "cost" in step.record.fields else None,
            **self._dates(step, lead),
            **self.lots.columns("lanes", step.record),
        )

    def _at(self, flow: Flow, site: str) -> Point:
        """Return where a process has a flow; what lies elsewhere is brought under a name of its own, in no time."""
        point = flow.point
        if point.site == site:
            return point
        way = (point, "in" if flow.quantity < 0 else "out")
        if way not in self._moved:
            self._moved[way] = self._bridge(flow.record, point, site, inward=flow.quantity < 0)
        return self._moved[way]

    def _bridge(self, record: Record, point: Point, site: str, *, inward: bool) -> Point:
        ids, other = self.out.ids, point.item
        if point not in self.delivered:
            other = self.places.item(f"{point.item} between {point.site} and {site}", record)
            helper = ids.fresh("processes", f"{other} renamed")
            self.out.add("processes", record, process=helper, site=point.site)
            taken, made = (point.item, other) if inward else (other, point.item)
            self.out.add("flows", record, process=helper, item=taken, quantity=-1.0)
            self.out.add("flows", record, process=helper, item=made, quantity=1.0)
        ends = (point.site, site) if inward else (site, point.site)
        lane = ids.fresh("lanes", f"{other} moved")
        self.out.add("lanes", record, lane=lane, from_site=ends[0], to_site=ends[1], item=other)
        return Point(other, site)


def together(windows: tuple[Window, ...]) -> Window:
    """Return the window that all windows leave open."""
    starts = [start for start, _ in windows if start is not None]
    ends = [end for _, end in windows if end is not None]
    return max(starts, default=None), min(ends, default=None)


def _one_of_each(loads: tuple[Record, ...]) -> list[Record]:
    """Return one load of each group of alternates."""
    return list({load.text("name") or str(id(load)): load for load in reversed(loads)}.values())[::-1]


def _moved(at: datetime | None, back: timedelta) -> datetime | None:
    return None if at is None else at - back
