"""Two hundred seeded corruptions of the examples, two of each kind: each is located or read as it was meant."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks.corrupt.programme import Programme
from benchmarks.corruption import LIGHT, NAMES, Case, load, make, run_case

SEED, EACH = 2026, 2

# Not even a reader who knows the trade can see these in one cell or row: the value is as good as the right one.
INVISIBLE = {
    "cell: unit slip (x 1000)",
    "cell: unit slip (/ 1000)",
    "cell: year slip in a date",
    "cell: misspelt key",
    "cell: case of an id",
    "cell: emptied cell",
    "cell: sign",
    "cell: number attached to a unit",
    "table: swapped column names",
    "table: missing column",
    "table: missing row",
    "table: doubled row",
    "table: only a header",
    "table: missing",
    "text file: mixed encodings",
    "text file: ragged row",
    "text file: cut off",
    "text file: flipped bit",
    "text file: inserted byte",
    "text file: unbalanced quotation mark",
    "settings: YAML",
    "parquet: odd type",
    "parquet: cut off or flipped",
    "workbook: damaged part",
}

# The reading of these is that of the sound programme, or what was meant; a word about it is allowed.
HARMLESS = {
    "cell: case of a choice",
    "cell: blanks around",
    "cell: no-break space around",
    "table: case and blanks of a column",
    "table: columns in another order",
    "table: blank rows",
    "text file: byte order mark",
    "text file: line ends of old Macintosh",
    "text file: mixed line ends",
    "file replaced by a link to the file",
    "workbook: inline texts",
    "workbook: formula into another file",
    "workbook: hidden sheet",
    "workbook: hidden rows",
    "workbook: hidden column",
    "workbook: stray formats",
    "workbook: dates since 1904",
}
FINE = {"cell or row", "sheet or file", "elsewhere", "same reading", "other text"}


@pytest.fixture(scope="module")
def programmes() -> dict[str, Programme]:
    # The small one is quick; what it has nothing of (a currency) is spoilt in another.
    small, large = load("small"), load("transformers")
    return {name: small if name == "small" else large for name in NAMES}


@pytest.mark.parametrize("kind", LIGHT)
def test_every_corruption_is_located_or_harmless(kind: str, programmes: dict[str, Programme], tmp_path: Path) -> None:
    for number in range(EACH):
        outcome = run_case(Case(kind, f"{SEED}/{kind}/{number}"), programmes, tmp_path / "case")
        allowed = FINE | ({"undetected"} if kind in INVISIBLE else set())
        assert outcome.verdict in allowed, outcome
        if kind in HARMLESS:
            assert outcome.verdict in {"same reading", "other text"}, outcome
        elif kind.startswith("cell") and kind not in INVISIBLE:
            assert outcome.verdict == "cell or row", outcome


def test_a_case_is_made_again_from_its_seed(programmes: dict[str, Programme], tmp_path: Path) -> None:
    case = Case("cell: misspelt reference", "7/again")
    contents = []
    for turn in ("one", "two"):
        damage, _ = make(case, programmes, tmp_path / turn)
        files = sorted(path for path in (tmp_path / turn).rglob("*.csv"))
        contents.append((damage.table, damage.row, damage.column, [path.read_bytes() for path in files]))
    assert contents[0] == contents[1]
