"""What a sheet of the workbook holds, before it is drawn: columns with kinds, notes and values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["text", "words", "number", "plain", "whole", "money", "share", "date", "flag"]
Rule = Literal["", "status", "utilisation", "days"]

# Rows beyond this stand in parquet and CSV only.
LARGEST = 100_000


@dataclass(frozen=True)
class Column:
    """One column of a sheet.

    Attributes
    ----------
    title : header, with the unit in brackets where all its numbers have the same
    kind : how its values are written; `words` are sentences, `plain` are numbers of many sizes
    note : what the column means, shown at its header
    total : its sum is shown above the header
    mixed : a sum would mix units, and the sheet says so in its place
    rule : what colours its cells
    """

    title: str
    kind: Kind
    values: Sequence[Any]
    note: str = ""
    total: bool = False
    mixed: bool = False
    rule: Rule = ""


@dataclass(frozen=True)
class Grid:
    """One table on a sheet of its own.

    Attributes
    ----------
    name : name of the sheet
    title : what it shows, in a few words
    about : what to know about its rows, in a sentence
    frozen : columns that stay in view
    source : result table that holds the same rows, for what is too large for a sheet
    """

    name: str
    title: str
    about: str
    columns: tuple[Column, ...]
    frozen: int = 1
    source: str = ""

    @property
    def height(self) -> int:
        """Number of rows."""
        return len(self.columns[0].values)

    @property
    def too_large(self) -> bool:
        """Whether the rows stand in parquet and CSV only."""
        return self.height > LARGEST


@dataclass(frozen=True)
class Line:
    """One line of a block over the buckets.

    Attributes
    ----------
    values : one number per bucket; None for none
    total : the value over all buckets; None where there is none
    first, formula : formula of the first and of every other bucket; empty: the values are written as numbers
    total_formula : formula of the total

    Notes
    -----
    In formulas `{c}` is the column at hand, `{p}` the one before it, `{f}` and `{l}` the first and the last bucket,
    `{o}` the column of the start and `{r[0]}`, `{r[1]}` ... the rows of the lines of the same block.
    """

    measure: str
    values: Sequence[float | None]
    kind: Literal["number", "share"] = "number"
    total: float | None = None
    first: str = ""
    formula: str = ""
    total_formula: str = ""
    start: float | None = None


@dataclass(frozen=True)
class Block:
    """Lines that belong together, such as those of one item."""

    heads: tuple[str, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Matrix:
    """Blocks of lines with one column per bucket.

    Attributes
    ----------
    heads : titles of the columns that name a block
    start : title of a column before the total for what is there at the start; empty for none
    left_out : how many blocks after those shown were left out for their number
    """

    name: str
    title: str
    about: str
    heads: tuple[str, ...]
    blocks: tuple[Block, ...]
    start: str = ""
    left_out: int = 0
