"""P4.1: the word list from a file: what the export wrote can be read again, in either language's headings."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from pydantic import TypeAdapter, ValidationError

from shopkeeper.flows.products.publishing.commands.add_terms import AddTerm, add_terms
from shopkeeper.flows.products.publishing.states import Ground, Severity
from shopkeeper.flows.products.publishing.words import LABELS, TERM_COLUMNS
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.documents.tables import SheetOfText
from shopkeeper.foundation.files import MIB, TABLES, StoredFile, kept_files
from shopkeeper.shared.errors import BusinessError
from shopkeeper.shared.outcomes import Outcome, refused
from shopkeeper.web.labels import outcome_text

MOST_BYTES = 5 * MIB
MOST_ROWS = 20_000
REASONS_SHOWN = 100
ALLOWED = TABLES
_ITEM: TypeAdapter[AddTerm] = TypeAdapter(AddTerm)


@dataclass(slots=True)
class ImportedTerms:
    """What became of a file: how many rows were new, known, refused, and why the first hundred were."""

    added: int = 0
    unchanged: int = 0
    refused: int = 0
    reasons: list[tuple[int, str, str]] = field(default_factory=list)  # line, word, reason

    def take(self, line: int, word: str, outcome: Outcome) -> None:
        self.added += outcome.changed
        self.unchanged += outcome.ok and not outcome.changed
        if not outcome.ok:
            self.refused += 1
            if len(self.reasons) < REASONS_SHOWN:
                self.reasons.append((line, word, outcome_text(outcome)))


def import_terms(actor: Actor, kept: StoredFile, reason: str) -> ImportedTerms:
    """Put every row of a kept file on the list. The same file again changes nothing. Raises TableRefused for what is
    no table, BusinessError terms_columns_missing."""
    result = ImportedTerms()
    read = list(_rows(kept))
    items: list[tuple[int, AddTerm]] = []
    for line, values in read:
        try:
            items.append((line, _ITEM.validate_python({**values, "reason": reason})))
        except ValidationError as error:
            names = ", ".join(sorted({str(mistake["loc"][0]) for mistake in error.errors(include_url=False)}))
            result.take(line, values.get("text", ""), refused("bad_data", constraint=names))
    outcomes = add_terms(actor, [item for _, item in items])
    for (line, item), outcome in zip(items, outcomes, strict=True):
        result.take(line, item.text, outcome)
    return result


def _rows(kept: StoredFile) -> Iterator[tuple[int, dict[str, str]]]:
    """Lines with their values by our names; empty lines are passed over."""
    with kept_files().open(kept.digest) as stream:
        table = SheetOfText(stream, kept.kind, most_rows=MOST_ROWS)
        names = [_HEADINGS.get(cell, "") for cell in table.heading]
        missing = [str(words) for name, words in TERM_COLUMNS.items() if name in _NEEDED and name not in names]
        if missing:
            raise BusinessError("terms_columns_missing", columns="、".join(missing))
        for number, cells in table:
            values = {name: cell for name, cell in zip(names, cells, strict=True) if name}
            if any(values.values()):
                values["severity"] = _SEVERITIES.get(values.get("severity", ""), values.get("severity", ""))
                values["ground"] = _GROUNDS.get(values.get("ground", ""), values.get("ground", "")) or str(Ground.HOUSE)
                yield number, values


_NEEDED = ("text", "severity")
_HEADINGS = {text: name for name, words in TERM_COLUMNS.items() for text in (name, *words.both().values())}
_SEVERITIES = {text: str(s) for s in Severity for text in LABELS[Severity][s].text.both().values()}
_GROUNDS = {text: str(g) for g in Ground for text in LABELS[Ground][g].text.both().values()}
