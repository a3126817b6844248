"""Carries out the chunks of a stress test side by side, keeps each as it ends, and stops where enough is known."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import Protocol

import numpy as np

from ...stress.chunk import Chunk, carry_out, chunk_bounds, chunk_count
from ...stress.estimates import half_width
from ...stress.study import Study
from .chunks import Chunks
from .settings import Progress

Outcome = Iterator[tuple[int, Chunk]]
_MESSAGES = 20


class Team(Protocol):
    """Whoever carries out chunks: threads of this machine, or workers of a cluster."""

    def outcomes(self, numbers: Sequence[int]) -> Outcome:
        """Yield chunks with their numbers, as each ends."""


class Threads:
    """Chunks on threads of this machine; the kernel does not hold the interpreter."""

    def __init__(self, study: Study, replications: int, pool: ThreadPoolExecutor, workers: int) -> None:
        self._study, self._replications, self._pool, self._workers = study, replications, pool, workers

    def outcomes(self, numbers: Sequence[int]) -> Outcome:
        """Yield chunks as they end; no more are begun than are carried out at once, so that memory stays small."""
        waiting, running = list(reversed(numbers)), dict[Future[Chunk], int]()
        while waiting or running:
            while waiting and len(running) < self._workers:
                number = waiting.pop()
                bounds = chunk_bounds(self._replications, number)
                running[self._pool.submit(carry_out, self._study, *bounds)] = number
            ended, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in ended:
                yield running.pop(future), future.result()


@contextmanager
def threads(study: Study, replications: int, workers: int) -> Iterator[Team]:
    """Yield a team of threads; 0 workers stand for one on each core."""
    count = workers or os.cpu_count() or 1
    with ThreadPoolExecutor(count) as pool:
        yield Threads(study, replications, pool, count)


def carry_out_all(study: Study, chunks: Chunks, team: Team, precision: float | None, show: Progress) -> int:
    """Carry out the chunks that are not there yet, and return how many of the first chunks count.

    With a precision the run ends at the first of some fixed numbers of chunks at which it is met, so that the result
    does not depend on who was faster.
    """
    total = chunk_count(chunks.replications)
    report = _report(chunks, show)
    for count in checkpoints(total) if precision is not None else (total,):
        missing = [number for number in range(count) if not chunks.has(number)]
        for number, chunk in team.outcomes(missing):
            chunks.write(number, chunk)
            report(number)
        if precision is not None and beta_half_width(study, chunks, count) <= precision:
            return count
    return total


def checkpoints(total: int) -> tuple[int, ...]:
    """Return the numbers of chunks after which the precision is looked at: 2, 3, 4, 6, 8, 12, 16, ... and all."""
    steps = [size for power in range(1, total.bit_length() + 1) for size in (2**power, 3 * 2 ** (power - 1))]
    return (*(size for size in steps if size < total), total)


def beta_half_width(study: Study, chunks: Chunks, count: int) -> float:
    """Return half the 95 % interval of the mean beta over all demands."""
    row = study.layout["beta"].stop - 1
    (values,) = chunks.rows(slice(row, row + 1), count)
    return half_width(np.asarray(values))


def _report(chunks: Chunks, show: Progress) -> Callable[[int], None]:
    """Return what says after a chunk how far the run is and how long it may still take."""
    begun, total = time.monotonic(), chunks.replications
    done = sum(chunk_bounds(total, n)[1] for n in range(chunk_count(total)) if chunks.has(n))
    fresh, said = 0, done * _MESSAGES // total

    def report(number: int) -> None:
        nonlocal done, fresh, said
        size = chunk_bounds(total, number)[1]
        done, fresh = done + size, fresh + size
        if done * _MESSAGES // total > said:
            said = done * _MESSAGES // total
            left = (time.monotonic() - begun) / fresh * (total - done)
            rest = f", about {duration(left)} left at most" if done < total else ""
            show(f"{done:,} of {total:,} replications{rest}")

    return report


def duration(seconds: float) -> str:
    """Write a duration as it is said: 40 s, 3 min, 2 h 10 min."""
    if seconds < 100:
        return f"{math.ceil(seconds)} s"
    minutes = math.ceil(seconds / 60)
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60} h {minutes % 60} min"
