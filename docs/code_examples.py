"""Makes one example problem of every code, by the changes that the tests make to a good programme."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from coproduce.errors import Problem

TESTS = Path(__file__).resolve().parents[1] / "tests" / "check"


def code_examples() -> dict[str, str]:
    """Return the place and the message of one problem for every code.

    Where the tests are not beside the documentation (an installed package has none), the result is empty.
    """
    if not (TESTS / "test_every_code.py").exists():
        return {}
    sys.path.insert(0, str(TESTS))
    try:
        import test_every_code as cases
        from good_programme import checked, good
    finally:
        sys.path.remove(str(TESTS))
    found: dict[str, str] = {}
    for code, (change, _) in cases.IN_MEMORY.items():
        programme = good()
        change(programme)
        found[code] = _shown(code, checked(programme).problems)
    for code, (build, _) in cases.FROM_FILES.items():
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder) / "programme"
            place.mkdir()
            found[code] = _shown(code, cases.problems_at(build(place)), folder)
    for code, (text, _) in cases.FROM_DRILLS.items():
        with tempfile.TemporaryDirectory() as folder:
            found[code] = _shown(code, cases.drill_problems(text, Path(folder)), folder)
    return found


def _shown(code: str, problems: tuple[Problem, ...], folder: str = "") -> str:
    """Return the first problem of a code as the command line shows it, without the place of the temporary folder."""
    problem = next(problem for problem in problems if problem.code == code)
    return str(problem).replace(f"{folder}/", "") if folder else str(problem)
