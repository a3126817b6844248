"""The promises of the report: grouped, with both values where sources differ, word by word, and beside the plan."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from report_programme import frame, make_result

from coproduce.present.report import commitments
from coproduce.present.report.page import context
from coproduce.present.report.sheet import Sheet
from coproduce.present.report.write import render
from coproduce.present.words.names import read_names
from coproduce.results.claims import claims
from coproduce.results.result import PlanResult
from coproduce.tables import INPUT_TABLES, RESULT_TABLES, Tables

PROMISES: list[dict[str, Any]] = [
    {
        "commitment": "talks",
        "source": "loi",
        "status": "discussed",
        "wording": "Both sides talked about spare parts.",
    },
    {
        "commitment": "trains",
        "source": "loi",
        "name": "A hundred trainsets",
        "status": "signed",
        "wording": "The letter names one hundred.",
        "item": "trainset",
        "quantity": 100.0,
        "notion": "actual",
        "due": datetime(2028, 6, 30),
        "place": "FR; UA",
        "binding": "no",
        "used_in": "demands:ua-*",
    },
    {
        "commitment": "trains",
        "source": "report",
        "status": "signed",
        "wording": "=The report has <b>ninety</b>.",
        "item": "trainset",
        "quantity": 90.0,
        "notion": "actual",
        "due": datetime(2028, 6, 30),
        "place": "UA",
    },
]
BESIDE = {
    "commitment": "trains",
    "source": "loi",
    "status": "signed",
    "item": "trainset",
    "notion": "actual",
    "quantity": 100.0,
    "due": datetime(2028, 6, 30),
    "promised": 100.0,
    "demands": 30,
    "asked": 95.0,
    "delivered": 80.0,
    "met_on": datetime(2028, 9, 1),
    "verdict": "short",
}


@pytest.fixture(scope="module")
def result() -> PlanResult:
    plain = make_result()
    tables = Tables(
        {**plain.tables.frames, "commitments": frame(INPUT_TABLES["commitments"], PROMISES)}, plain.tables.origins
    )
    frames = {
        **plain.frames,
        "claims": claims(tables),
        "promises": frame(RESULT_TABLES["promises"], [BESIDE, BESIDE | {"source": "report", "verdict": "kept"}]),
    }
    return replace(plain, tables=tables, frames=frames)


def by_title(sheet: Sheet) -> list[dict[str, Any]]:
    """Return the rows of a table by the titles of its columns."""
    return [dict(zip([field.title for field in sheet.fields], row, strict=True)) for row in sheet.rows]


def test_a_promise_is_one_row_and_those_in_conflict_come_first(result: PlanResult) -> None:
    rows = by_title(commitments.promise_sheet(result.frames["claims"], result.tables, read_names(result.tables)))
    assert [(row["Promise"], row["Agreement"], row["Sources"]) for row in rows] == [
        ("A hundred trainsets", "Conflict", 2),
        ("talks", "One source", 1),
    ]


def test_where_sources_differ_both_values_are_shown_with_their_sources(result: PlanResult) -> None:
    rows = by_title(commitments.difference_sheet(result.frames["claims"], result.tables))
    assert [(row["Differ in"], row["Verdict"], row["What they say"]) for row in rows] == [
        ("quantity", "Conflict", "100 trainset, actual (loi); 90 trainset, actual (report)"),
        ("place", "Conflict", "FR, UA (loi); UA (report)"),
    ]


def test_a_promise_shows_every_value_that_is_given(result: PlanResult) -> None:
    row = by_title(commitments.promise_sheet(result.frames["claims"], result.tables, read_names(result.tables)))[0]
    assert row["Differ in"] == "quantity, place"
    assert (row["Status"], row["Where"], row["When"]) == ("Signed", "FR, UA; UA", "by 2028-06-30")
    assert row["What"] == "Regional trainset: 100 trainset, actual; 90 trainset, actual"


def test_every_statement_stands_with_its_words_publisher_and_cell(result: PlanResult) -> None:
    rows = by_title(commitments.statement_sheet(result.tables))
    assert [row["What the source says"] for row in rows] == [row["wording"] for row in PROMISES]
    assert [row["Binding"] for row in rows] == ["", "no", ""]
    assert rows[1]["Rows of the plan"] == "demands:ua-*"
    assert rows[1]["Cell"].endswith("commitments!3 (wording)")


def test_promises_that_the_plan_misses_come_first_with_funded_and_actual_apart(result: PlanResult) -> None:
    rows = by_title(commitments.plan_sheet(result.frames["promises"], result.tables, read_names(result.tables)))
    assert [row["Outcome"] for row in rows] == ["Short", "Kept"]
    assert (rows[0]["Promised"], rows[0]["Asked for (funded)"], rows[0]["Delivered (actual)"]) == (100.0, 95.0, 80.0)


def test_the_sentence_counts_promises_conflicts_and_what_is_missed(result: PlanResult) -> None:
    assert commitments.sentence(result.frames["claims"], result.frames["promises"]) == (
        "2 promises and statements are recorded; sources contradict each other on 1 of them. "
        "2 can be compared with the plan, which falls short of 1."
    )


def test_every_word_of_the_declaration_has_a_word_of_the_report() -> None:
    def choices(table: str, column: str) -> set[str]:
        return set(RESULT_TABLES[table].columns[column].choices)

    assert commitments.STATUS.keys() == choices("promises", "status")
    assert commitments.OUTCOME.keys() == choices("promises", "verdict")
    assert commitments.VERDICT.keys() == choices("claims", "verdict")


def test_the_page_holds_the_promises_and_takes_no_text_for_markup(result: PlanResult) -> None:
    page = context(result)
    assert page["data_has"]["promises"] and page["data_has"]["beside"]
    text = render(result)
    assert ">Who promised what<" in text
    assert "<b>ninety</b>" not in text


def test_a_page_without_promises_does_not_mention_them() -> None:
    plain = make_result(months=3, orders=3)
    assert plain.tables["commitments"].is_empty()
    assert ">Who promised what<" not in render(plain)
