"""One wrong cell: type, sign, size, name, form."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks.corrupt.programme import FORMS, Corruption, Damage, Programme, cells, write
from coproduce.tables import Column

Spoil = Callable[[random.Random, str, Column], Any]
HOMOGLYPHS = str.maketrans({"a": "а", "e": "е", "o": "о", "p": "р", "c": "с", "x": "х", "A": "А", "B": "В", "i": "і"})
NUMBERS, DATES, IDS = ("number", "integer"), ("date",), ("key", "reference")


def misspelt(luck: random.Random, word: str) -> str:
    """Return a word with one letter lost, doubled or two exchanged."""
    at = luck.randrange(max(len(word) - 1, 1))
    return luck.choice(
        (word[:at] + word[at + 1 :], word[: at + 1] + word[at:], word[:at] + word[at : at + 2][::-1] + word[at + 2 :])
    )


def _scaled(factor: float) -> Spoil:
    return lambda _luck, cell, _column: f"{float(cell) * factor:.15g}"


def _one_of(*values: Any) -> Spoil:
    return lambda luck, _cell, _column: luck.choice(values)


def _around(*pads: str) -> Spoil:
    def spoil(luck: random.Random, cell: str, _column: Column) -> str:
        pad = luck.choice(pads)
        return luck.choice((pad + cell, cell + pad, pad + cell + pad))

    return spoil


def _inside(pad: str) -> Spoil:
    def spoil(luck: random.Random, cell: str, _column: Column) -> str:
        at = luck.randint(1, max(len(cell) - 1, 1))
        return cell[:at] + pad + cell[at:]

    return spoil


SPOILS: dict[str, tuple[tuple[str, ...], Spoil]] = {
    "text in a number": (NUMBERS, _one_of("many", "n/a", "tbd", "-", "?", "see note", "ca. 5")),
    "date in a number": (NUMBERS, _one_of(datetime(2027, 3, 1), datetime(2026, 12, 31))),
    "number in a date": (DATES, _one_of(46082.0, 46447.5, 20270301.0, 2027.0, 3.0)),
    "truth value in a number or date": ((*NUMBERS, *DATES), _one_of(True, False)),
    "number attached to a unit": (
        NUMBERS,
        lambda luck, cell, _: luck.choice(("{} kg", "€{}", "{}/month", "{} €", "{}%")).format(cell),
    ),
    "decimal comma or grouping": (
        NUMBERS,
        lambda luck, cell, _: luck.choice((f"{cell},5", "1 200", "1'200", "1.234,5", "1,234,567")),
    ),
    "not finite": (NUMBERS, _one_of("inf", "nan", "-inf", "NaN", "1e400")),
    "beyond all measure": (NUMBERS, _one_of("1e308", "-1e308", "1e13", "9" * 30)),
    "sign": (("number",), _scaled(-1)),
    "unit slip (x 1000)": (("number",), _scaled(1000)),
    "unit slip (/ 1000)": (("number",), _scaled(0.001)),
    "fraction of a whole number": (("integer",), lambda _luck, cell, _: f"{cell}.5"),
    "impossible date": (DATES, _one_of("2027-02-30", "2027-13-01", "2027-00-10", "0027-01-01", "2027-01-01 25:00")),
    "date in another form": (DATES, _one_of("31/12/2026", "12/31/26", "1.3.2027", "March 2027", "Q1 2027", "20270301")),
    "date with a zone": (DATES, _one_of("2027-03-01T06:00:00Z", "2027-03-01T06:00:00+01:00")),
    "year slip in a date": (
        DATES,
        lambda luck, cell, _: f"{int(cell[:4]) + luck.choice((-10, -100, 10, 100)):04d}{cell[4:]}",
    ),
    "misspelt reference": (("reference",), lambda luck, cell, _: misspelt(luck, cell)),
    "misspelt key": (("key",), lambda luck, cell, _: misspelt(luck, cell)),
    "misspelt choice": (("choice",), lambda luck, cell, _: misspelt(luck, cell)),
    "case of an id": (IDS, lambda luck, cell, _: luck.choice((cell.upper(), cell.title(), cell.swapcase()))),
    "case of a choice": (("choice",), lambda _luck, cell, _: cell.upper()),
    "blanks around": ((*IDS, *NUMBERS, *DATES, "choice"), _around(" ", "  ", "\t")),
    "no-break space around": ((*IDS, *NUMBERS, *DATES, "choice"), _around("\u00a0", "\u2007", "\u202f", "\u3000")),
    "blank inside an id": (IDS, _inside(" ")),
    "invisible character": ((*IDS, *NUMBERS, "choice"), _inside("\u200b")),
    "byte order mark in a cell": ((*IDS, *NUMBERS), _around("\ufeff")),
    "letter of another alphabet": (IDS, lambda _luck, cell, _: cell.translate(HOMOGLYPHS)),
    "line break in an id": (IDS, _inside("\n")),
    "huge text": (
        (*IDS, *NUMBERS, "text"),
        lambda luck, cell, _: (cell or "x") * (luck.choice((40_000, 1_000_000)) // max(len(cell), 1)),
    ),
    "formula as text": ((*IDS, *NUMBERS, "text"), _one_of("=1+1", "=cmd|'/c calc'!A0", "+A1", "@SUM(A1)")),
    "error of the spreadsheet": ((*IDS, *NUMBERS, *DATES, "text"), _one_of("#REF!", "#N/A", "#VALUE!", "#DIV/0!")),
    "emptied cell": (("number", "integer", "date", "key", "reference", "choice"), _one_of("")),
    "name in place of an id": (("reference",), _one_of("Pump A", "Plant 1 (north)", "Société Générale")),
    "country by name or unknown": (("country",), _one_of("Poland", "POL", "pl", "ZZ", "UK", "Francce")),
    "currency by sign or name": (("currency",), _one_of("€", "euro", "$", "eur", "EURO")),
}


def _corruption(kinds: tuple[str, ...], spoil: Spoil) -> Corruption:
    def corrupt(luck: random.Random, programme: Programme, folder: Path) -> Damage | None:
        for table, row, position, column in cells(luck, programme, lambda column: column.kind in kinds):
            rows = programme.copy_of(table)
            before = rows[row][position]
            rows[row][position] = spoil(luck, before, column)
            if rows[row][position] == before:
                continue
            form = luck.choices(FORMS, (5, 3, 2))[0]
            path = write(programme.changed(table, rows), folder, form)
            return Damage(path, table, row + 1, column.name)
        return None

    return corrupt


CELLS: dict[str, Corruption] = {f"cell: {kind}": _corruption(*spoil) for kind, spoil in SPOILS.items()}
