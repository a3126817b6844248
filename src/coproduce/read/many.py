"""Lists problems of one kind and column up to a number that memory and reader can bear, and counts the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from ..errors import Problem

MOST_LISTED = 5_000
"""Problems of one kind in one column of one sheet that are listed one by one."""

_Kind = tuple[str, str, str, str]


def listed(problems: Iterable[Problem], most: int = MOST_LISTED) -> Iterator[Problem]:
    """Pass problems on; of one kind and column only the first, followed by one that tells how many there are."""
    counts: Counter[_Kind] = Counter()
    last: dict[_Kind, Problem] = {}
    for one in problems:
        kind = one.code, one.origin.file, one.origin.sheet, one.origin.column if one.origin.row else ""
        counts[kind] += 1
        if counts[kind] <= most:
            yield one
        else:
            last[kind] = one
    for kind, one in last.items():
        yield not_listed(one, counts[kind], most)


def not_listed(one: Problem, count: int, most: int = MOST_LISTED) -> Problem:
    """Return the problem that stands for all those of its kind that are not listed."""
    message = f"there are {count:,} problems of this kind here; the first {most:,} are listed"
    return replace(one, origin=replace(one.origin, row=0), message=message, seen="", hint="")
