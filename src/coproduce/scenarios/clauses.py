"""Splits texts such as `border = PL-UA; kind in train|road` into clauses, without knowing any table."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..read.names import canonical

EMPTY = "(empty)"
"""Stands for an empty cell, in conditions and in values."""

_CLAUSE = re.compile(r"^(?P<column>[^=<>!\"]+?)\s*(?P<sign>!=|<>|<=|>=|=|<|>|\s[iI][nN]\s)\s*(?P<rest>.*)$", re.DOTALL)
_OPEN_QUOTE = re.compile(r'^(?:[^"]*"[^"]*")*[^"]*"[^"]*$', re.DOTALL)
_PARTS = {mark: re.compile(rf'(?:[^"{mark}]|"[^"]*")+') for mark in (";", "|")}


class ClauseError(ValueError):
    """A text that has not the form of clauses; the message says which part."""


@dataclass(frozen=True, slots=True)
class Word:
    """A value of a clause; what stands in quotation marks is taken letter by letter."""

    text: str
    quoted: bool = False

    @property
    def empty(self) -> bool:
        """Whether it stands for an empty cell."""
        return not self.quoted and self.text.lower() == EMPTY


@dataclass(frozen=True, slots=True)
class Clause:
    """One condition or assignment: column, sign (`in` included) and values, of which only `in` has several."""

    column: str
    sign: str
    words: tuple[Word, ...]


def clauses(text: str) -> tuple[Clause, ...]:
    """Split a text at semicolons into clauses.

    Raises
    ------
    ClauseError
        if a part is not of the form column, sign, value, or a quotation mark is left open.
    """
    if _OPEN_QUOTE.match(text):
        raise ClauseError("a quotation mark is not closed")
    return tuple(_clause(part.strip()) for part in _PARTS[";"].findall(text) if part.strip())


def _clause(part: str) -> Clause:
    found = _CLAUSE.match(part)
    if found is None:
        raise ClauseError(f'"{part}" is not of the form column = value')
    sign = found["sign"].strip().lower().replace("<>", "!=")
    values = _PARTS["|"].findall(found["rest"]) if sign == "in" else [found["rest"]]
    words = tuple(_word(value.strip()) for value in values)
    if not words or not all(word.text for word in words):
        raise ClauseError(f'"{part}" has no value; write {EMPTY} for an empty cell')
    if sign == "=" and "|" in found["rest"] and not words[0].quoted:
        raise ClauseError(f'"{part}" lists several values; write "in" for "="')
    return Clause(canonical(found["column"]), sign, words)


def _word(text: str) -> Word:
    quoted = len(text) > 1 and text.startswith('"') and text.endswith('"')
    return Word(text[1:-1], quoted=True) if quoted else Word(text)
