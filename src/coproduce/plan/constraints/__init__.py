"""Constraint families, one per file; every module here is found by its presence."""
