"""Permissions on collected figures."""

from enum import StrEnum


class Permission(StrEnum):
    COLLECTION_VIEW = "analytics.collection.view"
    FIGURES_TAKE_IN = "analytics.collection.take_in"
    SOURCE_KEEP = "analytics.collection.keep_sources"
    CASE_ANSWER = "analytics.collection.answer"
    WATCH = "analytics.collection.watch"
