"""Sandboxes for these tests."""

from tests.outside import front, inbox, mall, outside, sandboxes

__all__ = ["front", "inbox", "mall", "outside", "sandboxes"]
