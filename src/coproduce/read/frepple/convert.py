"""From the records of a file of frePPLe to the raw tables of a programme."""

from __future__ import annotations

from ..raw import Raw
from .demands import Demands
from .fit import fit_lots, without_lots
from .horizon import start_of, write_programme
from .lots import Lots
from .operations import Operations, Step
from .output import Output
from .places import Places, Point
from .position import Position
from .processes import Processes
from .records import Record, Store
from .remains import settings, unmeetable, unread_fields
from .resources import Clock, Resources
from .sourcing import Sourcing
from .values import Values


def convert(store: Store, bucket: str = "") -> Raw:
    """Turn records into raw tables; what has no place in them is listed among the problems.

    Parameters
    ----------
    bucket : length of the time buckets (hour, day, week); empty: chosen by the durations and the horizon
    """
    values, out = Values(), Output(store.file)
    plan = _settings_of(store)
    places = Places(store, out, values)
    clock = Clock(store, out, values, start_of(store, plan, values))
    resources = Resources(store, out, values, places, clock)
    demands = Demands(store, out, values, places)
    lots = Lots(values, demands.orders())
    operations = Operations(store, places, values)
    operations.delivered |= demands.delivered(
        {name: operations.location(record) for name, record in store.of("operation").items()}
    )
    sourcing = Sourcing(store, out, values, places, clock, resources, lots)
    steps = list(operations.steps())
    processes = Processes(out, values, places, clock, resources, lots, frozenset(operations.delivered.values()))
    processes.ordered = frozenset(record.text("operation") for record in store.list("operationplan"))
    for step in steps:
        processes.write(step)
    _circular(store, steps, values)
    sourcing.write(demands.needed() | _inputs(steps, places))
    position = Position(store, out, values, places, clock, sourcing)
    position.stocks()
    position.orders(processes.written, _fixed(steps))
    demands.write(operations.delivered, sourcing)
    unmeetable(out, values, clock, {out.ids.of("demands", record.name): record for record in demands.asked})
    places.write()
    hours, buckets = write_programme(out, plan, store.of("parameter"), values, clock.start, bucket)
    without_lots(out, values, lots, buckets)
    fit_lots(out, values, lots, resources, hours)
    settings(store, values)
    unread_fields(store, values)
    sheets = out.sheets()
    order = tuple(dict.fromkeys((store.file, sheet) for raw in sheets.values() for sheet in raw.row_sheets))
    return Raw(store.file, sheets, order, tuple(values.problems))


def _settings_of(store: Store) -> Record:
    """Return the record on which the settings rest: the plan itself in XML, otherwise the current date."""
    plan = next(iter(store.lines.get("plan", ())), None)
    return plan or store.get("parameter", "currentdate") or Record("plan", store.file, "parameter", 1)


def _inputs(steps: list[Step], places: Places) -> dict[Point, tuple[str, str]]:
    """Return the points from which steps take something, with the names of item and location."""
    taken = (flow.point for step in steps for flow in step.flows if flow.quantity < 0)
    return {point: places.named[point] for point in taken if point in places.named}


def _fixed(steps: list[Step]) -> dict[str, list[tuple[str, str, float]]]:
    """Return what each operation brings for a lot whatever its size."""
    fixed: dict[str, list[tuple[str, str, float]]] = {}
    for step in steps:
        for flow in step.flows:
            if flow.fixed > 0:
                fixed.setdefault(step.record.name, []).append((*flow.point, flow.fixed))
    return fixed


def _circular(store: Store, steps: list[Step], values: Values) -> None:
    """Say which operations were never reached because they are inside themselves."""
    reached = {step.record.name for step in steps} | {step.record.text("owner") for step in steps}
    for name, record in store.of("operation").items():
        circular = record.text("owner") and name not in reached and record.text("type") not in ("routing", "alternate")
        if circular:
            values.left_out(record, f'operation "{name}" is inside itself; it is left out', "owner")
