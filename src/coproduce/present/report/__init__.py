"""The report of a plan: one HTML file for everyone who has to read, check or defend it."""

from .write import write_report

__all__ = ["write_report"]
