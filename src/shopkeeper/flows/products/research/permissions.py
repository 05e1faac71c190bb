"""Permissions on research, strategy and the selection list."""

from enum import StrEnum


class Permission(StrEnum):
    RESEARCH_VIEW = "products.research.view"
    RESEARCH_RECORD = "products.research.record"
    STRATEGY_EDIT = "products.strategy.edit"
    CANDIDATE_EDIT = "products.candidate.edit"
    SELECTION_SUBMIT = "products.selection.submit"
    SELECTION_APPROVE = "products.selection.approve"
