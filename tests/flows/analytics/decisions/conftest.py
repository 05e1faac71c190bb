"""Figures for these tests."""

from tests.flows.analytics.decisions.stage import figures

__all__ = ["figures"]
