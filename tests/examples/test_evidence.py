"""Every figure of the examples with evidence rests on a source or says that it is assumed, as their READMEs claim."""

from __future__ import annotations

from collections import Counter

import pytest
from evidence_cells import Example
from markdown_tables import markdown_tables, number

FEWEST = {"letter_of_intent": (1000, 500), "transformers": (1000, 500), "ramp_back_test": (200, 80)}
"""Numbers and dates that an example has at least, so that the tests below look at something."""


@pytest.fixture(scope="module", params=FEWEST)
def example(request: pytest.FixtureRequest) -> Example:
    return Example(request.param)


def test_every_number_that_is_not_a_default_has_evidence(example: Example) -> None:
    assert len(example.numbers) > FEWEST[example.folder.name][0]
    assert [cell for cell in example.numbers if not example.covering(cell)] == []


def test_every_date_has_evidence(example: Example) -> None:
    assert len(example.dates) > FEWEST[example.folder.name][1]
    assert [cell for cell in example.dates if not example.covering(cell)] == []


def test_no_cell_has_evidence_of_two_kinds(example: Example) -> None:
    kinds = {cell: {row["confidence"] for row in example.covering(cell)} for cell in example.numbers}
    assert [cell for cell, found in kinds.items() if len(found) > 1] == []


def test_every_row_of_evidence_covers_a_figure(example: Example) -> None:
    assert example.idle() == []


def test_a_cited_or_estimated_figure_names_a_source_and_what_was_published(example: Example) -> None:
    firm = [row for row in example.evidence if row["confidence"] != "assumed"]
    assert firm
    assert [row for row in firm if row["source"] not in example.sources or not row["as_published"]] == []


def test_an_estimated_or_assumed_figure_says_how_it_came_about(example: Example) -> None:
    assert [row for row in example.evidence if row["confidence"] != "cited" and not row["derivation"]] == []


def test_every_source_named_is_declared_and_has_a_publisher(example: Example) -> None:
    assert {row["source"] for row in example.evidence if row["source"]} <= example.sources
    assert [row["source"] for row in example.tables["sources"] if not row["publisher"]] == []


def test_a_range_is_the_right_way_round_and_holds_every_figure_it_speaks_of(example: Example) -> None:
    for cell in example.numbers:
        for row in example.covering(cell):
            if row["low"] or row["high"]:
                low, high = float(row["low"] or "-inf"), float(row["high"] or "inf")
                assert low <= example.value(cell) <= high, cell


def test_the_readme_counts_evidence_and_figures_as_they_are(example: Example) -> None:
    kinds = Counter(example.covering(cell)[0]["confidence"] for cell in example.numbers)
    rows = Counter(row["confidence"] for row in example.evidence)
    for row in markdown_tables(example.folder / "README.md")["confidence"]:
        kind = row["confidence"]
        assert (number(row["rows of evidence"]), number(row["figures"])) == (rows[kind], kinds[kind])
        assert number(row["share of figures"].rstrip("%")) == round(100 * kinds[kind] / len(example.numbers), 1)


def test_the_readme_counts_the_rows_of_the_tables(example: Example) -> None:
    page = markdown_tables(example.folder / "README.md")["table"]
    assert {row["table"]: number(row["rows"]) for row in page} == {
        row["table"]: len(example.tables[row["table"].strip("`")]) for row in page
    }
