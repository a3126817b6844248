"""Gives entities the names, units and families under which they are shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ...tables import Tables

NAMED = (
    *("parties", "sites", "items", "processes", "setup_groups", "resources", "lanes", "supplies", "demands", "options"),
    *("milestones", "risks", "commitments", "contracts", "funds"),
)

KIND_WORDS = {
    "domestic": "Domestic",
    "partner": "Partner",
    "export": "Export",
    "stockpile": "Stockpile",
    "fleet": "Fleet",
}
STAGE_STATUS_WORDS = {
    "optimal": "Proven optimal within the gap",
    "time_limit": "Stopped by time",
    "unproven": "Not proven",
}
STATUS_WORDS = {"on_time": "On time", "late": "Late", "short": "Short"}


@dataclass(frozen=True)
class Names:
    """Names by table and id, and what the items are counted in.

    Attributes
    ----------
    shown : table -> id -> name
    units : item -> unit
    families : item -> family; the item's name where it has none
    """

    shown: Mapping[str, Mapping[str, str]]
    units: Mapping[str, str]
    families: Mapping[str, str]

    def of(self, table: str, key: str | None) -> str:
        """Return the name of an entity; its id where it has no name, empty for no entity."""
        return "" if key is None else self.shown.get(table, {}).get(key, key)

    def at(self, item: str, site: str) -> str:
        """Return the name of an item at a site."""
        return f"{self.of('items', item)} – {self.of('sites', site)}"

    def unit(self, item: str) -> str:
        """Return the unit of an item."""
        return self.units.get(item, "unit")


def read_names(tables: Tables) -> Names:
    """Collect the names of a programme."""
    shown = {}
    for table in NAMED:
        frame = tables[table]
        ids = frame.columns[0]
        shown[table] = {key: name or key for key, name in frame.select(ids, "name").iter_rows()}
    items = tables["items"]
    units = dict(items.select("item", "unit").iter_rows())
    families = {item: family or shown["items"][item] for item, family in items.select("item", "family").iter_rows()}
    return Names(shown, units, families)


def stage_words(stage: str) -> str:
    """Return the name of a stage of the optimisation (`tier_1` -> `Lateness, priority 1`)."""
    if stage.startswith("tier_"):
        return f"Lateness, priority {stage.removeprefix('tier_')}"
    return {"cost": "Cost", "money": "Cost and lateness in money", "tidy": "Tidiness"}.get(stage, stage)


def unit_words(unit: str) -> str:
    """Return the unit of a stage in words: unit-days are days late times units."""
    return unit.replace("unit-days", "late unit-days") if "late" not in unit else unit
