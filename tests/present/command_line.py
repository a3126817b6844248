"""What a command returns and prints, and copies of the small example with other cells."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

SMALL = Path(__file__).parents[2] / "examples" / "small"


@dataclass(frozen=True)
class Said:
    """What a command returned and printed."""

    code: int
    out: str
    err: str

    def lines(self, beginning: str) -> list[str]:
        return [line for line in self.err.splitlines() if line.startswith(beginning)]


Command = Callable[..., Said]


def edited(folder: Path, *changes: tuple[str, str, str]) -> Path:
    """Copy the small example and replace text in its files; every replacement must hit once."""
    shutil.copytree(SMALL, folder)
    for file, old, new in changes:
        text = (folder / file).read_text(encoding="utf-8")
        assert text.count(old) == 1, (file, old)
        (folder / file).write_text(text.replace(old, new), encoding="utf-8")
    return folder
