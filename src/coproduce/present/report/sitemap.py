"""The map of the programme: sites with labels, arcs with widths, borders, and what could not be placed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...tables import Tables
from ..words.names import Names
from .coastline import Shape, shapes
from .flows import Arc, arc_words
from .labels import HEIGHT, WIDTH, Box, dot, place_label
from .projection import Window, fit

THICKEST, THINNEST = 9.0, 1.4
MOST_ARCS = 250
MOST_LABELS = 60
LONGEST_NAME = 34


@dataclass(frozen=True)
class Spot:
    """A site on the map; the label stands at `label_x`, `label_y` with the given anchor, or is left out."""

    site: str
    name: str
    shown: str
    country: str
    x: float
    y: float
    label_x: float
    label_y: float
    anchor: str
    leader: str
    labelled: bool


@dataclass(frozen=True)
class Curve:
    """An arc on the map: its path, width in pixels, and the mark of a border at its middle."""

    number: int
    path: str
    width: float
    title: str
    lines: tuple[str, ...]
    border: str
    border_x: float
    border_y: float
    colour_class: str


@dataclass(frozen=True)
class SiteMap:
    """Everything that the template draws; `shapes` is empty where no site has a position.

    Attributes
    ----------
    missing : names of sites without a position
    left_out : arcs that were too many to draw
    """

    width: float
    height: float
    shapes: Sequence[Shape]
    spots: Sequence[Spot]
    curves: Sequence[Curve]
    missing: Sequence[str]
    left_out: int

    @property
    def unlabelled(self) -> int:
        """How many sites have a dot but no room for their name."""
        return sum(not spot.labelled for spot in self.spots)


def _spots(rows: Sequence[tuple[str, str, str]], points: np.ndarray, busy: dict[str, float]) -> list[Spot]:
    taken: list[Box] = [dot(float(x), float(y)) for x, y in points]
    order = sorted(range(len(rows)), key=lambda number: -busy.get(rows[number][0], 0.0))
    spots: dict[int, Spot] = {}
    for rank, number in enumerate(order):
        site, name, country = rows[number]
        x, y = (float(value) for value in points[number])
        shown = name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…"
        taken[number] = (0.0, 0.0, 0.0, 0.0)  # its own dot does not hinder its name
        label = place_label(x, y, shown, taken) if rank < MOST_LABELS else None
        taken[number] = dot(x, y)
        at = (label.x, label.y, label.anchor, label.leader) if label else (x, y, "start", "")
        spots[number] = Spot(site, name, shown, country, x, y, *at, labelled=label is not None)
    return [spots[number] for number in range(len(rows))]


def _bend(start: tuple[float, float], end: tuple[float, float]) -> tuple[float, float]:
    """Return the control point of an arc: to the left of its direction, so that both directions are seen."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    return (start[0] + end[0]) / 2 + 0.16 * dy, (start[1] + end[1]) / 2 - 0.16 * dx


def _curve(number: int, arc: Arc, ends: Sequence[tuple[float, float]], widest: float, names: Names) -> Curve:
    (x1, y1), (x2, y2) = ends
    cx, cy = _bend(*ends)
    width = THINNEST + (THICKEST - THINNEST) * (arc.volume / widest if widest else 0.0)
    # The arrow ends before the dot of the site it points at.
    reach = float(np.hypot(x2 - cx, y2 - cy)) or 1.0
    short = min(7.0 + width / 2, reach / 2)
    x2, y2 = x2 - (x2 - cx) / reach * short, y2 - (y2 - cy) / reach * short
    title = f"{names.of('sites', arc.from_site)} → {names.of('sites', arc.to_site)}"
    border = f"Border: {', '.join(arc.borders)}" if arc.borders else ""
    lines = (*arc_words(arc, names), *((border,) if border else ()))
    middle = (x1 / 4 + cx / 2 + x2 / 4, y1 / 4 + cy / 2 + y2 / 4)
    path = f"M{x1:.1f},{y1:.1f}Q{cx:.1f},{cy:.1f} {x2:.1f},{y2:.1f}"
    kind = "crossing" if border else "inner"
    return Curve(number, path, round(width, 2), title, lines, border, round(middle[0], 1), round(middle[1], 1), kind)


def site_map(tables: Tables, names: Names, found: list[Arc]) -> SiteMap:
    """Lay out the map of a programme."""
    sites = tables["sites"]
    placed = sites.drop_nulls(["latitude", "longitude"])
    missing = [names.of("sites", site) for site in sites["site"] if site not in set(placed["site"])]
    if placed.is_empty():
        return SiteMap(WIDTH, HEIGHT, (), (), (), missing, 0)
    longitude, latitude = placed["longitude"].to_numpy(), placed["latitude"].to_numpy()
    window: Window = fit(longitude, latitude, WIDTH, HEIGHT)
    points = window.pixels(longitude, latitude)
    rows = [
        (site, names.of("sites", site), country or "") for site, country in placed.select("site", "country").iter_rows()
    ]
    where = {site: (float(x), float(y)) for (site, _, _), (x, y) in zip(rows, points, strict=True)}
    busy: dict[str, float] = {}
    for arc in found:
        for site in (arc.from_site, arc.to_site):
            busy[site] = busy.get(site, 0.0) + arc.volume
    drawn = [
        (number, arc) for number, arc in enumerate(found)
        if arc.from_site in where and arc.to_site in where and where[arc.from_site] != where[arc.to_site]
    ]  # fmt: skip
    widest = max((arc.volume for _, arc in drawn), default=0.0)
    curves = [
        _curve(number, arc, (where[arc.from_site], where[arc.to_site]), widest, names)
        for number, arc in drawn[:MOST_ARCS]
    ]
    codes = {country for _, _, country in rows if country}
    return SiteMap(
        WIDTH,
        HEIGHT,
        shapes(window, codes),
        _spots(rows, points, busy),
        curves,
        missing,
        max(len(drawn) - MOST_ARCS, 0),
    )
