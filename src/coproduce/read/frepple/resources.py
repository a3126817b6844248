"""Resources: capacity over time, pools and skills, and which resources may carry a load."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from .calendars import Pattern, closes, constant, mean, most, pattern, per_day, product, rows, scaled
from .output import Output
from .paces import MOST_PACES, Pace, Window, meet, paces, steady
from .places import Places
from .records import Record, Store
from .values import Values

_HOURS = {"day": 24.0, "week": 168.0, "month": 730.0}
_PERIODS = {"buckets_day": "day", "buckets_week": "week", "buckets_month": "month"}


@dataclass
class Clock:
    """Working times: the calendars of locations, of operations and of resources, each written once.

    Attributes
    ----------
    start : first instant of the programme
    """

    store: Store
    out: Output
    values: Values
    start: datetime
    _written: dict[Pattern, str] = field(default_factory=dict)
    _known: dict[str, Pattern] = field(default_factory=dict)
    _available: dict[tuple[str, str], Pattern] = field(default_factory=dict)
    _shares: dict[Pattern, float] = field(default_factory=dict)

    def calendar(self, name: str) -> Pattern:
        """Return a calendar by name; always 1 where there is no name."""
        if name and name not in self._known:
            self._known[name] = pattern(self.store, name, self._lines.get(name, ()), self.values)
        return self._known[name] if name else constant(1.0)

    def available(self, location: str, also: str = "") -> Pattern:
        """Return when work is done at a location, for what may have a calendar of its own."""
        if (location, also) not in self._available:
            about = self.store.get("location", location)
            usual = self.calendar(about.text("available") if about is not None else "")
            self._available[location, also] = product([usual, self.calendar(also)])
        return self._available[location, also]

    def share(self, calendar: Pattern) -> float:
        """Return the share of time in which work is done; 1 where it never is, as nothing can be stretched by that."""
        if calendar not in self._shares:
            self._shares[calendar] = mean(calendar, self.start) or 1.0
        return self._shares[calendar]

    @cached_property
    def _lines(self) -> dict[str, list[Record]]:
        lines: dict[str, list[Record]] = {}
        for record in self.store.list("calendarbucket"):
            lines.setdefault(record.text("calendar"), []).append(record)
        return lines

    def never(self, record: Record) -> str | None:
        """Return the calendar of what is not used unless a firm order says so."""
        return self.write(constant(0.0), "never", record)

    def write(self, calendar: Pattern, name: str, record: Record) -> str | None:
        """Write a calendar and return its id; nothing for one that is always 1."""
        if calendar == constant(1.0):
            return None
        if calendar not in self._written:
            self._written[calendar] = self.out.ids.fresh("calendars", name)
            for row in rows(self._written[calendar], calendar):
                self.out.add("calendars", record, **row)
        return self._written[calendar]


@dataclass
class Resources:
    """Writes resources as they are used and answers which may carry a load."""

    store: Store
    out: Output
    values: Values
    places: Places
    clock: Clock
    _closing: dict[str, tuple[bool, bool]] = field(default_factory=dict)
    _rooms: dict[str, tuple[float, Pattern]] = field(default_factory=dict)

    def choices(self, load: Record) -> list[str]:
        """Return the resources of which one carries a load: the members of a pool that have the skill, or itself."""
        name, skill = load.text("resource"), load.text("skill")
        leaves = self._leaves(name, frozenset())
        able = [leaf for leaf in leaves if not skill or (leaf, skill) in self._skills]
        if skill and not able:
            self.values.otherwise(
                load, f'no resource of "{name}" has the skill "{skill}"; the skill is ignored', "skill"
            )
        return able or leaves

    def is_infinite(self, name: str) -> bool:
        """Whether a resource limits nothing."""
        about = self.store.get("resource", name)
        return about is not None and about.text("type") == "infinite"

    def is_bucketised(self, name: str) -> bool:
        """Whether the capacity of a resource is an amount for each time bucket, whatever an operation takes of time."""
        about = self.store.get("resource", name)
        return about is not None and about.text("type").startswith("buckets")

    def paces(self, names: Sequence[str]) -> list[Pace]:
        """Return how many times faster than planned work goes on some resources together, window by window.

        Efficiency that changes with the hour or too often counts as 1 here; it is in the capacity.
        """
        found = paces([self._efficiency(name) for name in names], self.clock.start)
        return found if len(found) <= MOST_PACES else [Pace((None, None), 1.0)]

    def _efficiency(self, name: str) -> tuple[Pattern, float]:
        about = self.store.get("resource", name)
        if about is None:
            return constant(1.0), 1.0
        if "efficiencycalendar" in about.fields:
            calendar = self.clock.calendar(about.text("efficiencycalendar"))
            return (calendar, 0.01) if steady(calendar) else (constant(1.0), 1.0)
        return constant(1.0), self.values.number(about, "efficiency", 100.0) / 100.0 or 1.0

    def use(self, name: str, load: Record, *, paced: bool = False) -> tuple[str, bool]:
        """Return the id of a resource and whether it rests at times; its row is written when it is first used.

        Parameters
        ----------
        paced : whether the times when its efficiency is 0 are left out already
        """
        new = self.out.ids.of("resources", name)
        if name not in self._closing:
            self._closing[name] = self._write(new, name, self.store.get("resource", name) or load)
        return new, self._closing[name][1 if paced else 0]

    def room(self, resource: str, hours: float) -> float:
        """Return the most that a resource, given by its id, has in a time bucket of some hours."""
        per_hour, factor = self._rooms[resource]
        return per_hour * hours * most(factor, self.clock.start, hours)

    def least(self, resource: str, hours: float, window: Window) -> float:
        """Return the least that a resource, given by its id, has in some hours of a window in which it works at all."""
        per_hour, factor = self._rooms[resource]
        values = [part.value for part in factor]
        if steady(factor):
            values = [pace.speed for pace in paces([(factor, 1.0)], self.clock.start) if meet(pace.window, window)]
        return per_hour * hours * min((value for value in values if value > 0), default=1.0)

    def _write(self, new: str, name: str, about: Record) -> tuple[bool, bool]:
        location = about.text("location") if about.kind == "resource" else ""
        self._remarks(about)
        amounts, per = self._amounts(about)
        efficiency = self.clock.calendar(about.text("efficiencycalendar"))
        if "efficiencycalendar" in about.fields:
            efficiency = scaled(efficiency, 0.01)
        times = self.clock.available(location, about.text("available"))
        if self.is_bucketised(name):
            times = constant(1.0)
        factor = product([amounts, efficiency, times])
        steady = factor[0].value if len(factor) == 1 else 1.0
        share = (
            self.values.number(about, "efficiency", 100.0) / 100.0 if "efficiencycalendar" not in about.fields else 1
        )
        capacity = (1.0 if self.is_bucketised(name) else 24.0) * steady
        self._rooms[new] = (capacity * (share or 1.0) / _HOURS[per], constant(1.0) if len(factor) == 1 else factor)
        self.out.add(
            "resources",
            about,
            resource=new,
            name=name,
            site=self.places.site(location, about),
            unit="unit" if self.is_bucketised(name) else "hour",
            capacity=capacity,
            capacity_per=per,
            calendar=None if len(factor) == 1 else self.clock.write(factor, name, about),
            efficiency=share or 1.0,
            cost=self.values.number(about, "cost") if "cost" in about.fields else None,
        )
        return closes(factor), closes(product([amounts, times]))

    def _amounts(self, about: Record) -> tuple[Pattern, str]:
        """Return how many units of the resource there are over time, and the period of a bucketised one."""
        maximum = about.text("maximumcalendar")
        calendar = self.clock.calendar(maximum) if maximum else constant(self.values.number(about, "maximum", 1.0))
        kind = about.text("type")
        if kind == "buckets":
            return (per_day(calendar) if maximum else calendar), "day"
        return calendar, _PERIODS.get(kind, "day")

    def _remarks(self, about: Record) -> None:
        matrix = about.text("setupmatrix")
        if matrix:
            change = "changing over takes no time and costs nothing"
            self.values.absent(about, f'set-up matrix "{matrix}" of resource "{about.name}"', change, "setupmatrix")
        if self.values.seconds(about, "maxearly") > 0:
            self.values.absent(about, "a longest time of working ahead", "work may begin at any time", "maxearly")
        for name in ("constrained", "tool"):
            if name in about.fields:
                self.values.absent(about, f'the field "{name}"', "the capacity always limits", name)

    def _leaves(self, name: str, seen: frozenset[str]) -> list[str]:
        members = [] if name in seen else self._members.get(name, [])
        return [leaf for member in members for leaf in self._leaves(member, seen | {name})] or [name]

    @cached_property
    def _members(self) -> dict[str, list[str]]:
        members: dict[str, list[str]] = {}
        for record in self.store.list("resource"):
            if record.text("owner"):
                members.setdefault(record.text("owner"), []).append(record.name)
        return members

    @cached_property
    def _skills(self) -> set[tuple[str, str]]:
        return {(record.text("resource"), record.text("skill")) for record in self.store.list("resourceskill")}
