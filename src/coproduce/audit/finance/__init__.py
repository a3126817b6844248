"""The audit of money: every table of it computed anew from the input, the plan and the postings."""

from .run import audit_finance

__all__ = ["audit_finance"]
