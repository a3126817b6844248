"""Programmes that are too large, or would be after unfolding: rows, columns, cells, files."""

from __future__ import annotations

import random
import zipfile
from pathlib import Path

import polars as pl

from benchmarks.corrupt.programme import Corruption, Damage, Programme, csv_bytes, write, write_workbook

ODS = (
    '<o:document-content xmlns:o="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><o:body><o:spreadsheet>{}</o:spreadsheet></o:body>'
    "</o:document-content>"
)


def _blank_rows(luck: random.Random, programme: Programme, folder: Path) -> Damage:
    folder = write(programme, folder, "csv")
    with (folder / "demands.csv").open("ab") as file:
        file.write(luck.choice((b"\n", b",,,,,,,,\n", b" \n")) * 1_000_000)
    return Damage(folder, "demands")


def _columns(luck: random.Random, programme: Programme, folder: Path) -> Damage:
    rows = programme.copy_of("demands")
    count = luck.choice((16_384, 200_000))
    name = luck.choice(("", "x", "#x"))
    rows[0] += [f"{name}{index}" if name else "" for index in range(count)]
    folder = write(programme.without("demands"), folder, "csv")
    (folder / "demands.csv").write_bytes(csv_bytes(rows))
    return Damage(folder, "demands")


def _used_range(luck: random.Random, programme: Programme, folder: Path) -> Damage:
    far = luck.choice(((1_048_575, 16_383), (1_048_575, 100), (50_000, 16_383)))
    path = write_workbook(programme, folder / "p.xlsx", lambda _book, sheets: sheets["demands"].write(*far, "x"))
    return Damage(path, "demands")


def _bad_cells(_luck: random.Random, programme: Programme, folder: Path) -> Damage:
    folder = write(programme, folder, "csv")
    count = 300_000
    frame = pl.DataFrame(
        {
            "demand": [f"d {n}" for n in range(count)],
            "item": [f"x{n}" for n in range(count)],
            "site": "y z",
            "quantity": "1,5",
            "due": "soon",
        }
    )
    frame.write_csv(folder / "demands.csv")
    return Damage(folder, "demands")


def _parquet(luck: random.Random, programme: Programme, folder: Path) -> Damage:
    folder = write(programme, folder, "csv")
    (folder / "demands.csv").unlink()
    count = luck.choice((26_000_000, 30_000_000))
    names = ("demand", "item", "site", "due")
    frame = pl.DataFrame({name: pl.repeat(1, count, dtype=pl.Int8, eager=True) for name in names})
    frame.write_parquet(folder / "demands.parquet")
    return Damage(folder, "demands")


def _open_document(luck: random.Random, _programme: Programme, folder: Path) -> Damage:
    folder.mkdir(parents=True, exist_ok=True)
    filled = 'o:value-type="string"><text:p>x</text:p></table:table-cell>'
    cell = '<table:table-cell table:number-columns-repeated="{}" ' + filled
    row = '<table:table-row table:number-rows-repeated="{}">{}</table:table-row>'
    sheet = '<table:table table:name="items">{}</table:table>'
    bodies = (
        sheet.format(row.format(1_048_576, cell.format(16_384))),
        sheet.format(row.format("9" * 30, cell.format(1))),
        sheet.format(row.format(-1, cell.format("x"))),
        "<a>" * 1_000_000,
        "<!--" + "x" * 1000 + "-->" + sheet.format("<table:table-row>" * 5_000),
    )
    with zipfile.ZipFile(folder / "p.ods", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", ODS.format(luck.choice(bodies)))
        archive.writestr(
            "META-INF/manifest.xml", '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
        )
    return Damage(folder / "p.ods")


def _huge_file(luck: random.Random, programme: Programme, folder: Path) -> Damage:
    folder = write(programme, folder, "csv")
    table, ending = luck.choice((("demands", "csv"), ("demands", "parquet"), ("programme", "yaml")))
    (folder / f"{table}.csv").unlink()
    with (folder / f"{table}.{ending}").open("wb") as file:
        file.truncate(40 << 30)  # A file of zeros that takes no place on the disk.
    return Damage(folder, table)


LARGE: dict[str, Corruption] = {
    "large: a million blank rows": _blank_rows,
    "large: 16,384 columns and more": _columns,
    "large: used range of a whole sheet": _used_range,
    "large: 300,000 bad rows": _bad_cells,
    "large: parquet that unfolds": _parquet,
    "large: OpenDocument that unfolds": _open_document,
    "large: a file of 40 GiB": _huge_file,
}
