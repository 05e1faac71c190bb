"""Reads of settlement. What other desks and the invariants use is exported here."""

from .days import books_balanced

__all__ = ["books_balanced"]
