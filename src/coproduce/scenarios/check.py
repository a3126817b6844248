"""Checks a programme with all its scenarios, or as one of them changes it; names the line behind every problem."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from ..check import Checked
from ..check import check as check_raw
from ..check.check import in_order
from ..codes import problem
from ..errors import InputError, Origin, Problem, errors_of
from ..read import Raw
from ..read.names import canonical, did_you_mean
from ..tables import INPUT_TABLES, Scenario
from .apply import Applied, apply
from .change import SCENARIOS, ChangeError, Line, lines

BASE = "base"
"""Name of the programme as it stands, beside those of its scenarios."""

_SAID_OF_ROWS = frozenset({"E308", "E310"})
"""Evidence and promises of rows that the base has and a scenario removes: what was said of them is no error."""
_FOLDER_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*(?<!\.)")


def check(raw: Raw, scenario: str = "") -> Checked:
    """Check a programme as it stands, or as a scenario changes it; either way all its scenarios must be sound.

    Raises
    ------
    InputError
        if there is no such scenario.
    """
    return check_base(raw) if scenario in ("", BASE) else check_scenario(raw, scenario)


def check_base(raw: Raw) -> Checked:
    """Check a programme as it stands, and that every line of its scenarios can be applied to it."""
    checked = check_raw(raw)
    flawed = {canonical(problem.origin.sheet) for problem in errors_of(checked.problems)}
    found = (p for name in lines(raw) for p in apply(raw, name, flawed).problems)
    return _checked(raw, checked, [*checked.problems, *_names(raw), *found])


def check_scenario(raw: Raw, name: str) -> Checked:
    """Check a programme as a scenario changes it; problems that the base has too are those of the base.

    Raises
    ------
    InputError
        if there is no such scenario.
    """
    known = scenario_names(raw)
    if name not in known:
        raise InputError([_unknown(raw, name, known)])
    base = check_base(raw)
    if errors_of(base.problems):
        return base
    applied = apply(raw, name)
    checked = check_raw(applied.raw, but=_is_said_of_rows)
    before = {_identity(problem) for problem in base.problems}
    found = [p if _identity(p) in before else _blamed(applied, name, p) for p in checked.problems]
    done = _checked(raw, checked, [*found, *applied.problems])
    if done.tables is None:
        return done
    return replace(done, tables=replace(done.tables, scenario=Scenario(name, applied.changes)))


def scenario_names(raw: Raw) -> tuple[str, ...]:
    """Return the names of the scenarios in the order of the table."""
    return tuple(lines(raw))


def _checked(raw: Raw, checked: Checked, problems: Iterable[Problem]) -> Checked:
    """Return what was checked with more problems; each stands once."""
    ordered = in_order(raw, dict.fromkeys(problems))
    return Checked(None if errors_of(ordered) else checked.tables, ordered)


def _identity(problem: Problem) -> tuple[str, Origin, str]:
    return problem.code, problem.origin, problem.message


def _is_said_of_rows(problem: Problem) -> bool:
    return problem.code in _SAID_OF_ROWS and not problem.origin.instead_of


def _blamed(applied: Applied, name: str, one: Problem) -> Problem:
    """Return a problem that the base does not have, with the line of the scenario that causes it."""
    if one.origin.instead_of:
        return replace(one, message=f"scenario {name}: {one.message}")
    culprit = _remover(applied, one)
    if culprit is None:
        return replace(one, message=f"{one.message} (in scenario {name}, not in the base)")
    message = f"{one.message}: line {culprit.line} of scenario {name} removes it, {culprit.origin('action')}"
    table = canonical(one.origin.sheet)
    hint = f"change or remove the rows of {table} where {one.origin.column} = {one.seen}, too"
    return replace(one, message=message, hint=hint)


def _remover(applied: Applied, one: Problem) -> Line | None:
    """Return the line that removed the row which a cell names."""
    spec = INPUT_TABLES.get(canonical(one.origin.sheet))
    column = None if spec is None else spec.columns.get(one.origin.column)
    return None if column is None else applied.removed.get((column.reference or column.list_of, one.seen))


def _unknown(raw: Raw, name: str, known: tuple[str, ...]) -> Problem:
    sheet = raw.sheets.get(SCENARIOS)
    origin = Origin(raw.name, SCENARIOS) if sheet is None else sheet.origin(None, "scenario")
    there = f"there are {', '.join(known)}" if known else "the programme has none"
    hint = did_you_mean(name, known) or there
    return problem("E605", origin, f'there is no scenario "{name}"', seen=name, expected=", ".join(known), hint=hint)


def _names(raw: Raw) -> Iterator[Problem]:
    """Report names that no folder of results can have, or that only case tells apart."""
    seen: dict[str, str] = {BASE: BASE}
    for name, own in lines(raw).items():
        other = seen.setdefault(name.lower(), name)
        if not _FOLDER_NAME.fullmatch(name):
            message = f'"{name}" begins or ends with a dot or begins with a hyphen, as no scenario may'
            yield own[0].problem(ChangeError("E605", "scenario", message, seen=name))
        elif name.lower() == BASE:
            message = f'"{name}" is the programme as it stands; call the scenario something else'
            yield own[0].problem(ChangeError("E605", "scenario", message, seen=name))
        elif other != name:
            message = f'"{name}" and "{other}" differ in case only; their results would fall into one folder'
            yield own[0].problem(ChangeError("E605", "scenario", message, seen=name))
