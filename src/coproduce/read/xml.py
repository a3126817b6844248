"""Parses XML from strangers: entities are refused, and every failure is a ValueError."""

from __future__ import annotations

from collections.abc import Callable
from xml.parsers import expat

Start = Callable[[str, dict[str, str]], object]


def parse_xml(
    content: bytes,
    start: Start,
    end: Callable[[str], object] | None = None,
    text: Callable[[str], object] | None = None,
) -> None:
    """Call back for the beginning and end of every element and for the text between.

    Raises
    ------
    ValueError
        if the document is not well formed, declares entities or is in an unknown encoding.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.EntityDeclHandler = _refuse
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, LookupError) as failure:
        raise ValueError(str(failure)) from None


def _refuse(*_: object) -> None:
    raise ValueError("it declares XML entities")
