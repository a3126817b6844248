"""Problems with a place in the user's files, and the exceptions that carry an exit code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum, StrEnum


class ExitCode(IntEnum):
    """What the command returns to the shell."""

    OK = 0
    DEFECT = 1
    INPUT = 2
    INFEASIBLE = 3
    INELIGIBLE = 4
    NO_PLAN = 5


class Severity(StrEnum):
    """An error stops the run; a warning is shown and the run goes on."""

    ERROR = "error"
    WARNING = "warning"


def column_letter(index: int) -> str:
    """Return the spreadsheet letter of a column counted from 0 (0 -> A, 26 -> AA)."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


@dataclass(frozen=True, order=True, slots=True)
class Origin:
    """Where a value stands in the user's files.

    Parameters
    ----------
    file : file name as the user gave it
    sheet : sheet of a workbook or table of a folder; empty for a whole file
    row : record number as a spreadsheet shows it (the header is row 1); 0 for none
    column : column name; empty for none
    position : column counted from 0; -1 when the column does not exist
    instead_of : what a cell of a scenario replaces, in words; empty for every other cell
    """

    file: str
    sheet: str = ""
    row: int = 0
    column: str = ""
    position: int = -1
    instead_of: str = ""

    def __str__(self) -> str:
        """Show `programme.xlsx › resources!C7 (capacity)`."""
        place = self._place()
        return f"{place} in place of {self.instead_of}" if self.instead_of else place

    def written_by(self, written: Mapping[tuple[int, str], Origin], row: int) -> Origin:
        """Return the place in a scenario that wrote this cell, in place of it; itself if none did.

        `written` names the place by row of the frame and column, and with an empty column that of a row it added.
        """
        by = written.get((row, self.column)) or written.get((row, ""))
        return self if by is None else by if by.instead_of else replace(by, instead_of=str(self))

    def _place(self) -> str:
        if not self.sheet:
            return self.file
        cell = (column_letter(self.position) if self.position >= 0 else "") + (str(self.row) if self.row else "")
        place = f"{self.file} › {self.sheet}" + (f"!{cell}" if cell else "")
        return f"{place} ({self.column})" if self.column else place


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong or doubtful in the input.

    `seen` is the value found, `expected` what would be right, `hint` a suggestion; all three may be empty.
    """

    code: str
    severity: Severity
    origin: Origin
    message: str
    seen: str = ""
    expected: str = ""
    hint: str = ""

    def __str__(self) -> str:
        """Show the problem on one line: code, place, message, hint."""
        return f"{self.code} {self.origin}: {self.message}" + (f"; {self.hint}" if self.hint else "")


def errors_of(problems: Iterable[Problem]) -> list[Problem]:
    """Return the problems that stop a run."""
    return [problem for problem in problems if problem.severity is Severity.ERROR]


@dataclass(frozen=True, slots=True)
class Conflict:
    """One limit of a set that cannot hold together, with the cell it comes from."""

    origin: Origin
    limit: str
    value: str


class CoproduceError(Exception):
    """Root of the exceptions that a user may meet.

    CoproduceError
    ├── InputError        the files hold errors (exit 2)
    ├── InfeasibleError   hard limits conflict (exit 3)
    ├── UnboundedError    the objective has no limit (exit 2)
    ├── NoPlanError       nothing was found within the limits (exit 5)
    ├── AnalysisError     a question about a plan cannot be asked (exit 2)
    ├── ForeignFolderError  the result folder holds files of others (exit 2)
    └── AuditError        a plan failed its audit: a defect of ours (exit 1)
    """

    exit_code: ExitCode = ExitCode.DEFECT

    def __reduce__(self) -> tuple[object, ...]:
        """Carry over to another process what the exception holds; its words are no arguments of its class."""
        return _again, (type(self), self.args), self.__dict__


def _again(kind: type[CoproduceError], args: tuple[object, ...]) -> CoproduceError:
    """Return an exception with the same words, without asking its class to find them again."""
    return kind.__new__(kind, *args)


class InputError(CoproduceError):
    """The input holds errors; `problems` lists all of them, warnings included."""

    exit_code = ExitCode.INPUT

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        count = len(errors_of(problems))
        super().__init__(f"{count} error{'' if count == 1 else 's'} in the input")


class InfeasibleError(CoproduceError):
    """Hard limits cannot hold together; `conflicts` is an irreducible set of them."""

    exit_code = ExitCode.INFEASIBLE

    def __init__(self, conflicts: Sequence[Conflict]) -> None:
        self.conflicts = tuple(conflicts)
        count = len(conflicts)
        super().__init__("1 limit cannot hold" if count == 1 else f"{count} limits cannot hold together")


class UnboundedError(CoproduceError):
    """The objective can be improved without end: something is worth more than it costs and has no limit."""

    exit_code = ExitCode.INPUT


class NoPlanError(CoproduceError):
    """No plan was found within the time limit."""

    exit_code = ExitCode.NO_PLAN


class AnalysisError(CoproduceError):
    """A question about a plan cannot be asked: the plan does not fit, or what it is about is not there."""

    exit_code = ExitCode.INPUT


class AuditError(CoproduceError):
    """The plan failed its independent audit and is not shown; `failed` names the checks."""

    exit_code = ExitCode.DEFECT

    def __init__(self, failed: Sequence[str]) -> None:
        self.failed = tuple(failed)
        super().__init__("the plan failed its audit: " + "; ".join(failed))
