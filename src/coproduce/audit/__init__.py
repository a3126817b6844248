"""The audit: replays a finished plan from the input tables alone, independently of the planner."""

from __future__ import annotations

from .report import AuditReport, Check
from .run import audit

__all__ = ["AuditReport", "Check", "audit"]
