"""Hints at what was meant: a column under another name, a row by its name in place of its id; never guesses."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

from ..read import Raw
from ..read.names import canonical, nearest
from ..tables import INPUT_TABLES, Column
from ..tables.columns import ID_PATTERN
from .cells import as_text

_MEANING = 90.0


def column_meant(name: str, candidates: Iterable[Column]) -> str:
    """Return the declared column that a header may mean, by its name or meaning; empty if none is close."""
    columns = {column.name: column for column in candidates}
    near = nearest(canonical(name), list(columns))
    if near:
        return near
    if canonical(name) in ("id", "key", "code"):
        return next((column.name for column in columns.values() if column.kind == "key"), "")
    words = set(canonical(name).split("_"))
    inside = [known for known in columns if set(known.split("_")) <= words]
    if inside:
        return max(inside, key=len)
    short = [known for known in columns if _abbreviates(canonical(name), known)]
    if short:
        return min(short, key=len)
    meanings = {known: column.meaning.casefold() for known, column in columns.items()}
    text = name.casefold().replace("_", " ").strip()
    best = (
        process.extractOne(text, meanings, scorer=fuzz.partial_ratio, score_cutoff=_MEANING) if len(text) > 4 else None
    )
    return str(best[2]) if best else ""


def _abbreviates(word: str, known: str) -> bool:
    """Whether the letters of a short word stand in a name in this order, beginning with the same one."""
    letters = iter(known)
    return 2 < len(word) < len(known) and word[0] == known[0] and all(letter in letters for letter in word)


@dataclass(frozen=True)
class Names:
    """Looks up the id of a row by the name that its table gives it."""

    raw: Raw
    _ids: dict[str, dict[str, str]] = field(default_factory=dict)

    def id_of(self, table: str, name: str) -> str:
        """Return the id of the row with this name, whatever the case; empty if there is none or more than one."""
        if table not in self._ids:
            self._ids[table] = self._by_name(table)
        return self._ids[table].get(name.casefold(), "")

    def hint(self, table: str, name: str) -> str:
        """Return the hint that names the id, or nothing."""
        found = self.id_of(table, name)
        return f'write "{found}", the id of "{name}"' if found else ""

    def _by_name(self, table: str) -> dict[str, str]:
        sheet, key = self.raw.sheets.get(table), next(iter(INPUT_TABLES[table].columns))
        if sheet is None or not {key, "name"} <= set(sheet.frame.columns):
            return {}
        ids, names = as_text(sheet.frame[key]), as_text(sheet.frame["name"])
        if ids is None or names is None:
            return {}
        found: dict[str, str] = {}
        for one, name in zip(ids, names, strict=True):
            if one is not None and name is not None and re.search(ID_PATTERN, one):
                found[name.casefold()] = "" if name.casefold() in found else one
        return found
