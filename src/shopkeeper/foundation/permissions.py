"""Permissions of the foundation itself."""

from enum import StrEnum


class Permission(StrEnum):
    PERSONAL_REVEAL = "foundation.personal.reveal"
    PERSONAL_ERASE = "foundation.personal.erase"
    PEOPLE_MANAGE = "foundation.people.manage"
    TOKEN_MAKE = "foundation.token.make"  # noqa: S105
    CLOCK_SET = "foundation.clock.set"
