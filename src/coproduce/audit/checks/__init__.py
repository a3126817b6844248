"""The checks, one subject per file; each file yields its checks in the order of their codes."""

from __future__ import annotations
