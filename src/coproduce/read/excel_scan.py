"""What the Excel reader does not tell: error cells, uncalculated formulas, and files that would exhaust the memory."""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO

from .ods_scan import scan_ods
from .raw import UNCALCULATED
from .xml import parse_xml

LARGEST_UNPACKED = 512 << 20
"""Bytes that a workbook may have in all after unpacking."""

DENSEST, SUSPECT = 200, 32 << 20
"""A workbook larger than `SUSPECT` that packs better than this many to one is a trap; real ones stay below 100."""

MOST_PARTS = 10_000

LARGEST_GRID = 20_000_000
"""Cells that the rectangle around a sheet's content may have."""

LARGEST_ROW, LARGEST_COLUMN = 1_048_576, 16_384
"""Rows and columns that a sheet of Excel can have."""

_ODS_PART = "content.xml"

_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*)>(.*?)</(?:\w+:)?c>", re.DOTALL)
_REFERENCE = re.compile(rb"\br=[\"']([A-Z]{1,3})(\d{1,7})[\"']")
_ERROR_TYPE = re.compile(rb"\bt=[\"']e[\"']")
_TEXT_TYPE = re.compile(rb"\bt=[\"'](?:str|s|inlineStr)[\"']")
_VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>([^<]+)</")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_TALL = re.compile(rb"r\s*=\s*[\"'][A-Z]*(\d{6,})[\"']")
_WIDE = re.compile(rb"r\s*=\s*[\"']([A-Z]{2,})\d")
# Formatted cells without a value end with a slash; the reader leaves them out.
_FILLED = re.compile(rb"<(?:\w+:)?c\b[^>]*?\br\s*=\s*[\"']([A-Z]+)(\d+)[\"'][^>]*(?<!/)>")
_UNPLACED = re.compile(rb"<(?:\w+:)?c(?:\s(?![^>]*\br\s*=)[^>]*)?(?<!/)>")
_STRINGS = re.compile(rb"<(?:\w+:)?sst\b[^>]*>")
_COUNT = re.compile(rb"\b(?:uniqueC|c)ount=[\"']\s*\+?0*(\d*)")
_CANDIDATE = re.compile(rb"<(?:\w+:)?c\b[^>]*\bt=[\"']e[\"']|</(?:\w+:)?f>\s*(?:</|<(?:\w+:)?v\s*/|<(?:\w+:)?v></)"
                        rb"|<(?:\w+:)?f\b[^>]*/>\s*(?:</|<(?:\w+:)?v\s*/|<(?:\w+:)?v></)")  # fmt: skip

# Every candidate holds one of these, and to look for them all takes half the time.
_SIGNS = (b'"e"', b"'e'", b"f>", b"<f ", b"<f/", b"<f\t", b"<f\r", b"<f\n", b":f")

Cell = tuple[int, int]
"""Row and column of a cell, both counted from 0."""


class TooLargeError(Exception):
    """The workbook or one of its sheets would not fit; the text says why."""


class DamagedError(Exception):
    """The file is no sound workbook."""


@dataclass(frozen=True, slots=True)
class WorkbookScan:
    """What was found in each sheet.

    Attributes
    ----------
    marks : text for cells that the reader shows as empty: `#N/A` and its kind, or the mark of an uncalculated formula;
        one entry for each sheet that was looked at
    too_wide : why a sheet cannot be read
    """

    marks: Mapping[str, Mapping[Cell, str]] = field(default_factory=dict)
    too_wide: Mapping[str, str] = field(default_factory=dict)


def scan_workbook(content: bytes, limit: int = LARGEST_UNPACKED) -> WorkbookScan:
    """Look through the parts of a workbook (.xlsx, .xlsm, .ods).

    Raises
    ------
    TooLargeError
        if the parts are larger than the limit when unpacked.
    DamagedError
        if the file is no zip archive or a part of it is damaged.
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            _check_sizes(archive, limit)
            return _scan(archive)
    except (zipfile.BadZipFile, EOFError, ValueError, NotImplementedError, zlib.error) as failure:
        raise DamagedError(str(failure)) from None


def _check_sizes(archive: zipfile.ZipFile, limit: int) -> None:
    parts = archive.infolist()
    total, packed = sum(part.file_size for part in parts), sum(part.compress_size for part in parts)
    if total > limit:
        raise TooLargeError(f"it unpacks to {total / 2**20:,.0f} MiB; the limit is {limit / 2**20:,.0f} MiB")
    if total > SUSPECT and total > DENSEST * packed:
        raise TooLargeError(f"it unpacks to {total / 2**20:,.0f} MiB, {total / max(packed, 1):,.0f} times its own size")
    if len(parts) > MOST_PARTS:
        raise TooLargeError(f"it has {len(parts):,} parts")
    # Reading a part verifies its declared size and its checksum, so a part that lies about its size is caught here.
    if (broken := archive.testzip()) is not None:
        raise DamagedError(f"its part {broken} is damaged")


def _scan(archive: zipfile.ZipFile) -> WorkbookScan:
    return _scan_ods(archive) if _ODS_PART in archive.namelist() else _scan_xlsx(archive)


def _scan_ods(archive: zipfile.ZipFile) -> WorkbookScan:
    found = scan_ods(archive.read(_ODS_PART))
    sizes = {name: _size(height, width) for name, (height, width) in found.extents.items()}
    return WorkbookScan(found.marks, {name: size for name, size in sizes.items() if size})


def _scan_xlsx(archive: zipfile.ZipFile) -> WorkbookScan:
    marks: dict[str, dict[Cell, str]] = {}
    too_wide: dict[str, str] = {}
    _check_strings(archive)
    for name, part in _sheet_parts(archive).items():
        text = archive.read(part)
        _check_plain(text, part)
        extent = _extent(text)
        if extent:
            too_wide[name] = extent
        else:
            marks[name] = _marks(text)
    return WorkbookScan(marks, too_wide)


def _check_strings(archive: zipfile.ZipFile) -> None:
    """Refuse a list of texts that claims to be longer than it can be: the reader reserves memory for the claim."""
    for part in archive.namelist():
        if not part.lower().endswith("sharedstrings.xml"):
            continue
        text = archive.read(part)
        _check_plain(text, part)
        head = _STRINGS.search(text)
        if head and any(len(n) > 12 or int(n or 0) > len(text) for n in _COUNT.findall(head[0])):
            raise DamagedError(f"its part {part} claims more texts than it holds")


def _check_plain(text: bytes, part: str) -> None:
    """Refuse what could hide cells from the search: declared entities, and text of two bytes a character."""
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise DamagedError(f"its part {part} declares XML entities")
    if b"\0" in text[:100]:
        raise DamagedError(f"its part {part} is not in UTF-8")


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the part of the archive that holds each sheet."""
    present = {name.lower(): name for name in archive.namelist()}
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= set(present.values()):
        return {}
    targets = {
        facts.get("Id", ""): posixpath.normpath(posixpath.join("xl", facts.get("Target", "")))
        for facts in _elements(archive.read("xl/_rels/workbook.xml.rels"), "Relationship")
    }
    # An absolute target begins at the root of the archive.
    parts = {
        sheet.get("name", ""): targets.get(next((v for k, v in sheet.items() if k.endswith(":id")), ""), "").lstrip("/")
        for sheet in _elements(archive.read("xl/workbook.xml"), "sheet")
    }
    return {name: present[part.lower()] for name, part in parts.items() if part.lower() in present}


def _elements(text: bytes, tag: str) -> list[dict[str, str]]:
    """Return the attributes of all elements of one kind; a document that declares entities is refused."""
    found: list[dict[str, str]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == tag:
            found.append(attributes)

    parse_xml(text, start)
    return found


def column_index(letters: str) -> int:
    """Return the column of spreadsheet letters, counted from 0 (A -> 0, AA -> 26)."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - ord("A") + 1
    return index - 1


def _extent(text: bytes) -> str:
    """Return why a sheet is too wide or too long; empty if it is not."""
    height = max((_row(digits) for digits in _TALL.findall(text)), default=99_999)
    width = max((_column(letters) + 1 for letters in set(_WIDE.findall(text))), default=26)
    if not _size(height, width):
        return ""
    # Only formatting may reach so far: what counts are filled cells.
    filled = _FILLED.findall(text)
    rows = [_row(digits) for _, digits in filled]
    height = height if _UNPLACED.search(text) else max(rows, default=0)
    return _size(height, max((_column(letters) + 1 for letters in {letters for letters, _ in filled}), default=0))


def _row(digits: bytes) -> int:
    return int(digits[:12])


def _column(letters: bytes) -> int:
    return column_index(letters[:6].decode())


def _size(height: int, width: int) -> str:
    """Return the size of a sheet in words if it is too large."""
    too_large = height * width > LARGEST_GRID or height > LARGEST_ROW or width > LARGEST_COLUMN
    return f"its cells reach over {height:,} rows and {width:,} columns" if too_large else ""


def _marks(text: bytes) -> dict[Cell, str]:
    if not any(sign in text for sign in _SIGNS) or not _CANDIDATE.search(text):
        return {}
    found: dict[Cell, str] = {}
    for match in _CELL.finditer(text):
        attributes, inner = match.groups()
        place = _REFERENCE.search(attributes)
        mark = _mark(attributes, inner)
        if place and mark:
            found[int(place[2]) - 1, column_index(place[1].decode())] = mark
    return found


def _mark(attributes: bytes, inner: bytes) -> str:
    value = _VALUE.search(inner)
    if _ERROR_TYPE.search(attributes):
        return value[1].decode(errors="replace") if value else "#ERROR!"
    if value is None and _FORMULA.search(inner) and not _TEXT_TYPE.search(attributes):
        return UNCALCULATED
    return ""
