"""Kinds of risk, one a file: what their events reach and how they are made of occurrences."""
