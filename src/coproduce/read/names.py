"""Which table a sheet or file name means, and what a mistyped name may have meant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Literal

from rapidfuzz import fuzz, process

from ..tables import INPUT_TABLES, RESULT_TABLES

Role = Literal["input", "result", "remark", "resembles", "unknown"]

_REMARKS = {"readme", "notes", "note", "remarks", "about", "legend", "changelog", "problems"}
_SIMILAR = 75.0


def canonical(name: str) -> str:
    """Return a name in the form in which names are compared: lower case, words joined by underscores."""
    return re.sub(r"[\s\-_]+", "_", name.strip().lower())


def is_remark(name: str) -> bool:
    """Whether a sheet or column is the user's own remark."""
    return name.lstrip().startswith(("#", "_"))


def nearest(word: str, known: Sequence[str]) -> str:
    """Return the known name that a word most resembles, ignoring case; empty if none is close."""
    best = process.extractOne(word, known, scorer=fuzz.ratio, processor=str.lower, score_cutoff=_SIMILAR)
    return known[best[2]] if best else ""


def did_you_mean(word: str, known: Sequence[str]) -> str:
    """Return the hint `did you mean "..."?`, or nothing if no known name is close."""
    near = nearest(word, known)
    return f'did you mean "{near}"?' if near else ""


def choice_meant(text: str, choices: Sequence[str]) -> str:
    """Return the hint for a word that is none of the choices: one that resembles it, or the only one that it holds."""
    inside = [choice for choice in choices if choice in canonical(text).split("_")]
    return did_you_mean(text, choices) or (f'did you mean "{inside[0]}"?' if len(inside) == 1 else "")


def is_result(name: str, columns: Iterable[str]) -> bool:
    """Whether a sheet holds a table of results, by its name and all of its columns."""
    declared = RESULT_TABLES.get(canonical(name))
    return declared is not None and {canonical(column) for column in columns} <= set(declared.columns)


def role_of(name: str) -> Role:
    """Return what a sheet or file name stands for, results apart (their columns decide)."""
    word = canonical(name)
    if is_remark(name) or word in _REMARKS:
        return "remark"
    if word in INPUT_TABLES:
        return "input"
    return "resembles" if nearest(word, tuple(INPUT_TABLES)) else "unknown"
