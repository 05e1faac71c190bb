"""The sandboxes' fixtures, for the tests that go through real doors."""

from tests.outside import front, mall, outside, sandboxes

__all__ = ["front", "mall", "outside", "sandboxes"]
