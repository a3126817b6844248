"""What a plan was held to by `--require`, and what it could not be, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def required_lines(said: Mapping[str, Any] | None) -> Iterator[str]:
    """Yield the lines; none where nothing was required."""
    if not said:
        return
    named = ", ".join(dict.fromkeys(f"{one['rule']} ({one['provision']})" for one in said["imposed"]))
    held = ", ".join(dict.fromkeys(one["contract"] for one in said["imposed"]))
    yield (
        f"held to {said['instrument']}: {named} for {held}" if held else f"nothing of {said['instrument']} was imposed"
    )
    for note, contract in dict.fromkeys((one["note"], one["contract"]) for one in said["imposed"] if one["note"]):
        yield f"  {contract}: {note}"
    left = said["not_imposed"]
    if left:
        yield "not imposed, since no quantity of a plan decides it, and not met as the tables stand:"
    for one in left:
        verdict = f" {one['verdict']}" if one["verdict"] else ""
        yield f"  {one['contract']}: {one['rule']} ({one['provision']}){verdict}: {one['why']}"
