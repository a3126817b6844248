"""LibreOffice opens the result workbook and calculates every formula to the value that stands in its cell."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest
from report_programme import make_result

from coproduce.present.workbook import write_workbook

OFFICE = shutil.which("soffice")
# Calculate every formula on opening, instead of showing what stands in the file.
SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">
<value>0</value></prop></item></oor:items>
"""


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
def test_every_formula_gives_the_value_that_was_written_beside_it(tmp_path: Path) -> None:
    ours, theirs = tmp_path / "results.xlsx", tmp_path / "again" / "results.xlsx"
    write_workbook(make_result(months=12, orders=20), ours)
    settings = tmp_path / "office" / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True)
    settings.write_text(SETTINGS, encoding="utf-8")
    profile = f"-env:UserInstallation={(tmp_path / 'office').as_uri()}"
    command = [str(OFFICE), "--headless", profile, "--convert-to", "xlsx", "--outdir", str(theirs.parent), str(ours)]
    subprocess.run(command, check=True, capture_output=True, timeout=240)

    written, calculated = openpyxl.load_workbook(ours, data_only=True), openpyxl.load_workbook(theirs, data_only=True)
    formulas = openpyxl.load_workbook(ours)
    assert calculated.sheetnames == written.sheetnames
    compared = 0
    for sheet in formulas.worksheets:
        for row in sheet.iter_rows():
            for cell in (cell for cell in row if cell.data_type == "f"):
                mine = written[sheet.title][cell.coordinate].value
                other = calculated[sheet.title][cell.coordinate].value
                compared += 1
                place = f"{sheet.title}!{cell.coordinate} {cell.value}"
                assert (other or 0) == pytest.approx(mine or 0, rel=1e-6, abs=2e-4), place
    assert compared > 300
