"""Statements of the selection list: one maker at a time, and the newest research on keywords."""

from collections.abc import Sequence
from dataclasses import dataclass

from shopkeeper.foundation.sql import Statement

# Versions are numbered without gaps: whoever makes the next one waits for the one before.
LOCK_VERSIONS = Statement("SELECT pg_advisory_xact_lock(hashtext('research.selection_list'))")
# One strategy is in force: who approves the next one sees the one before.
LOCK_STRATEGIES = Statement("SELECT pg_advisory_xact_lock(hashtext('research.strategy'))")


@dataclass(frozen=True, slots=True)
class KeywordRow:
    name: str
    heat: int | None
    growth_basis_points: int | None


NEWEST_OF_KEYWORDS = Statement(
    """
    SELECT DISTINCT ON (r.name) r.name, r.heat, r.growth_basis_points
    FROM research_researchrow AS r
    JOIN research_researchfile AS f ON f.id = r.file_id AND f.replaced_at IS NULL
    WHERE r.kind = 'keyword' AND r.name = ANY(%(names)s::text[])
    ORDER BY r.name, f.period_to DESC, f.id DESC""",
    row=KeywordRow,
)


def keyword_figures(names: Sequence[str]) -> dict[str, KeywordRow]:
    """The newest figures of each keyword that research knows."""
    return {row.name: row for row in NEWEST_OF_KEYWORDS.rows(names=sorted(set(names)))} if names else {}
