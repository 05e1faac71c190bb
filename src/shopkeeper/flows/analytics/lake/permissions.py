"""Permissions on the lake and on what is cleaned out of it."""

from enum import StrEnum


class Permission(StrEnum):
    LAKE_VIEW = "analytics.lake.view"
    CLEAN = "analytics.lake.clean"
    SOURCES_KEEP = "analytics.lake.keep_sources"
    REBUILD = "analytics.lake.rebuild"
    WRITE = "analytics.lake.write"  # the system's own
