"""Sandboxes for the tests that go outside."""

from tests.outside import inbox, outside, sandboxes

__all__ = ["inbox", "outside", "sandboxes"]
