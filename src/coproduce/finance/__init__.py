"""Money of a plan: the ledger, what funds and buyers pay, loans, cash by month, and where it comes too late."""

from .finance import finance

__all__ = ["finance"]
