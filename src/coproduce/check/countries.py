"""Which country a cell may mean that holds a name, or another code, in place of the code of ISO 3166."""

from __future__ import annotations

from iso3166 import countries
from rapidfuzz import fuzz, process

_SIMILAR = 88.0
_HABITS = {"uk": "GB", "england": "GB", "usa": "US", "u.s.": "US", "el": "GR"}
"""Short forms that people write and that the standard does not have."""


def exists(code: str) -> bool:
    """Whether two letters are the code of a country."""
    return code in {country.alpha2 for country in countries}


def country_code(text: str) -> str:
    """Return the two letters of the country that a text names; empty if none is close."""
    word = text.strip().casefold()
    if word in _HABITS:
        return _HABITS[word]
    exact = {c.alpha3.casefold(): c.alpha2 for c in countries} | {c.alpha2.casefold(): c.alpha2 for c in countries}
    if word in exact:
        return exact[word]
    names = {c.alpha2: c.apolitical_name.casefold() for c in countries}
    best = process.extractOne(word, names, scorer=fuzz.WRatio, score_cutoff=_SIMILAR) if len(word) > 3 else None
    return str(best[2]) if best else ""
