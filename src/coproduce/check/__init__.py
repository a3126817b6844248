"""Checks a raw programme against the declarations and the logic of a plan, and yields typed tables."""

from .check import Checked, check

__all__ = ["Checked", "check"]
