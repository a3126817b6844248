"""From longitude and latitude to the sheet: equal-area projections and the window that fits a programme's sites."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

# Beyond this width in degrees a region is shown on a map of the world.
WIDEST_REGION = 100.0
MARGIN = 0.16
# A map never shows less than this many degrees, lest a programme of one town float in emptiness.
LEAST_SPAN = 5.0

# Coefficients of the Equal Earth projection (Šavrič, Patterson, Jenny 2019, doi:10.1080/13658816.2018.1504949).
A1, A2, A3, A4 = 1.340264, -0.081106, 0.000893, 0.003796


@dataclass(frozen=True)
class Projection:
    """Lambert's azimuthal equal-area projection around a centre, or Equal Earth for the whole world.

    Attributes
    ----------
    longitude, latitude : centre in degrees
    world : Equal Earth around longitude 0 instead
    """

    longitude: float = 0.0
    latitude: float = 0.0
    world: bool = False

    def __call__(self, longitude: Floats, latitude: Floats) -> Floats:
        """Return (points, 2) on the unit sphere's sheet, x to the east and y to the north."""
        return _equal_earth(longitude, latitude) if self.world else self._azimuthal(longitude, latitude)

    def _azimuthal(self, longitude: Floats, latitude: Floats) -> Floats:
        """Snyder, Map Projections: A Working Manual (1987, doi:10.3133/pp1395), equations 24-2, 22-4, 22-5."""
        turn, phi, centre = np.radians(longitude - self.longitude), np.radians(latitude), np.radians(self.latitude)
        cosine = np.sin(centre) * np.sin(phi) + np.cos(centre) * np.cos(phi) * np.cos(turn)
        scale = np.sqrt(2 / np.maximum(1 + cosine, 1e-6))
        north = np.cos(centre) * np.sin(phi) - np.sin(centre) * np.cos(phi) * np.cos(turn)
        return np.column_stack([scale * np.cos(phi) * np.sin(turn), scale * north])


def _equal_earth(longitude: Floats, latitude: Floats) -> Floats:
    theta = np.arcsin(np.sqrt(3) / 2 * np.sin(np.radians(latitude)))
    square = theta**2
    sixth = square**3
    slope = A1 + 3 * A2 * square + sixth * (7 * A3 + 9 * A4 * square)
    x = np.radians(longitude) * np.cos(theta) / (np.sqrt(3) / 2 * slope)
    return np.column_stack([x, theta * (A1 + A2 * square + sixth * (A3 + A4 * square))])


@dataclass(frozen=True)
class Window:
    """The part of the sheet that is shown.

    Attributes
    ----------
    left, top : corner on the projected sheet
    scale : pixels per unit of the sheet
    width, height : pixels
    """

    projection: Projection
    left: float
    top: float
    scale: float
    width: float
    height: float

    def pixels(self, longitude: Floats, latitude: Floats) -> Floats:
        """Return (points, 2) in pixels from the upper left corner."""
        sheet = self.projection(longitude, latitude)
        return np.column_stack([(sheet[:, 0] - self.left) * self.scale, (self.top - sheet[:, 1]) * self.scale])


def fit(longitude: Floats, latitude: Floats, width: float, height: float) -> Window:
    """Return the window of a given size that shows all points with a margin."""
    west, east, south, north = longitude.min(), longitude.max(), latitude.min(), latitude.max()
    world = bool(east - west > WIDEST_REGION or north - south > WIDEST_REGION)
    projection = Projection(world=True) if world else Projection((west + east) / 2, (south + north) / 2)
    points = projection(longitude, latitude)
    low, high = points.min(axis=0), points.max(axis=0)
    least = np.radians(LEAST_SPAN)
    span = np.maximum(high - low, least) * (1 + 2 * MARGIN)
    scale = float(min(width / span[0], height / span[1]))
    middle = (low + high) / 2
    left, top = middle[0] - width / scale / 2, middle[1] + height / scale / 2
    return Window(projection, float(left), float(top), scale, width, height)
