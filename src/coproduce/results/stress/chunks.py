"""Chunks of a long stress test on the disk, so that a killed run goes on where it was and memory stays small."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ...calendar import Floats
from ...errors import CoproduceError, ExitCode
from ...stress.chunk import Chunk, chunk_bounds

MANIFEST = "manifest.json"
_AT_ONCE = 32 << 20
"""Bytes of rows that are read from the chunks at once."""
_WORDS = {
    "input": "the input",
    "plan": "the plan",
    "version": "the version of the program",
    "period_days": "--period-days",
    "taken_apart": "the number of replications whose loss is taken apart",
}


class UnfinishedRunError(CoproduceError):
    """A folder holds an unfinished run that is not to be lost, or not the one that was to go on."""

    exit_code = ExitCode.INPUT


@dataclass(frozen=True)
class Chunks:
    """The chunks of one run in a folder.

    Attributes
    ----------
    replications : of the run, if it is not ended before
    """

    folder: Path
    replications: int

    def has(self, number: int) -> bool:
        """Whether a chunk is there, whole."""
        return self._rows(number).is_file()

    def write(self, number: int, chunk: Chunk) -> None:
        """Write a chunk; the file with its rows comes last and says that it is whole."""
        _write(self._losses(number), chunk.losses)
        _write(self._rows(number), chunk.rows)

    def rows(self, part: slice, count: int) -> Iterator[Floats]:
        """Yield (replication,) each row of a part, over the first `count` chunks."""
        total = sum(chunk_bounds(self.replications, number)[1] for number in range(count))
        step = max(_AT_ONCE // (8 * total), 1)
        for first in range(part.start, part.stop, step):
            last = min(first + step, part.stop)
            yield from np.concatenate([self._read(number)[first:last] for number in range(count)], axis=1)

    def losses(self, count: int) -> Floats:
        """Return (risk, 2, replication taken apart) of the first `count` chunks."""
        return np.concatenate([np.load(self._losses(number)) for number in range(count)], axis=2)

    def _read(self, number: int) -> Floats:
        return np.asarray(np.load(self._rows(number), mmap_mode="r"))

    def _rows(self, number: int) -> Path:
        return self.folder / f"{number:06}.npy"

    def _losses(self, number: int) -> Path:
        return self.folder / f"{number:06}.losses.npy"


def _write(path: Path, values: Floats) -> None:
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    with part.open("wb") as file:
        np.save(file, values, allow_pickle=False)
    part.replace(path)


def begin(folder: Path, manifest: Mapping[str, Any], *, resume: bool, replace: bool = False) -> Chunks:
    """Begin a run in a folder, or go on with the one that is there.

    Parameters
    ----------
    manifest : what the result depends on; a run goes on only where all of it is the same
    resume : go on with the run that is there
    replace : begin anew, whatever is there

    Raises
    ------
    UnfinishedRunError
        if there is no run to go on with, one with other settings, or one that would be lost.
    """
    there = _manifest(folder)
    if resume:
        _check_same(folder, there, manifest)
    else:
        if there is not None and not replace and any(folder.glob("*.npy")):
            raise UnfinishedRunError(
                f"{folder} holds a run that was not finished; --resume goes on with it, --replace begins anew"
            )
        _clear(folder)
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / f".{MANIFEST}.{os.getpid()}.part"
        part.write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
        part.replace(folder / MANIFEST)
    return Chunks(folder, int(manifest["replications"]))


def unfinished(folder: Path) -> bool:
    """Whether a folder holds a run that was not finished."""
    return _manifest(folder) is not None


def _manifest(folder: Path) -> dict[str, Any] | None:
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _check_same(folder: Path, there: Mapping[str, Any] | None, manifest: Mapping[str, Any]) -> None:
    if there is None:
        raise UnfinishedRunError(f"there is nothing to resume: {folder} holds no run that was not finished")
    other = [name for name in manifest if there.get(name) != manifest[name]]
    if other:
        said = "; ".join(_difference(name, there.get(name), manifest[name]) for name in other)
        raise UnfinishedRunError(
            f"the run in {folder} cannot go on with other settings: {said}; repeat its settings, or begin anew with "
            "--replace in place of --resume"
        )


def _difference(name: str, before: Any, now: Any) -> str:
    if name in ("input", "plan"):
        return f"{_WORDS[name]} has changed"
    shown = _WORDS.get(name, f"--{name}")
    return f"{shown} was {'not given' if before is None else before} and is {'not given' if now is None else now}"


def _clear(folder: Path) -> None:
    """Remove the run of a folder, the manifest first: what is left of a cleared run is none."""
    (folder / MANIFEST).unlink(missing_ok=True)
    for path in [*folder.glob("*.npy"), *folder.glob(".*.part")]:
        path.unlink(missing_ok=True)
