"""P4.1: the supervisor adds words to the list, by hand or from a file; the list gets a new version."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from shopkeeper.flows.products.publishing.commands.word_steps import Change, new_version
from shopkeeper.flows.products.publishing.permissions import Permission
from shopkeeper.flows.products.publishing.rules.word_list import DIGIT, folded_term
from shopkeeper.flows.products.publishing.sql import words as sql
from shopkeeper.flows.products.publishing.states import Ground, Severity
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import EVERYWHERE
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged

_SCOPE = re.compile(r"!?[^|!\s]+(\|[^|!\s]+)*")


@dataclass(frozen=True, slots=True)
class AddTerm:
    """A word; one `#` in it stands for a digit. `category`: 'words|of|paths', with ! before them all but these."""

    text: Annotated[str, Field(min_length=1, max_length=60)]
    severity: Literal["block", "warn", "allow"]
    ground: Annotated[str, Field(max_length=20)]
    reason: Annotated[str, Field(max_length=300)]
    suggestion: Annotated[str, Field(max_length=100)] = ""
    category: Annotated[str, Field(max_length=100)] = ""
    platform: Annotated[str, Field(max_length=20)] = ""

    @property
    def key(self) -> tuple[str, str, str]:
        return folded_term(self.text)[:60], self.category.strip(), self.platform.strip()


@command(clause="P4.1", permission=Permission.WORDS_EDIT, scope=EVERYWHERE)
def add_terms(step: Step, items: Sequence[AddTerm]) -> list[Outcome]:
    """Put words on the list; one that stands there with all the same facts is unchanged.

    Refused: "reason_needed", "term_empty", "term_scope_unreadable", "bad_data" for an unknown ground or weight,
    "term_known" where the word is listed otherwise: that entry must be retired first.
    """
    sql.TAKE_TURNS.run()
    keys = sorted({item.key for item in items})
    listed = {
        (row.folded, row.category, row.platform): row
        for row in sql.LOCK_SAME.rows(
            folded=[key[0] for key in keys],
            categories=[key[1] for key in keys],
            platforms=[key[2] for key in keys],
        )
    }
    fresh: dict[tuple[str, str, str], AddTerm] = {}
    codes = []
    for item in items:
        code = _wrong(item)
        known = listed.get(item.key)
        if not code and known is not None:
            code = "unchanged" if _same(known, item) else "term_known"
        elif not code and item.key in fresh:
            code = "unchanged" if fresh[item.key] == item else "term_known"
        elif not code:
            fresh[item.key] = item
        codes.append(code)
    ids = _add(step, fresh)
    ids |= {key: row.id for key, row in listed.items()}
    return [_answer(item, code, ids, listed, fresh) for item, code in zip(items, codes, strict=True)]


def _wrong(item: AddTerm) -> str:
    if not item.reason.strip():
        return "reason_needed"
    if not item.key[0] or item.text.count(DIGIT) > 1:
        return "term_empty"
    if item.category.strip() and not _SCOPE.fullmatch(item.category.strip()):
        return "term_scope_unreadable"
    return "" if item.ground in set(Ground) and item.severity in set(Severity) else "bad_data"


def _same(row: sql.TermRow, item: AddTerm) -> bool:
    listed = (row.severity, row.ground, row.suggestion)
    return listed == (item.severity, item.ground, item.suggestion.strip())


def _add(step: Step, fresh: dict[tuple[str, str, str], AddTerm]) -> dict[tuple[str, str, str], int]:
    if not fresh:
        return {}
    version = new_version(step, Change(added=len(fresh)), [item.reason for item in fresh.values()])
    keys = sorted(fresh)
    rows = sql.ADD.rows(
        version=version,
        texts=[fresh[key].text.strip() for key in keys],
        folded=[key[0] for key in keys],
        severities=[fresh[key].severity for key in keys],
        grounds=[fresh[key].ground for key in keys],
        suggestions=[fresh[key].suggestion.strip() for key in keys],
        categories=[key[1] for key in keys],
        platforms=[key[2] for key in keys],
    )
    return {(row.folded, row.category, row.platform): row.id for row in rows}


def _answer(
    item: AddTerm,
    code: str,
    ids: dict[tuple[str, str, str], int],
    listed: dict[tuple[str, str, str], sql.TermRow],
    fresh: dict[tuple[str, str, str], AddTerm],
) -> Outcome:
    if not code:
        return done(ids[item.key])
    if code == "unchanged":
        return unchanged(ids[item.key])
    if code == "term_known":
        severity = listed[item.key].severity if item.key in listed else fresh[item.key].severity
        return refused(code, ids[item.key], severity=Severity(severity))
    return refused(code, constraint="ground") if code == "bad_data" else refused(code)
