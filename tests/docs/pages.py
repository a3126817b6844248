"""Reads the pages as a reader would follow them: sheets to type, cells to change, commands to run."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
_STEP = re.compile(
    r"^Sheet \[`(?P<sheet>\w+)`\]|^(?P<table>(?:\|[^\n]*\n){3,})|^```(?P<language>\w*)\n(?P<code>.*?)^```",
    flags=re.DOTALL | re.MULTILINE,
)
CHANGES = ["sheet", "row", "column", "was", "type"]


@dataclass(frozen=True)
class Sheet:
    """A table to be typed into a sheet; the first row holds the names of the columns."""

    name: str
    rows: list[list[str]]


@dataclass(frozen=True)
class Change:
    """A cell to be changed; the row counts as in Excel."""

    sheet: str
    row: int
    column: str
    was: str
    new: str


@dataclass(frozen=True)
class Command:
    """A command line and the output that the page shows, line by line; `...` stands for anything."""

    line: str
    output: tuple[str, ...]


def blocks(page: Path, language: str) -> list[str]:
    """Return the code blocks of a page in one language."""
    return re.findall(rf"^```{language}\n(.*?)^```", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)


def commands(block: str) -> Iterator[Command]:
    """Return the commands of a console transcript with their output."""
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        line, *output = part.rstrip("\n").split("\n")
        yield Command(line, tuple(output))


def steps(page: Path) -> Iterator[Sheet | Change | Command]:
    """Return what the page asks the reader to do, in order."""
    sheet = ""
    for found in _STEP.finditer(page.read_text(encoding="utf-8")):
        if found["sheet"]:
            sheet = found["sheet"]
        elif found["table"]:
            header, *rows = _rows(found["table"])
            if header == CHANGES:
                yield from (Change(name, int(row), column, was, new) for name, row, column, was, new in rows)
            elif sheet:
                yield Sheet(sheet, [header, *rows])
            sheet = ""
        elif found["language"] == "console":
            yield from commands(found["code"])


def tables(page: Path) -> Iterator[list[list[str]]]:
    """Return the tables of a page, each with its header and its rows."""
    for found in _STEP.finditer(page.read_text(encoding="utf-8")):
        if found["table"]:
            yield _rows(found["table"])


def _rows(table: str) -> list[list[str]]:
    """Return the cells of a table, the header first."""
    header, _, *rows = [_cells(line) for line in table.splitlines()]
    return [header, *rows]


def _cells(line: str) -> list[str]:
    return [cell.strip().strip("`") for cell in line.strip().strip("|").split("|")]


def run(command: Command, folder: Path) -> str:
    """Run a `coproduce` command of a page in a folder; return what it prints."""
    name, *arguments = shlex.split(command.line)
    assert name == "coproduce", command.line
    done = subprocess.run(
        [sys.executable, "-m", "coproduce.present.cli", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr


def missing(command: Command, printed: str) -> list[str]:
    """Return the lines of a transcript that the command did not print; blanks count once, `...` stands for anything."""
    lines = [" ".join(line.split()) for line in printed.splitlines()]
    wanted = [" ".join(line.split()) for line in command.output if line.strip() not in ("", "...")]
    patterns = [re.escape(line).replace(r"\.\.\.", ".*") for line in wanted]
    return [
        line
        for line, pattern in zip(wanted, patterns, strict=True)
        if not any(re.fullmatch(pattern, shown) for shown in lines)
    ]
