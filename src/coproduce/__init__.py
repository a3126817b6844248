"""Plan, fund, explain and stress-test a joint production programme."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .api import PlanResult, check, from_frames, load, plan, plan_path, read, write
    from .errors import (
        AuditError,
        CoproduceError,
        InfeasibleError,
        InputError,
        NoPlanError,
        Origin,
        Problem,
        Severity,
    )
    from .tables import Tables

_API = ("PlanResult", "check", "from_frames", "load", "plan", "plan_path", "read", "write")
_ERRORS = (
    "AuditError",
    "CoproduceError",
    "InfeasibleError",
    "InputError",
    "NoPlanError",
    "Origin",
    "Problem",
    "Severity",
)

__all__ = [
    "AuditError",
    "CoproduceError",
    "InfeasibleError",
    "InputError",
    "NoPlanError",
    "Origin",
    "PlanResult",
    "Problem",
    "Severity",
    "Tables",
    "check",
    "from_frames",
    "load",
    "plan",
    "plan_path",
    "read",
    "write",
]


def __getattr__(name: str) -> Any:
    """Load the library when it is first used, so that the command starts quickly."""
    import importlib

    if name in _API:
        return getattr(importlib.import_module(".api", __name__), name)
    if name in _ERRORS:
        return getattr(importlib.import_module(".errors", __name__), name)
    if name == "Tables":
        return importlib.import_module(".tables", __name__).Tables
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
