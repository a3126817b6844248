"""Reads workbooks, CSV, parquet and YAML into raw tables that remember where every cell stands."""

from .raw import UNCALCULATED, Raw, RawSheet
from .reader import from_frames, read, with_file, with_frame

__all__ = ["UNCALCULATED", "Raw", "RawSheet", "from_frames", "read", "with_file", "with_frame"]
