"""Every figure of the flagship example rests on a source or says that it is assumed, as its README claims."""

from __future__ import annotations

import csv
from collections import Counter
from fnmatch import fnmatchcase
from pathlib import Path

import pytest
from markdown_tables import markdown_tables, number

from coproduce.tables import INPUT_TABLES

FOLDER = Path(__file__).parents[2] / "examples" / "letter_of_intent"
README = (FOLDER / "README.md").read_text(encoding="utf-8")
PAGE = markdown_tables(FOLDER / "README.md")
NOT_FIGURES = ("evidence", "sources")
Row = dict[str, str]
Cell = tuple[str, str, str]


def _rows(table: str) -> list[Row]:
    with (FOLDER / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


TABLES = {path.stem: _rows(path.stem) for path in sorted(FOLDER.glob("*.csv"))}
EVIDENCE = TABLES["evidence"]
SOURCES = {row["source"] for row in TABLES["sources"]}


def _key(table: str, row: Row) -> str:
    """Return the key as `evidence` writes it; an empty line number is 1, a table without key has column 1."""
    names = INPUT_TABLES[table].key or tuple(INPUT_TABLES[table].columns)[:1]
    return "/".join(row.get(name) or "1" for name in names)


def _cells(kinds: tuple[str, ...]) -> list[Cell]:
    """Return the cells of these kinds that hold something else than nothing or the default."""
    found = []
    for table in TABLES.keys() - set(NOT_FIGURES):
        for column in INPUT_TABLES[table].columns.values():
            if column.kind in kinds and not column.part_of_key:
                for row in TABLES[table]:
                    text = row.get(column.name) or ""
                    if text and not (column.default is not None and float(text) == column.default):
                        found.append((table, _key(table, row), column.name))
    return sorted(found)


def _covering(cell: Cell) -> list[Row]:
    table, key, column = cell
    return [
        row for row in EVIDENCE if (row["table"], row["column"]) == (table, column) and fnmatchcase(key, row["key"])
    ]


NUMBERS = _cells(("number", "integer"))


def test_every_number_that_is_not_a_default_has_evidence() -> None:
    assert len(NUMBERS) > 2000
    assert [cell for cell in NUMBERS if not _covering(cell)] == []


def test_every_date_has_evidence() -> None:
    dates = _cells(("date",))
    assert len(dates) > 500
    assert [cell for cell in dates if not _covering(cell)] == []


def test_no_cell_has_evidence_of_two_kinds() -> None:
    assert [cell for cell in NUMBERS if len({row["confidence"] for row in _covering(cell)}) > 1] == []


def test_every_row_of_evidence_covers_a_figure() -> None:
    filled: dict[tuple[str, str], set[str]] = {}
    for table in TABLES.keys() - set(NOT_FIGURES):
        for row in TABLES[table]:
            for column, text in row.items():
                if text:
                    filled.setdefault((table, column), set()).add(_key(table, row))
    idle = [
        row
        for row in EVIDENCE
        if not any(fnmatchcase(key, row["key"]) for key in filled.get((row["table"], row["column"]), ()))
    ]
    assert idle == []


def test_a_cited_or_estimated_figure_names_a_source_and_what_was_published() -> None:
    firm = [row for row in EVIDENCE if row["confidence"] != "assumed"]
    assert firm
    assert [row for row in firm if row["source"] not in SOURCES or not row["as_published"]] == []


def test_an_estimated_or_assumed_figure_says_how_it_came_about() -> None:
    assert [row for row in EVIDENCE if row["confidence"] != "cited" and not row["derivation"]] == []


def test_every_source_named_is_declared_and_has_a_publisher() -> None:
    assert {row["source"] for row in EVIDENCE if row["source"]} <= SOURCES
    assert [row["source"] for row in TABLES["sources"] if not row["publisher"]] == []


def test_a_range_is_the_right_way_round_and_holds_every_figure_it_speaks_of() -> None:
    values = {
        (table, _key(table, row), column): row[column]
        for table in TABLES
        if table not in NOT_FIGURES
        for row in TABLES[table]
        for column in row
    }
    for cell in NUMBERS:
        for row in _covering(cell):
            low = float(row["low"] or "-inf")
            high = float(row["high"] or "inf")
            assert low <= float(values[cell]) <= high, cell


@pytest.mark.parametrize("row", PAGE["confidence"], ids=lambda row: row["confidence"])
def test_the_readme_counts_evidence_and_figures_as_they_are(row: Row) -> None:
    kind = row["confidence"]
    kinds = Counter(_covering(cell)[0]["confidence"] for cell in NUMBERS)
    assert number(row["rows of evidence"]) == sum(line["confidence"] == kind for line in EVIDENCE)
    assert number(row["figures"]) == kinds[kind]
    assert number(row["share of figures"].rstrip("%")) == round(100 * kinds[kind] / len(NUMBERS), 1)


@pytest.mark.parametrize("row", PAGE["table"], ids=lambda row: row["table"])
def test_the_readme_counts_the_rows_of_the_tables(row: Row) -> None:
    assert number(row["rows"]) == len(TABLES[row["table"].strip("`")])


def test_an_opinion_of_the_sources_is_not_part_of_the_plan() -> None:
    """One article holds that Aster could be made in Ukraine; nobody announced it, so no process does it."""
    in_ukraine = {row["site"] for row in TABLES["sites"] if row["country"] == "UA"}
    at = {row["process"]: row["site"] for row in TABLES["processes"]}
    makers = {at[row["process"]] for row in TABLES["flows"] if row["item"] == "aster" and float(row["quantity"]) > 0}
    assert makers
    assert makers.isdisjoint(in_ukraine)


def test_published_output_is_not_entered_as_capacity() -> None:
    """About 1200 kits a year is output; twice that is what was called possible: nameplate 200, half of it qualified."""
    line = next(row for row in TABLES["resources"] if row["resource"] == "fr_kit_line")
    first = next(row for row in TABLES["calendars"] if row["calendar"] == "ramp_aasm")
    assert float(line["capacity"]) == 2 * 1200 / 12
    assert float(line["capacity"]) * float(first["factor"]) == 1200 / 12


def test_the_aster_chain_adds_up_to_the_published_lead_times() -> None:
    """30 and 18 months of 365.25 / 12 days: 913 and 548 days."""
    lead = {row["process"]: float(row["lead_days"]) for row in TABLES["processes"]}
    post = {row["process"]: float(row["post_days"] or 0) for row in TABLES["processes"]}
    lane = {row["lane"]: float(row["lead_days"]) for row in TABLES["lanes"]}
    supply = {row["supply"]: float(row["lead_days"]) for row in TABLES["supplies"]}
    after_boards = (
        lead["electronics_aster"] + lane["elec_int_aster"] + lead["integrate_aster_fr"] + post["integrate_aster_fr"]
    )
    month = 365.25 / 12
    assert round((supply["boards_fr_long"] + after_boards) / month, 1) == 30.0
    assert round((supply["boards_fr_short"] + after_boards) / month, 1) == 18.0
