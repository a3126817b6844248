"""Where the records of a CSV text begin and how many fields each has, found without parsing the fields."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]

_QUOTE, _NEWLINE, _RETURN = ord('"'), ord("\n"), ord("\r")


@dataclass(frozen=True, slots=True)
class Scan:
    """The structure of a CSV text.

    Attributes
    ----------
    fields : (record,) number of fields; 0 for a blank line
    sound : every quotation mark opens or closes a field, so that any parser sees the same fields
    """

    fields: Ints
    sound: bool


def scan(content: bytes, separator: str) -> Scan:
    """Count the fields of every record of a CSV text that ends its lines with a line feed."""
    text = np.frombuffer(content, dtype=np.uint8)
    breaks, separators = np.flatnonzero(text == _NEWLINE), np.flatnonzero(text == ord(separator))
    quotes = np.flatnonzero(text == _QUOTE) if b'"' in content else np.empty(0, dtype=np.int64)
    sound = _are_sound(text, quotes, separator)
    if quotes.size:
        breaks, separators = _outside(breaks, quotes), _outside(separators, quotes)
    ends = breaks if content.endswith(b"\n") else np.append(breaks, len(text))
    starts = np.concatenate([[0], ends[:-1] + 1])
    fields = np.diff(np.searchsorted(separators, np.append(starts, len(text)))) + 1
    lengths = ends - starts
    bare_return = (lengths == 1) & (text[np.minimum(starts, max(len(text) - 1, 0))] == _RETURN)
    return Scan(np.where((lengths == 0) | bare_return, 0, fields), sound)


def _outside(positions: Ints, quotes: Ints) -> Ints:
    """Keep the positions that are preceded by an even number of quotation marks."""
    outside: Ints = positions[np.searchsorted(quotes, positions) % 2 == 0]
    return outside


def _are_sound(text: npt.NDArray[np.uint8], quotes: Ints, separator: str) -> bool:
    if quotes.size % 2:
        return False
    padded = np.concatenate([[_NEWLINE], text, [_NEWLINE]]) if quotes.size else text
    # A quote that opens follows a separator, a line break or the quote that it doubles; one that closes mirrors that.
    edges = (ord(separator), _NEWLINE, _QUOTE)
    return not quotes.size or bool(
        np.isin(padded[quotes[::2]], edges).all() and np.isin(padded[quotes[1::2] + 2], (*edges, _RETURN)).all()
    )
