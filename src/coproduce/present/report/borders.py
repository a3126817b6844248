"""What crosses each border over the horizon."""

from __future__ import annotations

from ..words.formats import NOISE, counted
from ..words.names import Names
from .flows import LaneFlow
from .sheet import Field, Sheet

FIELDS = (
    Field("Border"),
    Field("Lane units", "number", total=True),
    Field("Share of all flows", "share"),
    Field("Lanes", "number"),
    Field("Items", "number"),
    Field("Largest flow"),
)


def sheet(flows: list[LaneFlow], names: Names) -> Sheet:
    """Make the table of borders, the busiest first; flows without a named border are left out."""
    whole = sum(one.volume for one in flows)
    by_border: dict[str, list[LaneFlow]] = {}
    for one in flows:
        if one.border:
            by_border.setdefault(one.border, []).append(one)
    volumes = {border: sum(one.volume for one in parts) for border, parts in by_border.items()}
    rows = [
        (
            border,
            volumes[border],
            volumes[border] / whole if whole > NOISE else None,
            len({one.lane for one in by_border[border]}),
            len({one.item for one in by_border[border]}),
            _largest(by_border[border], names),
        )
        for border in sorted(volumes, key=lambda border: (-volumes[border], border))
    ]
    return Sheet("Borders crossed over the horizon", FIELDS, rows)


def _largest(parts: list[LaneFlow], names: Names) -> str:
    one = max(parts, key=lambda part: part.volume)
    way = f"{names.of('sites', one.from_site)} → {names.of('sites', one.to_site)}"
    return f"{counted(one.quantity, names.unit(one.item))} of {names.of('items', one.item)}, {way}"
