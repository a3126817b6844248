"""A table on the screen, of rows that are words already."""

from __future__ import annotations

from collections.abc import Sequence

from rich.markup import escape
from rich.table import Table


def listing(
    title: str, heads: Sequence[str], rows: Sequence[Sequence[str]], *, first_number: int | None = None
) -> Table:
    """Return the table; columns from `first_number` on stand at the right."""
    made = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    for at, head in enumerate(heads):
        right = first_number is not None and at >= first_number
        made.add_column(head, justify="right" if right else "left")
    for row in rows:
        made.add_row(*map(escape, row))
    return made
