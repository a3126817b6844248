"""What people type who see a programme for the first time is understood, or told in words that they can act on."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks.corrupt.judge import said

from coproduce.errors import InputError, Problem
from coproduce.read import read

SETTINGS = {"name": "Demo", "start": "2026-01-01", "buckets": "6 months", "currency": "EUR"}
LIST = "".join(f"{name},{value}\n" for name, value in SETTINGS.items())
GOOD = {
    "programme": "setting,value\n" + LIST,
    "sites": "site,name,country\nplant,Plant 1,PL\n",
    "items": "item,name,unit\npump_a,Pump A,piece\n",
    "supplies": "supply,item,site\nmaker,pump_a,plant\n",
    "demands": "demand,item,site,quantity,due\nd,pump_a,plant,5,2026-03-01\n",
}


def problems(folder: Path, **tables: str) -> list[Problem]:
    """Return what is said of the good programme with some tables written over."""
    for table, content in {**GOOD, **tables}.items():
        (folder / f"{table}.csv").write_text(content, encoding="utf-8")
    return list(said(folder)[0])


def hints(found: list[Problem]) -> dict[str, str]:
    return {p.origin.column or p.origin.sheet: p.hint for p in found if p.hint}


def test_the_good_programme_has_no_problem(tmp_path: Path) -> None:
    assert problems(tmp_path) == []


@pytest.mark.parametrize("above", ["", "Our settings,\n", "Parameter,Value\n", "Title,\n,\nWhat,How much\n"])
def test_settings_below_each_other_need_no_header(tmp_path: Path, above: str) -> None:
    assert problems(tmp_path, programme=above + LIST) == []
    assert read(tmp_path).sheets["programme"].frame.rows(named=True) == [SETTINGS]


def test_a_wrong_setting_without_a_header_is_found_at_its_cell(tmp_path: Path) -> None:
    (found,) = problems(tmp_path, programme=LIST.replace("2026-01-01", "soon"))
    assert str(found.origin) == "programme.csv › programme!B2 (start)"


def test_a_title_above_the_header_does_not_hide_the_cells_below(tmp_path: Path) -> None:
    found = problems(tmp_path, items="Our items,,\nas of May,,\nitem,name,unit\npump_a,Pump A,\n")
    assert [(p.code, str(p.origin)) for p in found] == [
        ("E108", "items.csv › items!1"),
        ("E201", "items.csv › items!C4 (unit)"),
    ]


def test_a_missing_column_does_not_hide_the_cells_of_the_others(tmp_path: Path) -> None:
    found = problems(tmp_path, demands="demand,item,quantity,due\nd,pump_a,many,soon\n")
    assert [p.code for p in found] == ["E116", "E202", "E206"]


def test_a_missing_id_column_is_one_problem_and_not_one_for_each_reference(tmp_path: Path) -> None:
    found = problems(tmp_path, items="id,name,unit\npump_a,Pump A,piece\n")
    assert sorted(p.code for p in found) == ["E115", "E116"]
    assert hints(found) == {"id": 'did you mean "item"?'}


@pytest.mark.parametrize(
    ("header", "meant"),
    [
        ("Quantity per run", "quantity"),
        ("qty", "quantity"),
        ("Quantity (pieces)", "quantity"),
        ("quantitiy", "quantity"),
    ],
)
def test_a_column_under_another_name_is_hinted_at_and_never_taken(tmp_path: Path, header: str, meant: str) -> None:
    found = problems(tmp_path, demands=GOOD["demands"].replace("quantity", header))
    assert hints(found)[header] == f'did you mean "{meant}"?'
    assert "E116" in {p.code for p in found}


def test_columns_are_recognised_by_their_meaning(tmp_path: Path) -> None:
    found = problems(tmp_path, demands=GOOD["demands"].replace("due", "Due date").replace("\nd", ",Customer\nd", 1))
    assert hints(found)["Due date"] == 'did you mean "due"?'
    assert hints(found)["Customer"] == 'did you mean "party"?'


def test_names_in_place_of_ids_are_told_the_id(tmp_path: Path) -> None:
    found = problems(tmp_path, demands="demand,item,site,quantity,due\nd,PUMP A,Plant 1,5,2026-03-01\n")
    assert hints(found) == {
        "item": 'write "pump_a", the id of "PUMP A"',
        "site": 'write "plant", the id of "Plant 1"',
    }


def test_a_name_that_two_rows_have_is_no_hint(tmp_path: Path) -> None:
    items = GOOD["items"] + "pump_b,Pump A,piece\n"
    found = problems(tmp_path, items=items, demands=GOOD["demands"].replace("pump_a", "Pump A"))
    assert "the id of" not in hints(found)["item"]


def test_a_country_by_name_is_told_its_code_and_an_unknown_code_is_doubted(tmp_path: Path) -> None:
    assert hints(problems(tmp_path, sites="site,country\nplant,Poland\n")) == {"country": "write PL"}
    (found,) = problems(tmp_path, sites="site,country\nplant,UK\n")
    assert (found.code, found.hint) == ("W531", "write GB")


def test_a_missing_rate_is_told_which_row_to_add(tmp_path: Path) -> None:
    found = problems(tmp_path, supplies="supply,item,site,currency\nmaker,pump_a,plant,USD\n")
    assert hints(found)["currency"].startswith("add a row to exchange_rates: currency USD")


@pytest.mark.parametrize(
    ("encoding", "separator", "notes"), [("utf-8-sig", ";", []), ("cp1252", ";", ["W501"]), ("utf-8", "\t", [])]
)
def test_what_spreadsheets_of_other_countries_write_is_read_with_a_note(
    tmp_path: Path, encoding: str, separator: str, notes: list[str]
) -> None:
    problems(tmp_path)
    text = "item,name,unit\npump_a,Société,piece\n".replace(",", separator)
    (tmp_path / "items.csv").write_bytes(text.encode(encoding))
    assert [p.code for p in said(tmp_path)[0]] == notes


@pytest.mark.parametrize("ending", [".xls", ".xlsb"])
def test_old_workbooks_are_told_to_be_saved_anew(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"p{ending}"
    path.write_bytes(b"x")
    with pytest.raises(InputError) as refusal:
        read(path)
    assert refusal.value.problems[0].hint == "save it as .xlsx"


def test_a_workbook_beside_the_tables_of_a_folder_is_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / "lanes.xlsx").write_bytes(b"x")
    (found,) = problems(tmp_path)
    assert (found.code, found.origin.file) == ("W502", "lanes.xlsx")


def test_a_quotation_mark_too_many_is_found_in_its_row_even_where_another_closes_it(tmp_path: Path) -> None:
    items = 'item,name,unit\npump_a,"Pump A,piece\ngear,"Gear",piece\n'
    found = [p for p in problems(tmp_path, items=items) if p.code == "E113"]
    assert [p.origin.row for p in found] == [2]


def test_thousands_of_equal_problems_are_counted_and_not_listed(tmp_path: Path) -> None:
    rows = "".join(f"d{n},pump_a,plant,many,2026-03-01\n" for n in range(7_000))
    found = problems(tmp_path, demands="demand,item,site,quantity,due\n" + rows)
    assert len(found) == 5_001
    assert "7,000" in next(p.message for p in found if not p.origin.row)


def test_a_name_that_is_also_the_wrong_id_is_not_given_as_its_own_remedy(tmp_path: Path) -> None:
    found = problems(
        tmp_path,
        items="item,name,unit\ncontrol cabinet,Control cabinet,piece\npump_a,Pump A,piece\n",
        demands="demand,item,site,quantity,due\nd,control cabinet,plant,5,2026-03-01\n",
    )
    assert {str(p.origin): p.hint for p in found if p.code == "E209"} == {
        "items.csv › items!A2 (item)": 'write "control_cabinet"',
        "demands.csv › demands!B2 (item)": 'write "control_cabinet"',
    }


def test_an_unknown_name_unlike_any_other_is_answered_with_those_that_exist(tmp_path: Path) -> None:
    found = problems(tmp_path, demands="demand,item,site,quantity,due\nd,pump_a,Gdansk,5,2026-03-01\n")
    assert hints(found)["site"] == "it has plant"


def test_a_choice_with_a_word_more_is_recognised(tmp_path: Path) -> None:
    found = problems(tmp_path, resources="resource,site,kind,unit,capacity\nb,plant,Test bench,hours,9\n")
    assert hints(found)["kind"] == 'did you mean "test"?'


def test_results_given_in_place_of_the_programme_are_told_in_one_sentence(tmp_path: Path) -> None:
    for table in ("demand_service", "deliveries", "tiers", "evidence", "stock"):
        (tmp_path / f"{table}.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    (only,) = said(tmp_path)[0]
    assert (only.code, only.hint) == ("E105", "give the workbook or folder that was planned")
