"""Puts data and scripts into a page so that no text in them can end or open an element."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

from markupsafe import Markup

# In a script element `</` and `<!--` end or change the parsing; U+2028 and U+2029 end lines in older JavaScript.
ESCAPES = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})


def json_text(data: Any) -> Markup:
    """Write data as JSON that is safe inside a script element; NaN and infinity are refused."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return Markup(text.translate(ESCAPES))


def script_text(source: str) -> Markup:
    """Let one of our own scripts into the page; it must not hold the end of its element."""
    if "</script" in source.lower() or "<!--" in source:
        raise ValueError("a script of the report ends its own element")
    return Markup(source)


def policy_hash(source: str) -> str:
    """Return the hash by which the page's content policy admits one script and no other."""
    return "'sha256-" + base64.b64encode(hashlib.sha256(source.encode()).digest()).decode() + "'"
