"""A wrong line is named by its cell; a problem that a scenario causes names the line's cell and the table's."""

from __future__ import annotations

import pytest
from changed import Line, checked, problem_of, programme
from good_programme import frames_of

from coproduce.errors import InputError
from coproduce.read import from_frames
from coproduce.scenarios import check

# line -> code, cell of the line, part of the message or hint
WRONG: list[tuple[Line, str, str, str]] = [
    (("lane", "", "capacity", "set", "1"), "E601", "table", 'did you mean "lanes"?'),
    (("", "", "capacity", "set", "1"), "E601", "table", "set needs a table"),
    (("scenarios", "", "line", "set", "1"), "E601", "table", "no table"),
    (("lanes", "", "capasity", "set", "1"), "E601", "column", 'did you mean "capacity"?'),
    (("lanes", "", "", "set", "1"), "E604", "column", "needs a column"),
    (("lanes", "", "capacity", "set", ""), "E604", "value", "(empty)"),
    (("lanes", "", "capacity", "scale", ""), "E604", "value", "needs a value"),
    (("lanes", "", "capacity", "scale", "150%"), "E604", "value", "write 1.5"),
    (("lanes", "", "capacity", "scale", "1,5"), "E604", "value", "is none"),
    (("lanes", "", "capacity", "scale", "inf"), "E604", "value", "is none"),
    (("lanes", "", "to_site", "scale", "2"), "E604", "action", "holds none"),
    (("lanes", "", "start_from", "scale", "2"), "E604", "action", "holds none"),
    (("lanes", "", "to_site", "shift", "2"), "E604", "action", "holds neither"),
    (("demands", "", "due", "shift", "soon"), "E604", "value", "moved by days"),
    (("demands", "", "due", "shift", "1.5 months"), "E604", "value", "whole months"),
    (("demands", "", "due", "shift", "9999999"), "E604", "value", "out of all bounds"),
    (("demands", "", "due", "shift", "99999 years"), "E604", "value", "out of all bounds"),
    (("lanes", "", "capacity", "remove", ""), "E604", "column", "whole rows"),
    (("lanes", "", "", "remove", ""), "E604", "where", "write * if all"),
    (("lanes", "lane = road", "", "remove", "road"), "E604", "value", "takes no value"),
    (("lanes", "", "", "add", ""), "E604", "value", "needs the cells"),
    (("lanes", "", "", "add", "lane > 3"), "E602", "value", "is a condition"),
    (("lanes", "", "", "add", "lane = a; lane = b"), "E602", "value", "given twice"),
    (("lanes", "", "", "add", "lain = a"), "E601", "value", 'did you mean "lane"?'),
    (("lanes", "lane = x", "", "add", "lane = a"), "E603", "where", "no row"),
    (("programme", "", "", "add", "name = x"), "E604", "action", "settings"),
    (("programme", "*", "", "remove", ""), "E604", "action", "settings"),
    (("", "", "", "include", "t"), "E605", "value", "no scenario"),
    (("", "", "", "include", "s"), "E605", "value", "circle"),
    (("items", "", "shelf_life_days", "scale", "2"), "E604", "column", "is empty"),
]


@pytest.mark.parametrize(("line", "code", "column", "says"), WRONG, ids=str)
def test_a_wrong_line_is_found_at_its_cell(line: Line, code: str, column: str, says: str) -> None:
    found = problem_of(line)
    assert (found.code, found.origin.sheet, found.origin.row, found.origin.column) == (code, "scenarios", 2, column)
    assert says in f"{found.message} {found.hint}"
    assert found.message.startswith("scenario s, line 1: ")


@pytest.mark.parametrize("name", ["base", "Base", "..", "-x", "a."])
def test_a_name_that_no_folder_of_results_can_have_is_refused(name: str) -> None:
    found = check(from_frames(frames_of(programme(("lanes", "", "capacity", "set", "1"), name=name))))
    assert [(p.code, p.origin.column) for p in found.problems] == [("E605", "scenario")]


def test_two_names_that_differ_in_case_only_are_refused() -> None:
    changed = programme(("lanes", "", "capacity", "set", "1"))
    changed["scenarios"].append({**changed["scenarios"][0], "scenario": "S"})
    assert [p.code for p in check(from_frames(frames_of(changed))).problems] == ["E605"]


def test_an_unknown_scenario_is_refused_with_a_suggestion() -> None:
    with pytest.raises(InputError) as refusal:
        checked(programme(("lanes", "", "capacity", "set", "1"), name="narrow"), "narow")
    (found,) = refusal.value.problems
    assert (found.code, found.hint) == ("E605", 'did you mean "narrow"?')


def test_several_lines_of_wrong_form_are_all_found() -> None:
    lines = [line for line, *_ in WRONG]
    found = check(from_frames(frames_of(programme(*lines)))).problems
    assert {p.origin.row for p in found} == {*range(2, len(lines) + 2)}


def test_a_bad_value_names_the_cell_of_the_line_and_that_of_the_table() -> None:
    found = checked(programme(("lanes", "", "capacity", "set", "many"))).problems
    assert [p.code for p in found] == ["E202"]
    # value is the seventh column of the scenarios, capacity the eighth of the lanes.
    assert str(found[0].origin) == "memory › scenarios!G2 (value) in place of memory › lanes!H2 (capacity)"
    assert found[0].message.startswith("scenario s: ")


def test_a_bad_cell_of_a_new_row_names_the_line() -> None:
    found = checked(programme(("lanes", "", "", "add", "lane = rail; from_site = A; to_site = Bb"))).problems
    assert [(p.code, p.origin.column) for p in found] == [("E302", "value")]
    assert str(found[0].origin) == "memory › scenarios!G2 (value) in place of a row of lanes"


def test_what_a_removed_row_leaves_dangling_names_both_cells() -> None:
    found = [
        p for p in checked(programme(("parties", "party = maker", "", "remove", ""))).problems if p.seen == "maker"
    ]
    places = {(p.code, p.origin.sheet, p.origin.column) for p in found}
    assert ("E302", "sites", "party") in places
    for problem in found:
        assert "line 1 of scenario s removes it, memory › scenarios!F2 (action)" in problem.message


def test_a_consequence_elsewhere_says_that_the_scenario_causes_it() -> None:
    # Without its lane to B nothing brings a pump there, so that demands d1 and d2 cannot be met.
    found = checked(programme(("lanes", "lane = road", "", "remove", ""))).problems
    errors = [p for p in found if p.code == "E412"]
    assert [p.origin.sheet for p in errors] == ["demands"] * len(errors)
    assert errors
    assert all("(in scenario s, not in the base)" in p.message for p in errors)


def test_evidence_and_promises_of_removed_rows_are_no_error() -> None:
    lines: list[Line] = [
        ("supplies", "*", "", "remove", ""),
        ("stocks", "", "opening", "set", "900"),
        ("stocks", "", "final_min", "set", "0"),
        ("demands", "demand = d1", "", "remove", ""),
    ]
    found = checked(programme(*lines))
    assert [str(p) for p in found.problems if p.severity == "error"] == []
    assert found.tables is not None


def test_numbers_that_are_scaled_must_be_numbers_in_the_table() -> None:
    changed = programme(("lanes", "", "capacity", "scale", "2"))
    changed["lanes"][0]["capacity"] = "many"
    found = check(from_frames(frames_of(changed))).problems
    assert [(p.code, p.origin.sheet, p.origin.column) for p in found] == [
        ("E202", "lanes", "capacity"),
        ("E604", "scenarios", "where"),
    ]


def test_what_a_line_misses_in_a_table_with_errors_is_not_reported_twice() -> None:
    changed = programme(("lanes", "lane = road", "capacity", "scale", "2"))
    changed["lanes"][0]["lane"] = "the road"
    assert [p.code for p in check(from_frames(frames_of(changed))).problems] == ["E209"]
