"""Whom we ask for a rating, and what a rating sets in motion."""

SILENT = "no_answer"
DOUBLE = "duplicate"


def is_wanted(which: str, stage: str, resolution: str) -> bool:
    """Is a resolved ticket one the policy asks about? The same matter told twice is asked about once."""
    if resolution == DOUBLE or which == "none":
        return False
    if which == "all":
        return True
    if resolution == SILENT:
        return False
    return which == "answered" or stage == "after_sale"


def is_low(score: int, limit: int) -> bool:
    """Does a score call for somebody to speak to the customer?"""
    return score <= limit
