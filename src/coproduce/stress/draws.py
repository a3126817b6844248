"""Counter-based random numbers: the same luck for an event whatever else is drawn, in whatever order."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

from ..calendar import Floats, Ints

Words = npt.NDArray[np.uint64]

_LOW = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)
_MULTIPLIERS = (np.uint64(0xD2511F53), np.uint64(0xCD9E8D57))
_WEYL = (0x9E3779B9, 0xBB67AE85)
_ROUNDS = 10


def key_of(seed: int, *names: str) -> tuple[int, int]:
    """Return the two 32-bit words of the key that belongs to a seed and names: BLAKE2b, the same on every machine."""
    text = "\x1f".join((str(seed), *names)).encode()
    digest = int.from_bytes(blake2b(text, digest_size=8).digest(), "little")
    return digest & 0xFFFFFFFF, digest >> 32


def philox(counter: tuple[Words, Words, Words, Words], key: tuple[int, int]) -> tuple[Words, Words, Words, Words]:
    """Return Philox4x32-10 of counters: four 32-bit words each, held in 64 bits.

    References
    ----------
    Salmon, Moraes, Dror, Shaw (2011), doi:10.1145/2063384.2063405.
    """
    a, b, c, d = counter
    low, high = key
    for _ in range(_ROUNDS):
        first, second = a * _MULTIPLIERS[0], c * _MULTIPLIERS[1]
        a = (second >> _HALF) ^ b ^ np.uint64(low)
        c = (first >> _HALF) ^ d ^ np.uint64(high)
        b, d = second & _LOW, first & _LOW
        low, high = (low + _WEYL[0]) & 0xFFFFFFFF, (high + _WEYL[1]) & 0xFFFFFFFF
    return a, b, c, d


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
        which = replication.astype(np.uint64)
        zero = np.zeros_like(which)
        a, b, c, d = philox((which & _LOW, which >> _HALF, ordinal.astype(np.uint64), zero), self.key)
        return _unit(a, b), _unit(c, d)


def _unit(high: Words, low: Words) -> Floats:
    """Return 52 bits as the middle of their interval, so that neither 0 nor 1 occurs."""
    bits = ((high << np.uint64(20)) ^ (low >> np.uint64(12))).astype(np.float64)
    return np.asarray((bits + 0.5) / 2.0**52)
