"""Damaged files of every kind end in a problem, never in a traceback."""

from __future__ import annotations

import random
import zipfile
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from coproduce.check import check
from coproduce.errors import InputError
from coproduce.read import read
from coproduce.read.crash import ReaderCrashError, contained

YAML = b"name: Demo\nstart: 2026-01-01\nbuckets: '3 months'\ndescription: >\n  a b\n  c\n"
CSV = b'demand,item,site,quantity,due\nd1,pump,"B",1,2026-01-01\nd2,"pu""mp",B,2,2026-01-02\n'


def spoil(content: bytes, luck: random.Random, letters: bytes) -> bytes:
    """Replace, insert or cut a few bytes."""
    damaged = bytearray(content)
    for _ in range(luck.randint(1, 5)):
        place = luck.randrange(len(damaged))
        damaged[place : place + luck.randint(0, 3)] = bytes([luck.choice(letters)])
    return bytes(damaged)


def survives(path: Path) -> bool:
    """Read and check a path; refusing it with problems is well done too."""
    try:
        check(read(path))
    except InputError as refusal:
        return bool(refusal.problems)
    return True


@pytest.mark.parametrize(
    ("name", "content", "letters"),
    [
        ("demands.csv", CSV, b'",;\n\r\t |\x00\xff\x81a1='),
        ("programme.yaml", YAML, b"{}[]:,&*!|>%@`\"'\\#-? \n\t\x00\xff~ab1="),
    ],
)
def test_damaged_text_ends_in_problems(tmp_path: Path, name: str, content: bytes, letters: bytes) -> None:
    luck = random.Random(1)
    for _ in range(100):
        (tmp_path / name).write_bytes(spoil(content, luck, letters))
        assert survives(tmp_path)


def test_a_damaged_part_of_a_workbook_ends_in_problems(tmp_path: Path) -> None:
    path = tmp_path / "p.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("items")
        sheet.write_row(0, 0, ["item", "unit", "unit_value"])
        sheet.write_row(1, 0, ["pump", "piece", 1.5])
        sheet.write_formula(2, 2, "=NA()", None, "#N/A")
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    luck = random.Random(2)
    for _ in range(150):
        spoilt = luck.choice(list(parts))
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in parts.items():
                archive.writestr(name, spoil(content, luck, b'<>/"0129ABe &;=') if name == spoilt else content)
        assert survives(path)


def test_a_truncated_parquet_file_ends_in_problems(tmp_path: Path) -> None:
    path = tmp_path / "sites.parquet"
    pl.DataFrame({"site": ["A", "B"], "latitude": [1.0, 2.0]}).write_parquet(path)
    content = path.read_bytes()
    for length in range(0, len(content), 40):
        path.write_bytes(content[:length])
        assert survives(tmp_path)


def test_a_crash_of_a_compiled_reader_is_contained_and_other_exceptions_pass() -> None:
    crash = type("PanicException", (BaseException,), {})
    with pytest.raises(ReaderCrashError), contained():
        raise crash("called unwrap() on nothing")
    with pytest.raises(KeyboardInterrupt), contained():
        raise KeyboardInterrupt
