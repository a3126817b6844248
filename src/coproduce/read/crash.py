"""Turns a crash inside a compiled reader into an ordinary exception."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class ReaderCrashError(Exception):
    """A compiled reader gave up on a damaged file."""


@contextmanager
def contained() -> Iterator[None]:
    """Raise ReaderCrashError for what Rust code raises when it panics.

    Each compiled library has a class of its own for it, derived from BaseException, so the name must do.
    """
    try:
        yield
    except BaseException as failure:
        if type(failure).__name__ != "PanicException":
            raise
        raise ReaderCrashError("its content is damaged") from None
