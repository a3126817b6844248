"""Which processes a plan uses for each contract: those that it runs and that are behind the products."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from ..tables import Tables
from .book import Book
from .case import Case
from .location import newer_versions, recipes


def processes_used(tables: Tables, frames: Mapping[str, pl.DataFrame]) -> dict[str, frozenset[str]]:
    """Return for every contract the processes that a plan runs, or that run firmly, behind its end products.

    What a plan makes of an item is pooled: a process that it runs for anyone counts for all who get the item.

    Parameters
    ----------
    frames : result tables of an audited plan; `runs` is read
    """
    book = Book(tables, tables.programme.start.date())
    running = set(frames["runs"].filter(pl.col("quantity") > 0)["process"]) | set(tables["wip"]["process"])
    by_items: dict[tuple[str, ...], frozenset[str]] = {}
    found = {}
    for contract in book.rows("contracts"):
        items = Case(book, contract, {}).items
        if items not in by_items:
            by_items[items] = _behind(book, items, running)
        found[contract["contract"]] = by_items[items]
    return found


def _behind(book: Book, items: tuple[str, ...], running: set[str]) -> frozenset[str]:
    makers, inputs = recipes(book)
    newer = newer_versions(book)
    seen, todo, used = set(items), list(items), set[str]()
    while todo:
        item = todo.pop()
        own = makers.get(item, set()) & running
        used |= own
        more = {one for process in own for one in inputs.get(process, ())} | newer.get(item, set())
        todo += sorted(more - seen)
        seen |= more
    return frozenset(used)
