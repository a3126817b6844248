"""Counter-based random numbers: the same luck for an event whatever else is drawn, in whatever order."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b

import numpy as np

from ..calendar import Floats, Ints
from .state import compiled, kept

Word = np.uint64

_ROUNDS = 10


def key_of(seed: int, *names: str) -> tuple[int, int]:
    """Return the two 32-bit words of the key that belongs to a seed and names: BLAKE2b, the same on every machine."""
    text = "\x1f".join((str(seed), *names)).encode()
    digest = int.from_bytes(blake2b(text, digest_size=8).digest(), "little")
    return digest & 0xFFFFFFFF, digest >> 32


@compiled
def philox(a: Word, b: Word, c: Word, d: Word, low: Word, high: Word) -> tuple[Word, Word, Word, Word]:
    """Return Philox4x32-10 of a counter of four 32-bit words and a key of two, all held in 64 bits without sign.

    References
    ----------
    Salmon, Moraes, Dror, Shaw (2011), doi:10.1145/2063384.2063405.
    """
    mask, half = np.uint64(0xFFFFFFFF), np.uint64(32)
    for _ in range(_ROUNDS):
        first, second = a * np.uint64(0xD2511F53), c * np.uint64(0xCD9E8D57)
        a, b = (second >> half) ^ b ^ low, second & mask
        c, d = (first >> half) ^ d ^ high, first & mask
        low, high = (low + np.uint64(0x9E3779B9)) & mask, (high + np.uint64(0xBB67AE85)) & mask
    return a, b, c, d


@compiled
def unit(high: Word, low: Word) -> float:
    """Return 52 bits as the middle of their interval, so that neither 0 nor 1 occurs."""
    bits = (high << np.uint64(20)) ^ (low >> np.uint64(12))
    return float((np.float64(bits) + 0.5) / 4503599627370496.0)


@kept
def fill_uniform(low: int, high: int, replication: Ints, ordinal: Ints, first: Floats, second: Floats) -> None:
    """Fill two arrays with independent uniform numbers, one of each for every event."""
    mask, half = np.uint64(0xFFFFFFFF), np.uint64(32)
    for i in range(len(replication)):
        which = np.uint64(replication[i])
        a, b, c, d = philox(
            which & mask, which >> half, np.uint64(ordinal[i]), np.uint64(0), np.uint64(low), np.uint64(high)
        )
        first[i], second[i] = unit(a, b), unit(c, d)


@kept
def fill_starts(
    low: int, high: int, mean_gap: float, horizon: float, replications: Ints, replication: Ints, ordinal: Ints,
    start: Ints,
) -> int:  # fmt: skip
    """Write the events of a Poisson process in each replication; return how many there are, more than there is room."""
    mask, half = np.uint64(0xFFFFFFFF), np.uint64(32)
    count, room = 0, len(start)
    for i in range(len(replications)):
        which, number, clock = np.uint64(replications[i]), 0, 0.0
        while True:
            a, b, _, _ = philox(
                which & mask, which >> half, np.uint64(number), np.uint64(0), np.uint64(low), np.uint64(high)
            )
            clock -= mean_gap * np.log(unit(a, b))
            if clock >= horizon:
                break
            if count < room:
                replication[count], ordinal[count], start[count] = replications[i], number, np.int64(clock)
            count += 1
            number += 1
    return count


@dataclass(frozen=True, slots=True)
class Draws:
    """The random numbers of one risk, target and purpose."""

    key: tuple[int, int]

    @classmethod
    def of(cls, seed: int, *names: str) -> Draws:
        """Return the draws that belong to a seed and names."""
        return cls(key_of(seed, *names))

    def uniform(self, replication: Ints, ordinal: Ints) -> tuple[Floats, Floats]:
        """Return two independent uniform numbers inside (0, 1) for each event of each replication."""
        first, second = np.empty(len(replication)), np.empty(len(replication))
        fill_uniform(*self.key, replication, ordinal, first, second)
        return first, second

    def starts(self, mean_gap: float, horizon: int, replications: Ints) -> tuple[Ints, Ints, Ints]:
        """Return replication, ordinal and start of the events of a Poisson process from 0 to `horizon`.

        Parameters
        ----------
        mean_gap : mean time between events, in the unit of the horizon
        """
        mean = len(replications) * horizon / mean_gap
        # Six standard deviations above the mean; where that is not enough, once more with the number found.
        room = int(mean + 6.0 * np.sqrt(mean) + 16.0)
        while True:
            columns = np.empty((3, room), dtype=np.int64)
            found = fill_starts(*self.key, mean_gap, float(horizon), replications, *columns)
            if found <= room:
                return columns[0, :found], columns[1, :found], columns[2, :found]
            room = found
