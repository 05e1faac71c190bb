"""P2.1: a table of products is read in pieces, tried out or taken, every product accounted for.

A product is new, changed, unchanged or refused; nothing else can happen to it, and a second import of the same
table changes nothing. A dry run does the same and takes it back.
"""

import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import BinaryIO, cast

from django.db import transaction

from shopkeeper.flows.products.listing.commands.save_product import SaveProduct, save_product
from shopkeeper.flows.products.listing.profiles.failures import Failure, write_failures
from shopkeeper.flows.products.listing.profiles.sheet import Entered, Problem, entries, title_of
from shopkeeper.flows.products.listing.profiles.table import read_table
from shopkeeper.flows.products.listing.queries.importing import known_products, living_tree, text_findings
from shopkeeper.flows.products.listing.queries.saying import place_said, said
from shopkeeper.flows.products.listing.rules.tree import Tree
from shopkeeper.flows.products.listing.words import REFUSALS
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.files import FileKind, kept_files
from shopkeeper.shared.outcomes import Outcome
from shopkeeper.shared.words import T
from shopkeeper.sop.policy import read_policies

BATCH = 250
COUNTS = ("read", "created", "updated", "unchanged", "rejected", "to_mend")
NOT_TAKEN, TO_MEND = T("未导入", "Not taken"), T("待完善", "To mend")
Progress = Callable[[int], None]


@dataclass(slots=True)
class Imported:
    """What became of a table; `failures` is the digest of the kept sheet, empty when there is nothing to say."""

    counts: Counter[str] = field(default_factory=Counter)
    failures: str = ""
    rows: list[Failure] = field(default_factory=list)

    def numbers(self) -> dict[str, int]:
        return {name: self.counts[name] for name in COUNTS}


def run_import(path: Path, actor: Actor, *, dry_run: bool, progress: Progress) -> Imported:
    """Import a table in an actor's name. Raises ImportRefused, NotAllowed."""
    imported, tree = Imported(), living_tree()
    products = entries(read_table(path))
    while batch := list(islice(products, BATCH)):
        _take(batch, actor, tree, imported, dry_run)
        progress(imported.counts["read"])
    if imported.rows:
        with tempfile.SpooledTemporaryFile(max_size=1 << 20, mode="w+b") as spool:
            write_failures(cast("BinaryIO", spool), imported.rows)
            spool.seek(0)
            kept = kept_files().keep(cast("BinaryIO", spool), "products-not-taken.xlsx", {FileKind.XLSX})
            imported.failures = kept.digest
    return imported


def _take(batch: Sequence[Entered], actor: Actor, tree: Tree, imported: Imported, dry_run: bool) -> None:
    imported.counts["read"] += len(batch)
    known = known_products([entered.code for entered in batch])
    good = []
    for entered in batch:
        _find_category(entered, tree)
        if entered.problems:
            imported.counts["rejected"] += 1
            imported.rows += [_failure(entered, problem) for problem in entered.problems]
        else:
            good.append(entered)
    with transaction.atomic():
        outcomes = save_product(actor, [_item(entered, known) for entered in good])
        ids = [outcome.id for outcome in outcomes if outcome.ok and outcome.id]
        findings = text_findings(ids, read_policies())
        transaction.set_rollback(dry_run)
    for entered, outcome in zip(good, outcomes, strict=True):
        imported.counts[_ending(outcome, entered.code in known)] += 1
        if not outcome.ok:
            imported.rows.append(_refusal(entered, outcome))
            continue
        mend = findings.get(outcome.id or 0, ())
        imported.counts["to_mend"] += bool(mend)
        for finding in mend:
            reason, remedy = said(finding)
            place = place_said(finding.place)
            words = (f"{reason.text('zh')}。{remedy.text('zh')}", f"{reason.text('en')}. {remedy.text('en')}")
            imported.rows.append((TO_MEND, entered.row, entered.code, str(place), "", finding.code, *words))


def _find_category(entered: Entered, tree: Tree) -> None:
    """The leaf a row's path leads to."""
    if entered.category_path is None:
        return
    leaf = tree.leaf_at(entered.category_path)
    if leaf is None:
        shown = "/".join(entered.category_path)
        entered.problems.append(Problem(entered.row, str(title_of("leaf")), shown[:80], "category_unknown"))
    else:
        entered.fields["leaf_id"] = leaf


def _item(entered: Entered, known: dict[str, tuple[int, int]]) -> SaveProduct:
    """The item; a table without the column of versions is about what stands now."""
    there = known.get(entered.code)
    if there is None:
        return SaveProduct(entered.code, skus=tuple(entered.skus), **entered.fields)
    version = there[1] if entered.version is None else entered.version
    return SaveProduct(entered.code, there[0], version, skus=tuple(entered.skus), **entered.fields)


def _ending(outcome: Outcome, was_there: bool) -> str:
    if not outcome.ok:
        return "rejected"
    if not outcome.changed:
        return "unchanged"
    return "updated" if was_there else "created"


def _failure(entered: Entered, problem: Problem) -> Failure:
    words = REFUSALS[problem.code]
    shown = (problem.column, problem.value, problem.code)
    return (NOT_TAKEN, problem.row, entered.code, *shown, words.text("zh"), words.text("en"))


def _refusal(entered: Entered, outcome: Outcome) -> Failure:
    words = REFUSALS.get(outcome.code, T("没有保存（{constraint}）。", "Not saved ({constraint})."))
    filled = words.format(**{"constraint": outcome.code, **outcome.facts})
    return (NOT_TAKEN, entered.row, entered.code, "", "", outcome.code, filled.text("zh"), filled.text("en"))
