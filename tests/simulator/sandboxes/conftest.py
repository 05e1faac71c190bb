"""Sandboxes for these tests."""

from tests.outside import inbox, outside, sandboxes

__all__ = ["inbox", "outside", "sandboxes"]
