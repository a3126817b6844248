"""The command that looks for changes with which a programme keeps its limits on origin by itself."""

from .command import repair_programme

__all__ = ["repair_programme"]
