"""Reads the files of the planner frePPLe (XML, JSON fixtures, Excel workbooks) into raw tables."""

from .entry import SUFFIXES, from_workbook, is_workbook, read_frepple

__all__ = ["SUFFIXES", "from_workbook", "is_workbook", "read_frepple"]
