"""Finds places for the names of sites on the map, so that none covers another, with a leader where it stands apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

WIDTH, HEIGHT = 1100.0, 640.0
LETTER, LINE = 7.8, 15.0
DOT = 8.0
# Beyond this distance a line leads from the dot to its name.
NEAR = 14.0
DISTANCES = (11.0, 24.0, 38.0, 54.0, 72.0, 92.0)
ANGLES = tuple(
    np.deg2rad(angle) for angle in (0, 180, -90, 90, -45, 45, -135, 135, -20, 20, -160, 160, -70, 70, -110, 110)
)

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Label:
    """Where a name stands: its anchor point, the end of the text at it, and the path of the leader (empty: none)."""

    x: float
    y: float
    anchor: str
    leader: str


def _overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _box(x: float, y: float, anchor: str, length: float) -> Box:
    left = {"start": x, "middle": x - length / 2, "end": x - length}[anchor]
    return (left, y - LINE + 4, left + length, y + 4)


def _places(x: float, y: float) -> Iterator[Label]:
    for distance in DISTANCES:
        for angle in ANGLES:
            dx, dy = float(distance * np.cos(angle)), float(distance * np.sin(angle))
            anchor = "start" if dx > 1 else "end" if dx < -1 else "middle"
            drop = 4.0 if abs(dy) < 1 else 13.0 if dy > 0 and anchor == "middle" else 4.0
            leader = f"M{x:.1f},{y:.1f}L{x + dx * 0.94:.1f},{y + dy * 0.94:.1f}" if distance > NEAR else ""
            yield Label(x + dx, y + dy + drop, anchor, leader)


def dot(x: float, y: float) -> Box:
    """Return the room that the dot of a site takes."""
    return (x - DOT, y - DOT, x + DOT, y + DOT)


def place_label(x: float, y: float, name: str, taken: list[Box]) -> Label | None:
    """Find the nearest place where a name covers neither another name nor a dot, and take it; None if there is none."""
    for label in _places(x, y):
        box = _box(label.x, label.y, label.anchor, LETTER * len(name))
        fits = box[0] > 0 and box[2] < WIDTH and box[1] > 0 and box[3] < HEIGHT
        if fits and not any(_overlap(box, other) for other in taken):
            taken.append(box)
            return label
    return None
