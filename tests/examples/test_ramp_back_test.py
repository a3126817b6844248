"""The back-test knows nothing that came out after its start, says what its README says, and agrees with an oracle."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from evidence_cells import Example
from markdown_tables import markdown_tables, number
from ramp_assumptions import GROUPS, moved, projectiles
from ramp_oracle import TARGETS, earliest, lateness
from ramp_oracle import Tables as OracleTables
from ramp_statement import COUNTED, DATES, statement
from reproduction import largest_difference

from coproduce import api
from coproduce.results.identity import input_hash
from coproduce.results.result import PlanResult
from coproduce.tables import Tables

FOLDER = Path(__file__).parents[2] / "examples" / "ramp_back_test"
PAGE = markdown_tables(FOLDER / "README.md")
EXAMPLE = Example("ramp_back_test")
START = "2024-06-01"
# Printed after the start; used only for what it says was announced in February 2024, as its README tells.
PRINTED_LATER = "defenseone-2025-06"
SCENARIOS = ("", *dict.fromkeys(row["scenario"] for row in EXAMPLE.tables["scenarios"]))
Row = dict[str, str]
Plans = Callable[[str], PlanResult]


def _rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


HAPPENED = _rows(FOLDER / "what_happened" / "happened.csv")


@pytest.fixture(scope="module")
def plans() -> Iterator[Plans]:
    """Plan each scenario once, without asking why demands are late and what one unit more is worth."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("coproduce.results.reasons.reasons", lambda *_, **__: {})
        yield cache(lambda scenario: api.plan_path(FOLDER, scenario=scenario, bottlenecks=0))


def _as_rows(tables: Tables) -> dict[str, list[dict[str, Any]]]:
    return {name: frame.to_dicts() for name, frame in tables.frames.items()}


def test_only_delays_go_beyond_the_range_of_their_evidence() -> None:
    """Ingersoll opens on a date, which has no range; works that open after the horizon may be reported as well."""
    found = {scenario: {problem.code for problem in api.load(FOLDER, scenario)[1]} for scenario in SCENARIOS}
    delays = {scenario for scenario in SCENARIOS if scenario.endswith(("_late", "_limited"))}
    assert found[""] == found["early_end"] == set()
    assert {scenario for scenario, codes in found.items() if "W515" in codes} == delays - {"ingersoll_late"}


def test_every_figure_was_published_before_the_start_or_is_marked_assumed() -> None:
    """Evidence names the day on which its figure could first be known."""
    firm = [row for row in EXAMPLE.evidence if row["confidence"] != "assumed"]
    assert len(firm) > 20
    assert [row for row in firm if not "2020" < row["published"] < START] == []
    assert [row for row in EXAMPLE.evidence if row["confidence"] == "assumed" and row["source"]] == []


def test_every_source_but_the_one_named_was_printed_before_the_start() -> None:
    assert [row["source"] for row in EXAMPLE.tables["sources"] if row["published"] >= START] == [PRINTED_LATER]
    resting = [row for row in EXAMPLE.evidence if row["source"] == PRINTED_LATER]
    assert [(row["table"], row["key"], row["published"]) for row in resting] == [
        ("demands", "p075_*", "2024-02-29"),
        ("demands", "r075_*", "2024-02-29"),
    ]


def test_no_promise_was_made_after_the_start() -> None:
    promises = EXAMPLE.tables["commitments"]
    assert [row["commitment"] for row in promises if row["said"] >= START] == []
    assert {row["commitment"] for row in promises if row["source"] == PRINTED_LATER} == {"rate_75"}


def test_what_happened_is_not_read_and_changing_it_changes_nothing(tmp_path: Path, plans: Plans) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(FOLDER, copy)
    truth = copy / "what_happened" / "happened.csv"
    truth.write_text(truth.read_text(encoding="utf-8").replace("000,", "999,"), encoding="utf-8")
    assert _rows(truth) != HAPPENED
    changed = api.plan_path(copy, bottlenecks=0)
    assert changed.summary["input_hash"] == plans("").summary["input_hash"]
    assert {name for name, frame in plans("").frames.items() if not frame.equals(changed.frames[name])} <= {"tiers"}
    assert changed.frames["tiers"].drop("seconds").equals(plans("").frames["tiers"].drop("seconds"))
    shutil.rmtree(copy / "what_happened")
    assert input_hash(api.load(copy)[0]) == changed.summary["input_hash"]


def test_no_table_or_result_names_a_source_of_what_happened(plans: Plans) -> None:
    """One source stands on both sides, for the announcement of February 2024 that it repeats."""
    both = {row["url"] for row in EXAMPLE.tables["sources"]} & {row["url"] for row in HAPPENED}
    assert len(both) == 1
    later = {row[column] for row in HAPPENED for column in ("url", "title")}
    later -= {row[column] for row in EXAMPLE.tables["sources"] for column in ("url", "title")}
    frames = [*plans("").tables.frames.values(), *plans("").frames.values()]
    texts = [column.cast(pl.String) for frame in frames for column in frame.iter_columns()]
    assert len(texts) > 200
    assert [column.name for column in texts if column.is_in(list(later)).any()] == []


def _ends() -> Iterator[tuple[str, str, str, float, float]]:
    """Yield the cells whose evidence gives a range: table, key, column and the unfavourable and favourable end."""
    for table, key, column in EXAMPLE.numbers:
        for row in EXAMPLE.covering((table, key, column)):
            if row["low"] and table != "ramps":
                low, high = float(row["low"]), float(row["high"])
                yield table, key, column, *((low, high) if table == "resources" else (high, low))


def test_the_two_ends_are_the_ends_of_every_range_and_nothing_else() -> None:
    """More capacity is favourable, and less of every time. Ramps: 150 and 270 days in two steps, by hand."""
    base, late, early = (api.load(FOLDER, scenario)[0] for scenario in ("", "late_end", "early_end"))
    ends = {(table, key, column): (worst, best) for table, key, column, worst, best in _ends()}
    assert len(ends) == 3 + 1 + 7 + 5 + 10 + 4 + 13  # capacities, first line, qualified, built, lead, post, lanes
    for name in ("resources", "milestones", "processes", "lanes"):
        key = base[name].columns[0]
        for before, worst, best in zip(*(tables[name].to_dicts() for tables in (base, late, early)), strict=True):
            for column in before.keys() - {"earliest"}:
                kept = (before[column], before[column])
                assert (worst[column], best[column]) == ends.get((name, before[key], column), kept), (name, before[key])
    assert [tables["ramps"]["after_days"].to_list() for tables in (late, early)] == [[0, 135, 270], [0, 75, 150]]
    opened = [dict(tables["milestones"].select("milestone", "earliest").rows()) for tables in (late, early)]
    assert [dates["ingersoll_opened"] for dates in opened] == [datetime(2024, 12, 31), datetime(2024, 6, 1)]


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_stage_has_the_value_of_the_oracle_and_is_proven(scenario: str, plans: Plans) -> None:
    result = plans(scenario)
    tables = _as_rows(result.tables)
    made = earliest(tables)
    by_hand = lateness(tables, "tally", made.projectiles) + lateness(tables, "complete_round", made.rounds)
    tiers = result.frames["tiers"].head(6)
    assert tiers["value"].to_list() == pytest.approx(by_hand, rel=1e-6)
    assert tiers["bound"].to_list() == pytest.approx(by_hand, rel=1e-6)
    assert result.summary["audit"] == "passed"


@pytest.fixture(scope="module")
def programmes() -> dict[str, OracleTables]:
    return {scenario: _as_rows(api.load(FOLDER, scenario)[0]) for scenario in ("", "early_end", "late_end")}


@pytest.mark.parametrize("group", GROUPS)
def test_the_readme_says_what_each_assumption_carries(group: str, programmes: dict[str, OracleTables]) -> None:
    """By the oracle, which agrees with the planner in every scenario."""
    row = next(row for row in PAGE["assumption alone"] if row["assumption alone"] == group)
    for end, column in (("early_end", "favourable"), ("late_end", "unfavourable")):
        values, month = projectiles(moved(programmes[""], group, programmes[end]))
        assert number(row[column]) == round(values[0] / 1e6, 1)
        assert row[f"60,000, {column}"] == month
        assert values[0] > 0
    back, _ = projectiles(moved(programmes["early_end"], group, programmes[""]))
    assert back == [0, 0, 0]


@pytest.mark.parametrize("counted", COUNTED)
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_readme_says_what_the_model_says(scenario: str, counted: str, plans: Plans) -> None:
    row = next(row for row in PAGE[counted] if row[counted].strip("`") == (scenario or "as it stands"))
    said = statement(plans(scenario), counted)
    assert [number(row[date]) for date in DATES] == [pytest.approx(said.rate[date], abs=0.51) for date in DATES]
    assert [row[f"{target:,}"] for target in TARGETS] == [said.reached[target] for target in TARGETS]
    assert [row[f"full {date}"] for date in DATES] == [said.binds[date] for date in DATES]


def test_the_readme_has_every_scenario() -> None:
    for counted in COUNTED:
        assert [row[counted].strip("`") for row in PAGE[counted]] == ["as it stands", *SCENARIOS[1:]]


def test_the_milestones_are_reached_on_the_days_worked_out_by_hand(plans: Plans) -> None:
    """Days after 1 June 2024: 60 + 90; 76 + 90; 303 + 90; 516 + 90; and 90 after 15 September."""
    found = dict(plans("").frames["milestone_plan"].select("milestone", "reached").rows())
    by_hand = {row["new works"].strip("`"): datetime.fromisoformat(row["qualified"]) for row in PAGE["new works"]}
    assert len(by_hand) == 7
    assert {name: found[f"{name}_qualified"] for name in by_hand} == by_hand


def test_the_readme_tells_what_happened_as_the_file_has_it() -> None:
    told = [(row["month"], row["what happened"], row["quantity"].replace(",", "")) for row in PAGE["month"]]
    assert told == [(row["month"], row["what"], row["quantity"]) for row in HAPPENED]


@pytest.mark.parametrize("row", PAGE["against"], ids=lambda row: row["against"])
def test_the_readme_sets_the_model_against_what_happened(row: Row, plans: Plans) -> None:
    month, counted = row["against"].split(", ")
    item = {"projectiles": "tally", "rounds": "complete_round"}[counted]
    (happened,) = {fact["quantity"] for fact in HAPPENED if (fact["month"], fact["item"]) == (month, item)}
    assert number(row["happened"]) == float(happened)
    for scenario in ("", "early_end", "late_end", "all_late"):
        rate = statement(plans(scenario), counted).rate[month]
        assert number(row[f"`{scenario}`" if scenario else "as it stands"]) == pytest.approx(rate, abs=0.51)


def test_carried_out_without_risk_in_periods_of_its_buckets_the_plan_comes_out_as_printed(plans: Plans) -> None:
    assert largest_difference(plans("")) < 1e-6
