"""What an audit says: one named check after another, each with its worst place and its tolerance."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was verified about a plan.

    Attributes
    ----------
    code : stable code, A101, A102, ...
    name : what holds if the check has passed, as a phrase
    passed : whether it holds everywhere, within the tolerance
    worst : largest departure found, measured against its own tolerance, in `unit`
    tolerance : largest departure that would have been accepted at that place, in `unit`
    unit : unit of `worst` and `tolerance`
    place : the entity and the bucket of the worst departure, in words; empty where there is none
    """

    code: str
    name: str
    passed: bool
    worst: float
    tolerance: float
    unit: str
    place: str = ""

    def __str__(self) -> str:
        """Show the check on one line: verdict, code, name and, where something is off, how much and where."""
        line = f"{'passed' if self.passed else 'FAILED'} {self.code} {self.name}"
        if not self.place:
            return line
        return f"{line}: off by {self.worst:.6g} {self.unit} (tolerance {self.tolerance:.3g}) at {self.place}"


@dataclass(frozen=True, slots=True)
class AuditReport:
    """All the checks of one audit, in the order of their codes."""

    checks: tuple[Check, ...]

    @property
    def passed(self) -> bool:
        """Whether every check has passed."""
        return all(check.passed for check in self.checks)

    @property
    def failed(self) -> tuple[str, ...]:
        """Names of the checks that failed."""
        return tuple(check.name for check in self.checks if not check.passed)

    def __getitem__(self, code: str) -> Check:
        """Return the check with this code; KeyError when there is none."""
        for check in self.checks:
            if check.code == code:
                return check
        raise KeyError(code)

    def __str__(self) -> str:
        """Show one line per check."""
        return "\n".join(map(str, self.checks))
