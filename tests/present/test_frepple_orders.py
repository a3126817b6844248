"""The orders of a plan stand in a workbook in the form in which frePPLe imports them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import openpyxl

from coproduce import api
from coproduce.present.frepple import write_orders

MODEL = """<plan xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><current>2026-01-05T00:00:00</current>
<items><item name="=gear"><itemdistributions><itemdistribution><origin name="Lyon"/><destination name="Lviv"/>
<leadtime>P2D</leadtime></itemdistribution></itemdistributions></item>
<item name="steel"><itemsuppliers><itemsupplier><supplier name="smelter"/><location name="Lyon"/>
<leadtime>P1D</leadtime></itemsupplier></itemsuppliers></item></items>
<operations><operation name="make" xsi:type="operation_fixed_time"><item name="=gear"/><location name="Lyon"/>
<duration>P4D</duration><flows><flow xsi:type="flow_start"><item name="steel"/><quantity>-2</quantity></flow></flows>
</operation></operations>
<demands><demand name="d" quantity="3" due="2026-01-05T00:00:00"><item name="=gear"/><location name="Lviv"/></demand>
</demands></plan>"""


def test_the_three_sheets_hold_what_is_made_bought_and_shipped(tmp_path: Path) -> None:
    (tmp_path / "model.xml").write_text(MODEL, encoding="utf-8")
    result = api.plan_path(tmp_path / "model.xml", bottlenecks=0)
    write_orders(result, tmp_path / "orders.xlsx")
    book = openpyxl.load_workbook(tmp_path / "orders.xlsx")
    sheets = {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}
    # Steel on the 5th + 1 day, made from the 6th + 4 days, shipped on the 10th + 2 days.
    assert sheets["purchase order"] == [
        ("reference", "status", "item", "supplier", "location", "quantity", "ordering date", "receipt date"),
        ("PO 1", "approved", "steel", "smelter", "Lyon", 6, datetime(2026, 1, 5), datetime(2026, 1, 6)),
    ]
    assert sheets["manufacturing order"] == [
        ("reference", "status", "operation", "quantity", "start date", "end date"),
        ("MO 1", "approved", "make", 3, datetime(2026, 1, 6), datetime(2026, 1, 10)),
    ]
    assert sheets["distribution order"] == [
        ("reference", "status", "item", "origin", "destination", "quantity", "shipping date", "receipt date"),
        ("DO 1", "approved", "=gear", "Lyon", "Lviv", 3, datetime(2026, 1, 10), datetime(2026, 1, 12)),
    ]


def test_a_name_that_looks_like_a_formula_stays_text(tmp_path: Path) -> None:
    (tmp_path / "model.xml").write_text(MODEL, encoding="utf-8")
    write_orders(api.plan_path(tmp_path / "model.xml", bottlenecks=0), tmp_path / "orders.xlsx")
    cell = openpyxl.load_workbook(tmp_path / "orders.xlsx")["distribution order"]["C2"]
    assert (cell.value, cell.data_type) == ("=gear", "s")
