"""The flagship's milestones add up to the dates its README gives, and every scenario of it changes what it says."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import polars as pl
import pytest
from evidence_cells import Example

from coproduce import api

EXAMPLE = Example("letter_of_intent")
START = date(2026, 3, 1)
OPENS = {
    "licence_qualified": date(2027, 3, 1),
    "kit_qualified": date(2027, 9, 1),
    "charge_qualified": date(2028, 7, 1),
    "ew_qualified": date(2027, 10, 1),
    "shift_trained": date(2027, 1, 1),
}
"""The dates that stood for these milestones as plain start dates, and stand in the README."""

CHANGED = {
    "border_closes": {"calendars", "borders"},
    "transfer_slips": {"milestones"},
    "second_source": {"supplies"},
    "export_opens": {"demands", "lanes"},
    "record_volume": {"demands"},
    "decentralised": {"resources"},
    "boards_early": {"supplies"},
    "backup_power": {"options", "option_capacity"},
    "origin_kept": {"origin_limits"},
    "new_electronics": {"milestones", "items", "processes", "flows", "loads", "lanes", "stocks"},
}


def _reached(slip: dict[str, int]) -> dict[str, date]:
    """Return when milestones are reached, walking back through `after`, with days added to some durations."""
    rows = {row["milestone"]: row for row in EXAMPLE.tables["milestones"]}

    @cache
    def reached(name: str) -> date:
        before = [one for one in rows[name]["after"].split("; ") if one]
        begin = max((reached(one) for one in before), default=START)
        return begin + timedelta(days=int(rows[name]["duration_days"]) + slip.get(name, 0))

    return {name: reached(name) for name in rows}


def _load(scenario: str = "") -> dict[str, pl.DataFrame]:
    tables, _ = api.load(EXAMPLE.folder, scenario=scenario)
    return dict(tables.frames)


def test_the_milestones_end_on_the_dates_in_the_readme() -> None:
    assert {name: _reached({})[name] for name in OPENS} == OPENS


def test_a_transfer_that_slips_by_twelve_months_moves_all_that_is_transferred_by_twelve_months() -> None:
    slipped = _reached({"licence_consent": 365, "ew_consent": 365})
    moved = {name: (slipped[name] - day).days for name, day in OPENS.items()}
    assert moved == {**dict.fromkeys(OPENS, 365), "shift_trained": 0}


@pytest.mark.parametrize("scenario", CHANGED)
def test_a_scenario_changes_its_tables_and_no_other(scenario: str) -> None:
    base, other = _load(), _load(scenario)
    names = (base.keys() | other.keys()) - {"scenarios"}
    changed = {name for name in names if not base.get(name, pl.DataFrame()).equals(other.get(name, pl.DataFrame()))}
    assert changed == CHANGED[scenario]


def test_there_is_no_scenario_without_a_test() -> None:
    assert {row["scenario"] for row in EXAMPLE.tables["scenarios"]} == set(CHANGED)


def test_decentralised_sites_have_as_many_lots_and_hours_as_before() -> None:
    """40 + 30 + 30 = 20 + 40 + 40 lots; 1900 + 360 + 650 = 1500 + 560 + 850 hours."""
    resources = _load("decentralised")["resources"].with_columns(pl.col("resource").cast(pl.String))
    capacity = dict(resources.select("resource", "capacity").iter_rows())
    sites = ("ua_large", "ua_small_a", "ua_small_b")
    assert sum(capacity[f"{site}_line"] for site in sites) == 100
    assert sum(capacity[f"{site}_hours"] for site in sites) == 2910
