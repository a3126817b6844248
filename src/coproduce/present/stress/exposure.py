"""The map of exposure: sites and lanes with the loss that their risks cause, and how long they may be lost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from ...results.stress.result import StressResult
from ..report.flows import Arc, arcs, lane_flows
from ..report.sitemap import Curve, SiteMap, Spot, site_map
from ..words.formats import counted, day, quantity
from ..words.names import Names

SHADES = ("no loss", "up to a tenth of the largest", "up to a quarter", "up to half", "more")
_EDGES = (0.0, 0.1, 0.25, 0.5)
_GRAVEST = ("short", "unknown", "survives")
_WORDS = {
    "sites": "site",
    "supplies": "supply",
    "lanes": "lane",
    "borders": "border",
    "parties": "party",
    "zones": "zone",
}
Key = tuple[str, str]


@dataclass(frozen=True)
class Mark:
    """What the map says of a site or of the lanes between two sites.

    Attributes
    ----------
    shade : place in `SHADES` of the largest loss of what concerns it; empty where no risk strikes any of it
    verdict : the gravest one of what concerns it; empty where times to survive were not asked for
    """

    shade: str
    verdict: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class ExposureMap:
    """The map with its marks, by site and by number of the curve.

    Attributes
    ----------
    views : what the shades can show, with what there is to say of it: `loss`, and `survival` where it was asked for
    """

    drawn: SiteMap
    spots: Mapping[str, Mark]
    curves: Mapping[int, Mark]
    views: Mapping[str, str]

    def spot(self, one: Spot) -> Mark:
        """Return the mark of a site."""
        return self.spots[one.site]

    def curve(self, one: Curve) -> Mark:
        """Return the mark of a curve."""
        return self.curves[one.number]


@dataclass(frozen=True)
class _Known:
    """Rows about places, by table and id: losses, and times to survive with the shortest margin first."""

    losses: Mapping[Key, Mapping[str, Any]]
    survival: Mapping[Key, Sequence[Mapping[str, Any]]]
    largest: float
    names: Names

    def mark(self, keys: Iterable[Key]) -> Mark:
        """Return what is to be said of some places that concern one mark."""
        found = [key for key in dict.fromkeys(keys) if key in self.losses or key in self.survival]
        lost = [self.losses[key]["late_unit_days"] for key in found if key in self.losses]
        verdicts = {row["verdict"] for key in found for row in self.survival.get(key, ())}
        return Mark(
            str(_shade(max(lost), self.largest)) if lost else "",
            next((verdict for verdict in _GRAVEST if verdict in verdicts), ""),
            tuple(line for key in found for line in self._lines(key)),
        )

    def _lines(self, key: Key) -> Iterator[str]:
        name = f"{_WORDS[key[0]]} {self.names.of(*key)}"
        if key in self.losses:
            row = self.losses[key]
            loss = quantity(row["late_unit_days"])
            yield f"{name}: {loss} late unit-days by {counted(row['risks'], 'risk')}"
        for row in self.survival.get(key, ())[:1]:
            recovers = "recovery unknown" if row["recovery_days"] is None else f"recovers in {_days(row)}"
            least = "at least " if row["fails_days"] is None else ""
            yield (
                f"{name}: lost from {day(row['date'])} on it survives {least}"
                f"{counted(row['survives_days'], 'day')}, {recovers}"
            )


def exposure_map(result: StressResult, frames: Mapping[str, pl.DataFrame], names: Names) -> ExposureMap:
    """Lay out the map of exposure.

    Parameters
    ----------
    frames : the tables in the order in which they are shown
    """
    tables, plan = result.plan.tables, result.plan.frames
    found = arcs(lane_flows(plan["shipments"], tables))
    drawn = site_map(tables, names, found)
    known = _known(frames, names)
    around = {row["site"]: _around(row, tables["supplies"]) for row in tables["sites"].iter_rows(named=True)}
    lanes = _lanes(tables["lanes"])
    views = {"loss": _most_lost(frames["loss_places"], names)}
    if known.survival:
        views["survival"] = _too_short(frames["time_to_survive"])
    spots = {spot.site: known.mark(around[spot.site]) for spot in drawn.spots}
    curves = {curve.number: known.mark(_along(found[curve.number], lanes)) for curve in drawn.curves}
    return ExposureMap(drawn, spots, curves, views)


def _known(frames: Mapping[str, pl.DataFrame], names: Names) -> _Known:
    losses = {(row["place_table"], row["place"]): row for row in frames["loss_places"].iter_rows(named=True)}
    survival: dict[Key, list[Mapping[str, Any]]] = {}
    for row in frames["time_to_survive"].iter_rows(named=True) if "time_to_survive" in frames else ():
        if row["target_table"] in _WORDS:
            survival.setdefault((row["target_table"], row["target"]), []).append(row)
    largest = max((row["late_unit_days"] for row in losses.values()), default=0.0)
    return _Known(losses, survival, largest, names)


def _around(site: Mapping[str, Any], supplies: pl.DataFrame) -> list[Key]:
    """Return what concerns a site: itself, its party, its zone, and what is supplied to it."""
    own = (("sites", site["site"]), ("parties", site["party"]), ("zones", site["zone"]))
    supplied = supplies.filter(site=site["site"])["supply"].to_list()
    return [*((table, place) for table, place in own if place is not None), *(("supplies", one) for one in supplied)]


def _lanes(lanes: pl.DataFrame) -> Mapping[tuple[str, str], Sequence[Mapping[str, Any]]]:
    found: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for row in lanes.select("lane", "from_site", "to_site", "border").iter_rows(named=True):
        found.setdefault((row["from_site"], row["to_site"]), []).append(row)
    return found


def _along(arc: Arc, lanes: Mapping[tuple[str, str], Sequence[Mapping[str, Any]]]) -> list[Key]:
    """Return the lanes between two sites, and the borders that they cross."""
    rows = lanes.get((arc.from_site, arc.to_site), ())
    return [("lanes", row["lane"]) for row in rows] + [("borders", row["border"]) for row in rows if row["border"]]


def _shade(loss: float, largest: float) -> int:
    """Return the class of a loss by the largest one; losses that are none have no shade."""
    return sum(loss > edge * largest for edge in _EDGES) if loss > 0 else 0


def _too_short(survival: pl.DataFrame) -> str:
    short, unknown = (survival.filter(verdict=verdict).height for verdict in ("short", "unknown"))
    said = f"; for {unknown:,} no time to recover is given" if unknown else ""
    return f"Of {counted(survival.height, 'outage')} {short:,} cost something before recovery{said}."


def _most_lost(places: pl.DataFrame, names: Names) -> str:
    rows = places.filter(pl.col("late_unit_days") > 0).rows(named=True)
    if not rows:
        return "No place that risks strike adds to the loss."
    first = rows[0]
    word = _WORDS.get(first["place_table"], first["place_table"].removesuffix("s"))
    return (
        f"Most is lost at the {word} {names.of(first['place_table'], first['place'])}: "
        f"{quantity(first['late_unit_days'])} late unit-days, mean of a replication."
    )


def _days(row: Mapping[str, Any]) -> str:
    return f"{counted(row['recovery_days'], 'day')}{': too short' if row['verdict'] == 'short' else ''}"
