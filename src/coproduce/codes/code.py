"""What one kind of problem is: its code, what it means, what to do."""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import Severity


@dataclass(frozen=True, slots=True)
class Code:
    """One kind of problem.

    Attributes
    ----------
    code : stable identifier; E stops the run, W does not
    title : what is wrong, in a few words
    meaning : what was found and why it matters
    remedy : what to do about it
    """

    code: str
    title: str
    meaning: str
    remedy: str

    @property
    def severity(self) -> Severity:
        """Whether the problem stops the run."""
        return Severity.ERROR if self.code.startswith("E") else Severity.WARNING
