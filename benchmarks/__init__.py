"""Benchmarks: measured, never asserted, except for what must be equal between the ways that are compared."""
