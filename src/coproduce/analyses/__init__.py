"""What a solved plan can be asked: why demands are late."""

from __future__ import annotations

from .late import Reason
from .lift import Lift
from .why import Late, reasons

__all__ = ["Late", "Lift", "Reason", "reasons"]
