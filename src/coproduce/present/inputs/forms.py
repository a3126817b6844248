"""The forms that the files of a folder can have; imports nothing heavy, because the command line offers them."""

from enum import StrEnum


class Form(StrEnum):
    """What the files of a folder are."""

    CSV = "csv"
    PARQUET = "parquet"
