# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy", "pycountry"]
# ///
"""Prepare the map of countries of the report from Natural Earth, with the corrections of docs/map.md.

Usage: `npm pack world-atlas@2.0.2`, unpack it, then
`uv run tools/make_map.py package/countries-50m.json src/coproduce/present/report/assets/countries.json`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pycountry  # type: ignore[import-not-found]  # a tool of its own, see the header

Ring = list[int]
Points = npt.NDArray[np.float64]

# 0.012 degrees is 1.3 km: finer than a pixel of any map that shows more than one country.
TOLERANCE_DEG = 0.012
DECIMALS = 3

# Territories that the source draws inside another country and that have an ISO 3166 code of their own:
# (code, name, code of the state they belong to, box around them: west, south, east, north).
SPLIT = (
    ("GF", "French Guiana", "FR", (-55.0, 2.0, -51.0, 6.5)),
    ("GP", "Guadeloupe", "FR", (-62.0, 15.8, -60.8, 16.6)),
    ("MQ", "Martinique", "FR", (-61.4, 14.3, -60.7, 15.0)),
    ("RE", "Réunion", "FR", (55.0, -21.6, 56.0, -20.7)),
    ("YT", "Mayotte", "FR", (44.9, -13.1, 45.4, -12.5)),
)
# A ring that the source gives to one country and the map gives to another: (from, to, a point inside).
MOVED = (("RU", "UA", (34.10, 44.95)),)
# Shapes of the source without a code that the map joins to a member state of the United Nations.
JOINED = {"N. Cyprus": "CY", "Somaliland": "SO"}
CODES = {"Kosovo": "XK"}
UNCODED = ("Siachen Glacier", "Indian Ocean Ter.")


@dataclass
class Shape:
    """A country: polygons are lists of rings, a ring is a list of arc numbers (~n is arc n reversed)."""

    code: str
    name: str
    part_of: str = ""
    polygons: list[list[Ring]] = field(default_factory=list)


def decode(topology: dict[str, Any]) -> list[Points]:
    """Return every arc as (points, 2) longitudes and latitudes."""
    scale, origin = np.array(topology["transform"]["scale"]), np.array(topology["transform"]["translate"])
    return [np.cumsum(np.array(arc, dtype=float), axis=0) * scale + origin for arc in topology["arcs"]]


def outline(ring: Ring, arcs: list[Points]) -> Points:
    """Return the points of a ring."""
    return np.vstack([arcs[number] if number >= 0 else arcs[~number][::-1] for number in ring])


def holds(ring: Points, point: tuple[float, float]) -> bool:
    """Say whether a ring surrounds a point, by counting the edges that a ray crosses."""
    x, y = point
    here, there = ring, np.roll(ring, -1, axis=0)
    crosses = (here[:, 1] > y) != (there[:, 1] > y)
    here, there = here[crosses], there[crosses]
    at = (there[:, 0] - here[:, 0]) * (y - here[:, 1]) / (there[:, 1] - here[:, 1]) + here[:, 0]
    return bool(np.count_nonzero(x < at) % 2)


def simplify(points: Points, tolerance: float) -> Points:
    """Thin a line by Douglas and Peucker's rule, longitudes scaled by the cosine of latitude; ends stay."""
    flat = points * [np.cos(np.radians(points[:, 1].mean())), 1.0]
    keep = np.zeros(len(points), dtype=bool)
    keep[[0, -1]] = True
    pending = [(0, len(points) - 1)]
    while pending:
        first, last = pending.pop()
        if last - first < 2:
            continue
        chord, offsets = flat[last] - flat[first], flat[first + 1 : last] - flat[first]
        length = float(np.hypot(*chord))
        cross = chord[0] * offsets[:, 1] - chord[1] * offsets[:, 0]
        # A closed line has no chord: its farthest point from the end divides it.
        distance = np.abs(cross) / length if length > 0 else np.hypot(offsets[:, 0], offsets[:, 1])
        middle = first + 1 + int(distance.argmax())
        if distance.max() > tolerance:
            keep[middle] = True
            pending += [(first, middle), (middle, last)]
    return points[keep]


def code_of(geometry: dict[str, Any]) -> str:
    """Return the ISO 3166 alpha-2 code of a shape of the source; empty for none."""
    name = geometry["properties"]["name"]
    if name in CODES or name in JOINED:
        return CODES.get(name) or JOINED[name]
    if name in UNCODED or name == "Ashmore and Cartier Is.":
        return ""
    return str(pycountry.countries.get(numeric=geometry["id"]).alpha_2)


def read_shapes(topology: dict[str, Any]) -> dict[str, Shape]:
    """Return the shapes of the source by code; shapes without a code are kept under their name."""
    shapes: dict[str, Shape] = {}
    geometries = topology["objects"]["countries"]["geometries"]
    for geometry in sorted(geometries, key=lambda one: one["properties"]["name"] in JOINED):
        code, name = code_of(geometry), geometry["properties"]["name"]
        polygons = [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]
        shapes.setdefault(code or name, Shape(code, name)).polygons.extend(polygons)
    return shapes


def take(shape: Shape, chosen: Callable[[Points], bool], arcs: list[Points]) -> list[list[Ring]]:
    """Remove the polygons whose outline is chosen from a shape, and return them."""
    taken = [polygon for polygon in shape.polygons if chosen(outline(polygon[0], arcs))]
    if not taken:
        raise SystemExit(f"{shape.name} has no such polygon: the source has changed")
    shape.polygons = [polygon for polygon in shape.polygons if polygon not in taken]
    return taken


def within(ring: Points, box: tuple[float, float, float, float]) -> bool:
    """Say whether a ring lies inside a box of west, south, east, north."""
    west, south, east, north = box
    low, high = ring.min(axis=0), ring.max(axis=0)
    return bool(west < low[0] and south < low[1] and high[0] < east and high[1] < north)


def dissolve(polygons: list[list[Ring]], arcs: list[Points]) -> list[list[Ring]]:
    """Join polygons that share arcs, so that no line is drawn where they touch."""
    used = {number for polygon in polygons for number in polygon[0]}
    touching = [polygon for polygon in polygons if any(~number in used for number in polygon[0])]
    if not touching:
        return polygons
    loose = [number for polygon in touching for number in polygon[0] if ~number not in used]
    joined = [chain(loose, arcs), *(hole for polygon in touching for hole in polygon[1:])]
    return [joined, *(polygon for polygon in polygons if polygon not in touching)]


def chain(loose: list[int], arcs: list[Points]) -> Ring:
    """Order directed arcs so that each begins where the one before it ends."""
    begins = {tuple(arcs[n][0] if n >= 0 else arcs[~n][-1]): n for n in loose}
    ring = [loose[0]]
    while len(ring) < len(loose):
        last = ring[-1]
        ring.append(begins[tuple(arcs[last][-1] if last >= 0 else arcs[~last][0])])
    return ring


def unfold_pole(shapes: dict[str, Shape], arcs: list[Points]) -> None:
    """Give Antarctica its coast as outer ring: the source has the pole, with the coast as its hole."""
    for polygon in shapes["AQ"].polygons:
        if len(polygon) > 1 and outline(polygon[0], arcs)[:, 1].max() < -89:
            del polygon[0]


def correct(shapes: dict[str, Shape], arcs: list[Points]) -> None:
    """Apply the corrections of docs/map.md."""
    for origin, target, point in MOVED:
        shapes[target].polygons = dissolve(
            shapes[target].polygons + take(shapes[origin], partial(holds, point=point), arcs), arcs
        )
    for target in JOINED.values():
        shapes[target].polygons = dissolve(shapes[target].polygons, arcs)
    for code, name, parent, box in SPLIT:
        shapes[code] = Shape(code, name, parent, take(shapes[parent], partial(within, box=box), arcs))


def clip(ring: Points, edge: float, side: int) -> Points:
    """Keep the part of an open ring with side x longitude <= side x edge (Sutherland and Hodgman)."""
    kept: list[Points] = []
    for here, there in zip(ring, np.roll(ring, -1, axis=0), strict=True):
        inside, next_inside = side * here[0] <= side * edge, side * there[0] <= side * edge
        if inside:
            kept.append(here)
        if inside != next_inside:
            kept.append(here + (there - here) * (edge - here[0]) / (there[0] - here[0]))
    return np.array(kept).reshape(-1, 2)


def cut(ring: Points) -> list[Points]:
    """Cut a closed ring that crosses 180 degrees into rings that end there; others come back as they are."""
    if np.abs(np.diff(ring[:, 0])).max() <= 180:
        return [ring]
    flat = np.column_stack([np.degrees(np.unwrap(np.radians(ring[:, 0]))), ring[:, 1]])
    turn = round((flat[-1, 0] - flat[0, 0]) / 360)
    # A ring that goes round the south pole is closed along the lower edge of the sheet.
    edge = [[flat[-1, 0], -90], [flat[0, 0], -90]]
    flat = np.vstack([flat, edge]) if turn else flat[:-1]
    parts = []
    for shift in (-360, 0, 360):
        part = clip(clip(flat + np.array([shift, 0]), 180, 1), -180, -1)
        if len(part) > 2:
            parts.append(np.vstack([part, part[:1]]))
    return parts


def cut_all(shapes: dict[str, Shape], arcs: list[Points]) -> None:
    """Replace every polygon that crosses 180 degrees by its parts, which have arcs of their own."""
    for shape in shapes.values():
        for polygon in list(shape.polygons):
            parts = cut(outline(polygon[0], arcs))
            if len(parts) > 1 or len(parts[0]) != len(outline(polygon[0], arcs)):
                if len(polygon) > 1:
                    raise SystemExit(f"a ring of {shape.name} that crosses 180 degrees has a hole")
                shape.polygons.remove(polygon)
                shape.polygons += [[[len(arcs) + number]] for number in range(len(parts))]
                arcs += [np.round(part, DECIMALS) for part in parts]


def thin(shapes: dict[str, Shape], arcs: list[Points]) -> None:
    """Simplify every arc once, so that neighbours keep a common border; drop islands that vanish."""
    arcs[:] = [np.round(simplify(arc, TOLERANCE_DEG), DECIMALS) for arc in arcs]
    for shape in shapes.values():
        large = [polygon for polygon in shape.polygons if len(np.unique(outline(polygon[0], arcs), axis=0)) > 2]
        shape.polygons = large


def encode(shapes: dict[str, Shape], arcs: list[Points]) -> dict[str, Any]:
    """Return the asset: arcs that are used, as differences of whole thousandths of a degree."""
    numbers = sorted({max(n, ~n) for s in shapes.values() for p in s.polygons for r in p for n in r})
    place = {old: new for new, old in enumerate(numbers)}

    def renumber(ring: Ring) -> Ring:
        return [place[n] if n >= 0 else ~place[~n] for n in ring]

    whole = [np.round(arcs[n] * 10**DECIMALS).astype(int) for n in numbers]
    return {
        "source": "Natural Earth 1:50m (public domain) by way of world-atlas 2.0.2; corrected, see docs/map.md",
        "scale": 10**-DECIMALS,
        "arcs": [np.diff(arc, axis=0, prepend=0).ravel().tolist() for arc in whole],
        "countries": [
            {
                "code": shape.code,
                "name": shape.name,
                "part_of": shape.part_of,
                "polygons": [[renumber(ring) for ring in polygon] for polygon in shape.polygons],
            }
            for _, shape in sorted(shapes.items())
            if shape.polygons
        ],
    }


def main(source: Path, target: Path) -> None:
    """Read the source, correct and simplify it, write the asset."""
    topology = json.loads(source.read_text(encoding="utf-8"))
    arcs = decode(topology)
    shapes = read_shapes(topology)
    correct(shapes, arcs)
    unfold_pole(shapes, arcs)
    thin(shapes, arcs)
    cut_all(shapes, arcs)
    text = json.dumps(encode(shapes, arcs), ensure_ascii=False, separators=(",", ":"))
    target.write_text(text + "\n", encoding="utf-8")
    print(f"{target}: {len(shapes)} shapes, {sum(map(len, arcs))} points, {len(text) / 1e3:.0f} kB")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
