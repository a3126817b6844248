"""The good programme with lines of a scenario written in short, and what comes of them."""

from __future__ import annotations

from good_programme import Programme, frames_of, good

from coproduce.check import Checked
from coproduce.errors import Problem
from coproduce.read import from_frames
from coproduce.scenarios import check

COLUMNS = ("table", "where", "column", "action", "value")
Line = tuple[str, str, str, str, str]


def programme(*lines: Line, name: str = "s") -> Programme:
    """Return the good programme with these lines as its only scenario."""
    given = [
        {"scenario": name, "line": str(at), **dict(zip(COLUMNS, line, strict=True))} for at, line in enumerate(lines, 1)
    ]
    return {**good(), "scenarios": given}


def checked(changed: Programme, name: str = "s") -> Checked:
    """Check a programme as a scenario changes it."""
    return check(from_frames(frames_of(changed)), name)


def cells(table: str, column: str, *lines: Line) -> list[object]:
    """Return a column of the checked table after these lines."""
    found = checked(programme(*lines))
    assert found.tables is not None, [str(problem) for problem in found.problems]
    return found.tables[table][column].to_list()


def problem_of(*lines: Line) -> Problem:
    """Return the only error that the base gives because of these lines."""
    found = check(from_frames(frames_of(programme(*lines))))
    errors = [problem for problem in found.problems if problem.severity == "error"]
    assert len(errors) == 1, [str(problem) for problem in found.problems]
    return errors[0]
