"""Agreements from the command line to report and workbook."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import openpyxl
import polars as pl
import pytest

TABLES = {
    "programme.yaml": "{name: Pumps, start: 2026-01-01, buckets: 3 months, currency: EUR}\n",
    "sites.csv": "site,country\nlyon,FR\nlviv,UA\n",
    "items.csv": "item,unit\npump,piece\n",
    "processes.csv": "process,site,cost\nfr,lyon,100\nua,lviv,130\n",
    "flows.csv": "process,item,quantity\nfr,pump,1\nua,pump,1\n",
    "resources.csv": "resource,site,unit,capacity\nf,lyon,hour,160\nu,lviv,hour,160\n",
    "loads.csv": "process,resource,quantity\nfr,f,8\nua,u,8\n",
    "lanes.csv": "lane,from_site,to_site,cost,border\nroad,lyon,lviv,5,gate\n",
    "demands.csv": "demand,item,site,quantity,due\nd,pump,lviv,10,2026-03-31\n",
    "shares.csv": "share,name,country,measure,minimum\nw,=Ukraine's part,UA,hours,0.4\n",
}


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pumps")
    for name, text in TABLES.items():
        (folder / name).write_text(text, encoding="utf-8")
    result = folder.parent / "pumps_plan"
    command = ["plan", str(folder), "--out", str(result), "--price-of-agreements"]
    whole = [sys.executable, "-m", "coproduce.present.cli", *command]
    done = subprocess.run(whole, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return result


def test_the_command_prices_agreements(out: Path) -> None:
    # Four pumps at 130 instead of 100 and 5 for the road.
    costs = pl.read_parquet(out / "tables" / "agreement_costs.parquet").filter(stage="cost")
    assert costs.select("low", "high").row(0) == (pytest.approx(100.0), pytest.approx(100.0))


def test_the_report_has_a_tab_for_agreements(out: Path) -> None:
    page = (out / "report.html").read_text(encoding="utf-8")
    assert 'id="agreements"' in page
    assert "Ukraine" in page


def test_the_workbook_has_a_sheet_for_each_table(out: Path) -> None:
    book = openpyxl.load_workbook(out / "results.xlsx")
    assert {"agreements", "agreement_costs", "exposure"} <= set(book.sheetnames)
