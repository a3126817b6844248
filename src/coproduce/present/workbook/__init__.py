"""The result as an Excel workbook."""

from .write import write_workbook

__all__ = ["write_workbook"]
