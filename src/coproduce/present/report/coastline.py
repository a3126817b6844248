"""Draws the countries inside a window as SVG paths."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from .atlas import Country, Points, countries
from .projection import Window

# Rings are cut this many pixels outside the window, so that the cut is never seen.
SKIRT = 12.0
# Islands smaller than this many square pixels are left out, unless a country is nothing but islands.
LEAST_AREA = 0.6


@dataclass(frozen=True)
class Shape:
    """One country on the map: the path of its land, and whether it takes part in the programme."""

    name: str
    path: str
    taking_part: bool


def clip(ring: Points, axis: int, edge: float, side: int) -> Points:
    """Keep the part of a closed ring with side x coordinate <= side x edge (Sutherland and Hodgman)."""
    there = np.roll(ring, -1, axis=0)
    inside = side * ring[:, axis] <= side * edge
    crossing = inside != np.roll(inside, -1)
    step = there[:, axis] - ring[:, axis]
    at = np.where(crossing, (edge - ring[:, axis]) / np.where(step == 0, 1.0, step), 0.0)
    cuts = ring + (there - ring) * at[:, None]
    both = np.stack([ring, cuts], axis=1)
    kept: Points = both[np.stack([inside, crossing], axis=1)]
    return kept


def _inside(ring: Points, window: Window) -> Points:
    for axis, edge, side in (
        (0, window.width + SKIRT, 1),
        (0, -SKIRT, -1),
        (1, window.height + SKIRT, 1),
        (1, -SKIRT, -1),
    ):
        if len(ring) < 3:
            break
        ring = clip(ring, axis, edge, side)
    return ring


def _area(ring: Points) -> float:
    x, y = ring[:, 0], ring[:, 1]
    return abs(float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))) / 2


def _path(ring: Points) -> str:
    """Write a ring with one decimal, points that fall together once; relative steps keep it short."""
    tenths = np.round(ring * 10).astype(int)
    tenths = tenths[np.any(np.diff(tenths, axis=0, prepend=tenths[-1:]) != 0, axis=1)]
    if len(tenths) < 3:
        return ""
    steps = np.diff(tenths, axis=0) / 10
    moves = "".join(f"{x:g},{y:g} " for x, y in steps)
    return f"M{tenths[0, 0] / 10:g},{tenths[0, 1] / 10:g}l{moves.rstrip()}z"


def _far(ring: Points, window: Window) -> bool:
    """Say whether a ring lies on the other side of the globe, where the projection tears it."""
    if window.projection.world:
        return False
    turn = np.abs((ring[:, 0] - window.projection.longitude + 180) % 360 - 180)
    return bool(turn.min() > 120)


def _draw(country: Country, window: Window) -> str:
    rings = [ring for polygon in country.polygons for ring in polygon if not _far(ring, window)]
    drawn = [_inside(window.pixels(ring[:, 0], ring[:, 1]), window) for ring in rings]
    kept = [ring for ring in drawn if len(ring) > 2 and _area(ring) >= LEAST_AREA]
    return "".join(_path(ring) for ring in kept)


def shapes(window: Window, codes: Collection[str]) -> list[Shape]:
    """Return the countries that the window shows; `codes` are those of the programme's sites."""
    found = []
    for country in countries():
        path = _draw(country, window)
        if path:
            found.append(Shape(country.name, path, bool({country.code, country.part_of} & set(codes))))
    # Lines of countries that take part must not be covered by their neighbours'.
    return sorted(found, key=lambda one: one.taking_part)
