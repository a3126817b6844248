"""The identity of an input: a hash of what was checked, the same for a folder and for a workbook."""

from __future__ import annotations

import hashlib
import io

from ..tables import INPUT_TABLES, Tables


def input_hash(tables: Tables) -> str:
    """Return a hash over all non-empty tables in their checked form, in the order of the declarations.

    Scenarios that are not planned change nothing, and what one changes stands in the other tables.
    """
    digest = hashlib.sha256()
    for name in INPUT_TABLES:
        frame = tables[name]
        if frame.height and name != "scenarios":
            buffer = io.BytesIO()
            frame.write_csv(buffer)
            digest.update(name.encode())
            digest.update(buffer.getvalue())
    return digest.hexdigest()[:16]
