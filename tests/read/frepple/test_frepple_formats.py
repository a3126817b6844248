"""The same small model in XML, as a fixture and as a workbook gives the same programme."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import polars as pl
import pytest
from frepple_files import checked, fixture, notes, row, tables, workbook, xml

from coproduce import api
from coproduce.present.inputs.convert import convert

XML = """<items><item name="gear" cost="7"/></items>
<operations><operation name="make gear" xsi:type="operation_time_per"><item name="gear"/><location name="Lyon"/>
<duration>P2D</duration><duration_per>P1D</duration_per><fence>P1D</fence>
<flows><flow xsi:type="flow_start"><item name="steel"/><quantity>-3</quantity></flow></flows>
<loads><load><resource name="mill"><maximum>2</maximum><location name="Lyon"/></resource></load></loads></operation>
</operations>
<items><item name="steel"><itemsuppliers><itemsupplier><supplier name="smelter"/><location name="Lyon"/>
<leadtime>P3D</leadtime><cost>5</cost></itemsupplier></itemsuppliers></item></items>
<demands><demand name="order 1"><item name="gear"/><location name="Lyon"/><quantity>4</quantity>
<due>2026-01-20T00:00:00</due><priority>3</priority></demand></demands>"""

FIXTURE = [
    {"model": "common.parameter", "fields": {"name": "currentdate", "value": "2026-01-05 00:00:00"}},
    {"model": "input.location", "pk": "Lyon", "fields": {}},
    {"model": "input.item", "pk": "gear", "fields": {"cost": "7"}},
    {"model": "input.item", "fields": {"name": "steel"}},
    {
        "model": "input.operation",
        "fields": {
            "name": "make gear",
            "type": "time_per",
            "item_id": "gear",
            "location_id": "Lyon",
            "duration": "172800.0",
            "duration_per": "86400",
            "fence": 86400,
        },
    },
    {"model": "input.operationmaterial", "fields": {"operation_id": "make gear", "item_id": "steel", "quantity": -3}},
    {"model": "input.resource", "fields": {"name": "mill", "maximum": "2", "location": "Lyon"}},
    {"model": "input.operationresource", "fields": {"operation": "make gear", "resource": "mill", "quantity": 1}},
    {
        "model": "input.itemsupplier",
        "fields": {"item": "steel", "location": "Lyon", "supplier": "smelter", "leadtime": 259200, "cost": "5"},
    },
    {
        "model": "input.demand",
        "pk": "order 1",
        "fields": {"item": "gear", "location": "Lyon", "quantity": "4", "due": "2026-01-20 00:00:00", "priority": 3},
    },
]

SHEETS = {
    "parameter": [["Name", "Value"], ["currentdate", "2026-01-05 00:00:00"]],
    "item": [["Name", "Cost"], ["gear", 7], ["steel", None]],
    "location": [["Name"], ["Lyon"]],
    "operation": [
        ["Name", "Type", "Item", "Location", "Duration", "Duration Per Unit", "Fence"],
        ["make gear", "time_per", "gear", "Lyon", 172800, "24:00:00", 86400],
    ],
    "operation material": [["Operation", "Item", "Quantity", "Type"], ["make gear", "steel", -3, "start"]],
    "resource": [["Name", "Maximum", "Location"], ["mill", 2, "Lyon"]],
    "operation resource": [["Operation", "Resource", "Quantity"], ["make gear", "mill", 1]],
    "item supplier": [["Item", "Location", "Supplier", "Lead Time", "Cost"], ["steel", "Lyon", "smelter", 259200, 5]],
    "sales order": [
        ["Name", "Item", "Location", "Quantity", "Due", "Priority"],
        ["order 1", "gear", "Lyon", 4, "2026-01-20 00:00:00", 3],
    ],
}


@pytest.fixture(params=["xml", "fixture", "workbook"])
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    if request.param == "xml":
        return xml(tmp_path, XML)
    return fixture(tmp_path, FIXTURE) if request.param == "fixture" else workbook(tmp_path, SHEETS)


def test_an_operation_becomes_a_process_with_its_times_flows_and_loads(path: Path) -> None:
    given = tables(path)
    process = row(given["processes"], process="make_gear")
    # Two days, and one day for the smallest lot of one.
    assert (process["name"], process["site"], process["lead_days"]) == ("make gear", "Lyon", 3.0)
    # The fence of a day counts from the current date.
    assert process["start_from"] == datetime(2026, 1, 6)
    flows = dict(given["flows"].select("item", "quantity").iter_rows())
    assert flows == {"gear": 1.0, "steel": -3.0}
    # 24 hours for each unit, and 48 for each lot: the usual lot, the only order of 4, takes 144 hours. A day has fewer,
    # so that the 48 hours are spread over that lot.
    load = row(given["loads"], resource="mill")
    assert (load["quantity"], load["setup_quantity"]) == (24.0 + 48.0 / 4, None)
    # Two machines, 24 hours a day.
    mill = row(given["resources"], resource="mill")
    assert (mill["capacity"], mill["capacity_per"], mill["unit"]) == (48.0, "day", "hour")


def test_suppliers_items_and_demands_are_taken_over(path: Path) -> None:
    given = tables(path)
    supply = given["supplies"].row(0, named=True)
    assert (supply["item"], supply["site"], supply["lead_days"], supply["price"]) == ("steel", "Lyon", 3.0, 5.0)
    assert row(given["items"], item="gear")["unit_value"] == 7.0
    demand = row(given["demands"], demand="order_1")
    assert (demand["item"], demand["site"], demand["quantity"], demand["priority"]) == ("gear", "Lyon", 4.0, 3)
    assert (demand["name"], demand["due"]) == ("order 1", datetime(2026, 1, 20))
    assert given.programme.start == datetime(2026, 1, 5)


def test_the_plan_delivers_on_the_day_that_arithmetic_gives(path: Path) -> None:
    result = api.plan_path(path, bottlenecks=0)
    service = result.frames["demand_service"].row(0, named=True)
    # Steel on 5 January + 3 days, made on the 8th + 3 days: there on the 11th, in the bucket that ends on the 12th.
    assert service["status"] == "on_time"
    assert service["earliest_possible"] == datetime(2026, 1, 12)


def test_a_row_is_found_again_by_line_or_sheet_and_row(path: Path) -> None:
    origin = tables(path).origin("demands", 0, "due")
    expected = {".xml": ("demand", 10), ".json": ("demand", 11), ".xlsx": ("sales order", 2)}
    assert (origin.sheet, origin.row) == expected[path.suffix]


def test_of_one_date_format_the_bad_value_is_named_with_its_cell(tmp_path: Path) -> None:
    sheets = {**SHEETS, "item supplier": [["Item", "Location", "Lead Time"], ["steel", "Lyon", "a week"]]}
    problems = [p for p in checked(workbook(tmp_path, sheets)).problems if p.code == "E131"]
    assert [str(p.origin) for p in problems] == ["model.xlsx › item supplier!C2 (Lead Time)"]
    assert problems[0].seen == "a week"


def test_unknown_fields_and_sheets_are_named_and_not_dropped(tmp_path: Path) -> None:
    path = xml(
        tmp_path, XML.replace('<item name="gear" cost="7"/>', '<item name="gear" cost="7"><colour>red</colour></item>')
    )
    assert any('the field "colour" of item is not represented' in note for note in notes(path, "W551"))
    path = workbook(tmp_path, {**SHEETS, "weather": [["Day"], ["Monday"]]})
    assert any('"weather" is no sheet of frePPLe' in note for note in notes(path, "W502"))


def test_a_workbook_of_our_own_tables_is_not_taken_for_one_of_frepple(tmp_path: Path) -> None:
    path = workbook(
        tmp_path, {"items": [["item", "unit"], ["a", "piece"]], "item": [["name"], ["x"]], "location": [["name"]]}
    )
    assert set(api.read(path).sheets) == {"items"}


def test_names_with_the_same_letters_get_ids_of_their_own(tmp_path: Path) -> None:
    body = """<items><item name="a b"/><item name="a@b"/><item name="a_b"/></items>
<buffers><buffer name="x" onhand="1"><item name="a b"/><location name="L"/></buffer></buffers>
<demands><demand name="d" quantity="1" due="2026-01-09T00:00:00"><item name="a b"/><location name="L"/>
</demand></demands>"""
    items = tables(xml(tmp_path, body))["items"]
    assert items["item"].n_unique() == items.height == 3
    assert dict(items.select("name", "item").iter_rows())["a b"] in items["item"].to_list()
    assert isinstance(items, pl.DataFrame)


def test_convert_writes_tables_that_give_the_same_plan(path: Path, tmp_path: Path) -> None:
    convert(path, tmp_path / "tables")
    direct, carried = api.plan_path(path, bottlenecks=0), api.plan_path(tmp_path / "tables", bottlenecks=0)
    assert carried.frames["deliveries"].equals(direct.frames["deliveries"])
    assert carried.frames["purchases"].equals(direct.frames["purchases"])
