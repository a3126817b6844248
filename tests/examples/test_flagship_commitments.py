"""The flagship carries every claim of its notes and says where each is from; its conflicts are those listed by hand."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from markdown_tables import markdown_tables

from coproduce import api
from coproduce.results.claims import claims
from coproduce.results.commitments import promises_against_plan
from coproduce.tables import RESULT_TABLES, Tables

FOLDER = Path(__file__).parents[2] / "examples" / "letter_of_intent"
Row = dict[str, str]

# The claims of our notes on five articles; the numbers that are missing were merged or dropped there.
CLAIMS = {f"C{number:02}" for number in (*range(1, 38), 43, 45)}

# Made by hand from the notes: promise, field, and the two readings in the order of the rows.
CONFLICTS = {
    ("letter", "status"): ("signed", "announced"),
    ("letter", "said"): ("2026-02-09", "2026-02-08"),
    ("letter", "made_by"): ("france, ukraine", "france"),
    ("territory", "place"): ("FR, UA", "UA"),
    ("aasm_record", "made_by"): ("france", "france, ukraine"),
    ("testing", "status"): ("announced", "discussed"),
    ("financing", "status"): ("opinion", "discussed"),
    ("surplus", "notion"): ("actual", "nameplate"),
}


def _rows(table: str) -> list[Row]:
    with (FOLDER / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


PROMISES = _rows("commitments")
SOURCES = {row["source"]: row for row in _rows("sources")}


@pytest.fixture(scope="module")
def tables() -> Tables:
    found, warnings = api.load(FOLDER)
    assert [str(warning) for warning in warnings] == []
    return found


def test_every_claim_of_the_notes_is_carried_by_a_row() -> None:
    carried = {row["passage"].removeprefix("claim ") for row in PROMISES if row["passage"].startswith("claim ")}
    assert carried == CLAIMS


def test_the_five_articles_say_sixty_things() -> None:
    """The notes have 60 rows of claim and article; the request for four products (C11) is split into four."""
    claimed = [row for row in PROMISES if row["passage"].startswith("claim ")]
    split = [row for row in claimed if row["passage"] == "claim C11"]
    assert len(claimed) - len(split) + len({row["source"] for row in split}) == 60
    assert len({row["source"] for row in claimed}) == 5


def test_every_row_says_where_in_our_notes_it_stands() -> None:
    form = re.compile(r"(note to )?claim C\d\d|public figures")
    assert [row["commitment"] for row in PROMISES if not form.fullmatch(row["passage"])] == []


@pytest.mark.parametrize("source", sorted({row["source"] for row in PROMISES}))
def test_a_source_has_publisher_day_and_address_or_says_what_is_not_known(source: str) -> None:
    row = SOURCES[source]
    assert row["publisher"] and row["title"]
    assert row["url"].startswith("https://") or "address" in row["remark"]
    assert row["published"] or "day of publication" in row["remark"]


def test_the_conflicts_found_are_those_of_the_list(tables: Tables) -> None:
    found = claims(tables).filter(verdict="conflict").select("commitment", "field", "values").rows()
    assert {(promise, field) for promise, field, _ in found} == CONFLICTS.keys()
    for promise, field, values in found:
        assert values.split("; ") == list(CONFLICTS[promise, field])


def test_the_readme_lists_the_same_conflicts() -> None:
    listed = markdown_tables(FOLDER / "README.md")["promise"]
    assert {(row["promise"].strip("`"), row["field"]) for row in listed} == CONFLICTS.keys()


def test_the_letter_binds_nobody_in_any_source() -> None:
    assert {row["binding"] for row in PROMISES if row["commitment"] == "letter"} == {"no", ""}


def test_an_opinion_stands_for_no_row_of_the_plan() -> None:
    assert [row["commitment"] for row in PROMISES if row["status"] == "opinion" and row["used_in"]] == []


def test_nothing_of_the_letter_is_called_contracted() -> None:
    firm = {row["commitment"] for row in PROMISES if row["status"] in ("contracted", "delivered")}
    assert firm == {"mistral_joint", "crotale_delivered"}


def test_the_joint_mistral_order_is_more_than_the_demands_ask_for_by_its_end(tables: Tables) -> None:
    """At 375 a year: 306 of 365 days of 2026, 2027, 305 of 366 days of 2028; due: quarters 2026 Q2 to 2028 Q3."""
    nothing = RESULT_TABLES["deliveries"].empty()
    found = promises_against_plan(tables, {"deliveries": nothing}).filter(source="mistral3-release-2024-11")
    assert found["promised"].to_list() == [pytest.approx(375 * (306 / 365 + 1 + 305 / 366))]
    due = [row for row in _rows("demands") if row["demand"].startswith("mistral_joint_") and row["due"] <= "2028-10-31"]
    assert found["asked"].to_list() == [sum(float(row["quantity"]) for row in due)] == [938.0]
    assert found["verdict"].to_list() == ["short"]
