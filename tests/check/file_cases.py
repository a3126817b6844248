"""Files and drills that each raise one code of the catalogue, with the place where it is expected."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import xlsxwriter
from good_programme import good, write_folder

Build = Callable[[Path], Path]


def _write(name: str, content: bytes) -> Build:
    """Return a folder of the good programme with one file written over."""

    def build(folder: Path) -> Path:
        write_folder(good(), folder)
        (folder / name).write_bytes(content)
        return folder

    return build


def _only(name: str, content: bytes) -> Build:
    """Return a single file."""

    def build(folder: Path) -> Path:
        (folder / name).write_bytes(content)
        return folder / name

    return build


def _empty_folder(folder: Path) -> Path:
    return folder


def _absent(folder: Path) -> Path:
    return folder / "absent.xlsx"


def _list_column(folder: Path) -> Path:
    write_folder(good(), folder)
    (folder / "sites.csv").unlink()
    pl.DataFrame({"site": ["A", "B"], "latitude": [[1.0], [2.0]]}).write_parquet(folder / "sites.parquet")
    return folder


def _stray_cell(folder: Path) -> Path:
    with xlsxwriter.Workbook(folder / "wide.xlsx") as book:
        sheet = book.add_worksheet("sites")
        sheet.write_row(0, 0, ["site"])
        sheet.write(0, 16383, "x")
        sheet.write(1_000_000, 0, "A")
        book.add_worksheet("items").write_row(0, 0, ["item", "unit"])
    return folder / "wide.xlsx"


def _merged(folder: Path) -> Path:
    with xlsxwriter.Workbook(folder / "merged.xlsx") as book:
        sheet = book.add_worksheet("items")
        sheet.write_row(0, 0, ["item", "unit"])
        sheet.write_column(1, 0, ["pump", "gear"])
        sheet.merge_range(1, 1, 2, 1, "piece")
    return folder / "merged.xlsx"


def _huge(folder: Path) -> Path:
    # A settings file above its limit stands for every size limit; the workbook's own is tested with the reader.
    write_folder(good(), folder)
    (folder / "programme.csv").unlink()
    (folder / "programme.yaml").write_text("# " + "x" * (1 << 20))
    return folder


def _frepple(body: str) -> Build:
    """Return a model of frePPLe with a demand for three units of what `make` makes."""
    operation = '<operations><operation name="make"><item name="a"/><location name="L"/></operation></operations>'
    order = '<demand name="d" quantity="3" due="2026-02-02T00:00:00"><item name="a"/><location name="L"/></demand>'
    text = f"<plan><current>2026-01-05T00:00:00</current>\n{operation}<demands>{order}</demands>\n{body}\n</plan>"
    return _only("model.xml", text.encode())


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


FROM_FILES: dict[str, tuple[Build, str]] = {
    "E101": (_absent, "absent.xlsx"),
    "E102": (_only("programme.xlsx", b"PK\x03\x04 and then nothing"), "programme.xlsx"),
    "E103": (_only("programme.xlsx", OLE), "programme.xlsx"),
    "E104": (_huge, "programme.yaml › programme"),
    "E105": (_empty_folder, ""),
    "E106": (_write("demand.csv", b"demand\nd9\n"), "demand.csv › demand"),
    "E107": (_write("Sites.tsv", b"site\nC\n"), "sites.csv › sites"),
    "E108": (_write("items.csv", b"My items\nitem,unit\npump,piece\ngear,piece\n"), "items.csv › items!1"),
    "E111": (_write("items.csv", b"item,unit\npump,piece\ngear,piece,2\n"), "items.csv › items!3"),
    "E112": (_write("items.csv", b"item,unit\npump,\0\n"), "items.csv › items!2"),
    "E113": (_write("items.csv", b'item,unit\npump,"piece\ngear,piece\n'), "items.csv › items!2"),
    "E114": (_write("programme.yaml", b"name: [a, b"), "programme.yaml › programme!1"),
    "E118": (_list_column, "sites.parquet › sites!B (latitude)"),
    "E119": (_stray_cell, "wide.xlsx › sites"),
    "E121": (_merged, "merged.xlsx › items!B2 (unit)"),
    "E130": (_only("model.xml", b"<plan><items>"), "model.xml"),
    "E131": (_frepple("<demands><demand name='d'><priority>high</priority></demand></demands>"), "demand!3 (priority)"),
    "W551": (_frepple("<demands><demand name='d' colour='red'/></demands>"), "(colour)"),
    "W552": (_frepple("<parameters/>"), "plan!1"),
    "W553": (_frepple("<demands><demand name='c' status='closed'/></demands>"), "demand!3 (status)"),
    "W501": (_write("parties.csv", "party,name\nmaker,Société\n".encode("cp1252")), "parties.csv › parties!2"),
    "W502": (_write("pictures.csv", b"a,b\n1,2\n"), "pictures.csv › pictures"),
    "W505": (_write("runs.csv", b"process,bucket,quantity\nmake,1,2\n"), "runs.csv › runs"),
}


# Rows of a file of drills, for a programme whose year is 2026 and that has the risk `outage`.
DRILL = "risk,kind,target_table,target,date,duration_days,probability\n"


FROM_DRILLS: dict[str, tuple[str, str]] = {
    "E461": ("a,site_damage,sites,A,2026-03-01,30,0.5\n", "drills.csv › risks!G2 (probability)"),
    "E462": (
        "a,site_damage,sites,A,2026-03-01,30,\nb,site_damage,sites,A,2026-03-30,5,\n",
        "drills.csv › risks!E3 (date)",
    ),
    "E463": ("outage,site_damage,sites,A,2026-03-01,30,\n", "drills.csv › risks!A2 (risk)"),
    "E464": ("a,site_damage,sites,A,2029-03-01,30,\n", "drills.csv › risks!E2 (date)"),
}
