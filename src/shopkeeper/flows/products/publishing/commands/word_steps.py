"""What the commands on the word list share: the list in force made ready, kept until it changes, and new versions."""

from collections.abc import Sequence
from dataclasses import dataclass

from shopkeeper.flows.products.publishing.events import WordListChanged
from shopkeeper.flows.products.publishing.queries.word_lists import words_in_force
from shopkeeper.flows.products.publishing.sql import words as sql
from shopkeeper.foundation.commands import Step

__all__ = ["Change", "new_version", "words_in_force"]


@dataclass(frozen=True, slots=True)
class Change:
    added: int = 0
    retired: int = 0


def new_version(step: Step, change: Change, reasons: Sequence[str]) -> int:
    """One version per batch; its reason is the batch's, each said once."""
    reason = "；".join(dict.fromkeys(reason.strip() for reason in reasons if reason.strip()))[:300]
    row = sql.NEW_VERSION.first(
        now=step.now, actor_id=step.actor.id, reason=reason, added=change.added, retired=change.retired
    )
    assert row is not None
    step.emit(WordListChanged(row.id, change.added, change.retired))
    return row.id
