"""Chunks of a long stress test: kept on disk as they end, so that a killed run goes on where it was."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np

from ...calendar import Floats, Ints
from ...errors import CoproduceError, ExitCode
from ...stress.result import Simulation

CHUNK = 1024
"""Replications of a chunk: fixed, so that results depend neither on workers nor on interruptions."""

MANIFEST = "run.json"


class ResumeError(CoproduceError):
    """A run cannot go on from the chunks of another one."""

    exit_code = ExitCode.INPUT


@dataclass(frozen=True)
class Outcome:
    """What is kept of each replication.

    Attributes
    ----------
    asked, delivered, in_time, late_days : (demand, replication) units, units, units, unit-days
    last : (demand, replication) period of the last delivery, -1 for none
    by_group : (group, bucket, replication) units delivered
    events : (replication,) number of events
    """

    asked: Floats
    delivered: Floats
    in_time: Floats
    late_days: Floats
    last: Ints
    by_group: Floats
    events: Ints

    @classmethod
    def of(cls, simulation: Simulation) -> Outcome:
        """Keep what the answers need."""
        return cls(*(getattr(simulation, field.name) for field in fields(cls)))

    @classmethod
    def join(cls, parts: list[Outcome]) -> Outcome:
        """Put replications side by side."""
        return cls(*(np.concatenate([getattr(one, f.name) for one in parts], axis=-1) for f in fields(cls)))

    @property
    def count(self) -> int:
        """Number of replications."""
        return len(self.events)

    @property
    def kept(self) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """(demand, replication) whether all was delivered by the due date, to 1e-6 of it."""
        return self.in_time >= self.asked - 1e-6 * np.maximum(self.asked, 1.0)

    @property
    def complete(self) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """(demand, replication) whether all was delivered within the horizon."""
        return self.delivered >= self.asked - 1e-6 * np.maximum(self.asked, 1.0)


class Chunks:
    """The chunks of one run in a folder.

    Parameters
    ----------
    folder : where they are kept; None: nowhere, and nothing can go on
    manifest : what the run is; chunks of a run with another one are refused
    resume : go on from chunks that are there; otherwise they are removed

    Raises
    ------
    ResumeError
        if there is nothing to go on from, or it belongs to another run.
    """

    def __init__(self, folder: Path | None, manifest: Mapping[str, Any], *, resume: bool) -> None:
        self._folder = folder
        if folder is None:
            return
        path = folder / MANIFEST
        if resume:
            _check_same(path, manifest)
        elif folder.exists():
            shutil.rmtree(folder)
        folder.mkdir(parents=True, exist_ok=True)
        _replace(path, (json.dumps(manifest, indent=2, sort_keys=True) + "\n").encode())

    def get(self, name: str) -> dict[str, np.ndarray[Any, Any]] | None:
        """Return the arrays of a chunk; None if it was not kept, or not whole."""
        if self._folder is None or not (self._folder / f"{name}.npz").is_file():
            return None
        try:
            with np.load(self._folder / f"{name}.npz", allow_pickle=False) as arrays:
                return {key: arrays[key] for key in arrays.files}
        except (OSError, ValueError, EOFError):
            return None

    def put(self, name: str, arrays: Mapping[str, np.ndarray[Any, Any]]) -> None:
        """Keep a chunk: whole under its name, or not at all."""
        if self._folder is None:
            return
        fresh = self._folder / f".{name}.{os.getpid()}"
        with fresh.open("wb") as file:
            np.savez(file, **arrays)  # type: ignore[arg-type]
        fresh.replace(self._folder / f"{name}.npz")

    def remove(self) -> None:
        """Remove all chunks: the run has ended and its result is written."""
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)


def _check_same(path: Path, manifest: Mapping[str, Any]) -> None:
    if not path.is_file():
        raise ResumeError(f"there is no stopped run in {path.parent}; leave out --resume to begin one")
    try:
        before = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        raise ResumeError(f"{path} cannot be read; leave out --resume to begin again") from None
    other = sorted(name for name in {*before, *manifest} if before.get(name) != manifest.get(name))
    if other:
        raise ResumeError(f"the stopped run in {path.parent} differs in {', '.join(other)}; leave out --resume")


def _replace(path: Path, content: bytes) -> None:
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.write_bytes(content)
    fresh.replace(path)
