"""Parses XML from strangers: entities are refused, and every failure is a ValueError."""

from __future__ import annotations

from collections.abc import Callable
from xml.parsers import expat

DEEPEST = 200
"""Elements within each other; workbooks need about a dozen."""

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
        if the document is not well formed, declares entities, is nested too deeply or is in an unknown encoding.
    """
    depth = 0

    def enter(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise ValueError("its elements are nested too deeply")
        start(name, attributes)

    def leave(name: str) -> None:
        nonlocal depth
        depth -= 1
        if end is not None:
            end(name)

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = enter
    parser.EndElementHandler = leave
    parser.CharacterDataHandler = text
    parser.EntityDeclHandler = _refuse
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, LookupError) as failure:
        raise ValueError(str(failure)) from None


def _refuse(*_: object) -> None:
    raise ValueError("it declares XML entities")
