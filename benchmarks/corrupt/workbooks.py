"""Wrong workbooks: damaged archives and parts, what Excel hides, and documents made to exhaust a machine."""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl

from benchmarks.corrupt.files import _cut, _flipped
from benchmarks.corrupt.programme import Corruption, Damage, Programme, cells, csv_bytes, write_workbook

Edit = Callable[[random.Random, dict[str, bytes]], None]
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def _bytes(spoil: Callable[[random.Random, bytes], bytes]) -> Corruption:
    def corrupt(luck: random.Random, programme: Programme, folder: Path) -> Damage:
        path = write_workbook(programme, folder / "p.xlsx")
        path.write_bytes(spoil(luck, path.read_bytes()))
        return Damage(path)

    return corrupt


def _other_zip(_luck: random.Random, _content: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    return packed.getvalue()


def parts_of(path: Path) -> dict[str, bytes]:
    """Return the parts of a workbook."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pack(path: Path, parts: dict[str, bytes]) -> Path:
    """Write parts as a workbook, with sound checksums."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def _parts(edit: Edit) -> Corruption:
    def corrupt(luck: random.Random, programme: Programme, folder: Path) -> Damage:
        path = write_workbook(programme, folder / "p.xlsx")
        parts = parts_of(path)
        edit(luck, parts)
        return Damage(pack(path, parts))

    return corrupt


def _damaged_xml(luck: random.Random, parts: dict[str, bytes]) -> None:
    name = luck.choice([part for part in parts if part.startswith("xl/")])
    content = bytearray(parts[name])
    for _ in range(luck.randint(1, 4)):
        at = luck.randrange(len(content))
        content[at : at + luck.randint(0, 3)] = bytes([luck.choice(b'<>/"0129ABe &;=r')])
    parts[name] = bytes(content)


def _shared_strings(luck: random.Random, parts: dict[str, bytes]) -> None:
    name = "xl/sharedStrings.xml"
    if luck.random() < 0.3:
        del parts[name]
    else:
        entries = parts[name].split(b"<si>")
        del entries[luck.randrange(1, len(entries))]
        parts[name] = b"<si>".join(entries)


def _missing_part(luck: random.Random, parts: dict[str, bytes]) -> None:
    del parts[luck.choice(list(parts))]


def _doubled_sheet_name(luck: random.Random, parts: dict[str, bytes]) -> None:
    book = parts["xl/workbook.xml"]
    names = re.findall(rb'<sheet name="(\w+)"', book)
    one, two = luck.sample(names, 2)
    parts["xl/workbook.xml"] = book.replace(b'name="%s"' % one, b'name="%s"' % luck.choice((two.upper(), two)), 1)


def _inline(_luck: random.Random, parts: dict[str, bytes]) -> None:
    texts = re.findall(rb"<si>(.*?)</si>", parts["xl/sharedStrings.xml"], re.DOTALL)
    for name in parts:
        if name.startswith("xl/worksheets/"):
            parts[name] = re.sub(
                rb't="s"><v>(\d+)</v>', lambda at: b't="inlineStr"><is>' + texts[int(at[1])] + b"</is>", parts[name]
            )


def _far_reference(luck: random.Random, parts: dict[str, bytes]) -> None:
    name = luck.choice([part for part in parts if part.startswith("xl/worksheets/")])
    far = luck.choice((b"XFD1048576", b"ZZZZ9", b"A99999999999", b"ZZ1048576"))
    parts[name] = re.sub(rb'<c r="[A-Z]+\d+"', b'<c r="' + far + b'"', parts[name], count=1)


def _claims(_luck: random.Random, parts: dict[str, bytes]) -> None:
    name = "xl/sharedStrings.xml"
    parts[name] = re.sub(rb'ount="\d+"', b'ount="99999999999"', parts[name])


def _entities(luck: random.Random, parts: dict[str, bytes]) -> None:
    name = luck.choice(
        (
            "xl/workbook.xml",
            "xl/sharedStrings.xml",
            "xl/worksheets/sheet1.xml",
            "xl/_rels/workbook.xml.rels",
            "xl/styles.xml",
        )
    )
    declared = "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefghi", "bcdefghij", strict=True))
    outside = '<!ENTITY j SYSTEM "file:///etc/hostname">'
    doctype = f'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">{luck.choice((declared, outside))}]>'.encode()
    root = re.search(rb"<(?!\?)", parts[name])
    assert root is not None
    at = root.start()
    spoilt = parts[name][:at] + doctype + parts[name][at:]
    parts[name] = re.sub(rb"<(t|v)>[^<]*<", rb"<\1>&j;<", spoilt, count=1)


def _deep(luck: random.Random, parts: dict[str, bytes]) -> None:
    name = luck.choice(("xl/workbook.xml", "xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"))
    parts[name] = b"<?xml version='1.0'?>" + b"<a>" * luck.choice((100_000, 3_000_000))


def _bomb(luck: random.Random, parts: dict[str, bytes]) -> None:
    name = luck.choice(("xl/sharedStrings.xml", "xl/worksheets/sheet1.xml", "xl/media/image1.png"))
    parts[name] = parts.get(name, b"")[:200] + luck.choice((b" ", b"A", b"<c><v>1</v></c>")) * 40_000_000


def _sheet_change(change: Callable[[random.Random, Any, Any], object]) -> Corruption:
    """Return a corruption that changes one written sheet; what it hides or decorates must be read all the same."""

    def corrupt(luck: random.Random, programme: Programme, folder: Path) -> Damage:
        table = luck.choice([name for name in programme.tables if name != "programme"])
        path = write_workbook(programme, folder / "p.xlsx", lambda book, sheets: change(luck, book, sheets[table]))
        return Damage(path, table)

    return corrupt


def _merged(luck: random.Random, programme: Programme, folder: Path) -> Damage | None:
    tables = [name for name, rows in programme.tables.items() if len(rows) > 3 and len(rows[0]) > 1]
    table = luck.choice(tables)
    path = write_workbook(programme, folder / "p.xlsx")
    book = openpyxl.load_workbook(path)
    row, column = (
        luck.randint(2, len(programme.tables[table]) - 1),
        luck.randint(1, len(programme.tables[table][0]) - 1),
    )
    down, right = luck.choice(((1, 0), (0, 1), (1, 1)))
    book[table].merge_cells(start_row=row, start_column=column, end_row=row + down, end_column=column + right)
    book.save(path)
    return Damage(path, table, row)


def _uncalculated(luck: random.Random, programme: Programme, folder: Path) -> Damage | None:
    path = write_workbook(programme, folder / "p.xlsx")
    for table, row, position, column in cells(luck, programme, lambda one: one.kind in ("number", "date", "reference")):
        book = openpyxl.load_workbook(path)
        book[table].cell(row + 1, position + 1).value = luck.choice(("=1+1", "=A1", "=SUM(B2:B3)"))
        book.save(path)
        return Damage(path, table, row + 1, column.name)
    return None


def _formula(cached: Callable[[Any], Any]) -> Corruption:
    def corrupt(luck: random.Random, programme: Programme, folder: Path) -> Damage | None:
        for table, row, position, column in cells(luck, programme, lambda one: one.kind == "number"):
            value = cached(programme.tables[table][row][position])

            def change(
                _book: Any,
                sheets: dict[str, Any],
                at: tuple[str, int, int] = (table, row, position),
                value: Any = value,
            ) -> None:
                sheets[at[0]].write_formula(at[1], at[2], "='[other.xlsx]Sheet1'!A1", None, value)

            return Damage(write_workbook(programme, folder / "p.xlsx", change), table, row + 1, column.name)
        return None

    return corrupt


def _dates_of_1904(_luck: random.Random, programme: Programme, folder: Path) -> Damage:
    return Damage(write_workbook(programme, folder / "p.xlsx", date_1904=True))


def _text_as_workbook(luck: random.Random, programme: Programme, folder: Path) -> Damage:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"p{luck.choice(('.xlsx', '.xlsm', '.ods', '.xls', '.xlsb'))}"
    path.write_bytes(csv_bytes(programme.tables["demands"]))
    return Damage(path)


WORKBOOKS: dict[str, Corruption] = {
    "workbook: cut off": _bytes(_cut),
    "workbook: flipped bit": _bytes(_flipped),
    "workbook: encrypted": _bytes(lambda luck, content: OLE + luck.randbytes(504) + content),
    "workbook: another zip": _bytes(_other_zip),
    "workbook: a text file": _text_as_workbook,
    "workbook: damaged part": _parts(_damaged_xml),
    "workbook: missing part": _parts(_missing_part),
    "workbook: damaged shared texts": _parts(_shared_strings),
    "workbook: sheet name doubled": _parts(_doubled_sheet_name),
    "workbook: inline texts": _parts(_inline),
    "workbook: cell far away": _parts(_far_reference),
    "workbook: merged cells": _merged,
    "workbook: formula without result": _uncalculated,
    "workbook: formula into another file": _formula(float),
    "workbook: error value": _formula(lambda _cell: "#REF!"),
    "workbook: hidden sheet": _sheet_change(lambda _luck, _book, sheet: sheet.hide()),
    "workbook: hidden rows": _sheet_change(lambda _luck, _book, sheet: sheet.set_row(1, None, None, {"hidden": True})),
    "workbook: hidden column": _sheet_change(
        lambda _luck, _book, sheet: sheet.set_column(0, 1, 8, None, {"hidden": True})
    ),
    "workbook: stray formats": _sheet_change(
        lambda _luck, book, sheet: sheet.write_blank(1_048_575, 16_383, None, book.add_format({"bold": True}))
    ),
    "workbook: dates since 1904": _dates_of_1904,
}

HEAVY: dict[str, Corruption] = {
    "hostile: false claims of size": _parts(_claims),
    "hostile: entities": _parts(_entities),
    "hostile: deep nesting": _parts(_deep),
    "hostile: zip bomb": _parts(_bomb),
}
