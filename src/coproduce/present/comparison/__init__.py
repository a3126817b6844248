"""A comparison of results: on the screen, as a workbook, as a page."""

from .write import write_comparison

__all__ = ["write_comparison"]
