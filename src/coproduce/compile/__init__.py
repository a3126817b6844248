"""From checked tables to the Network, in one place."""

from .network import compile_network

__all__ = ["compile_network"]
