"""O1.1: a file of orders by a declared profile: read in streams, taken in by thousands, every row accounted for.

An order is new, changed, unchanged or rejected; nothing else can happen to it, and a second import of the same
file changes nothing.
"""

import csv
import logging
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, cast

from shopkeeper.flows.fulfilment.intake.commands.import_orders import ImportOrder
from shopkeeper.flows.fulfilment.intake.commands.import_orders import import_orders as take_in
from shopkeeper.flows.fulfilment.intake.commands.open_import_shop import OpenImportShop, open_import_shop
from shopkeeper.flows.fulfilment.intake.commands.take_in_history import HistoryOrder, take_in_history
from shopkeeper.flows.fulfilment.intake.profiles import (
    FailureSheet,
    ImportRefused,
    ImportRow,
    Profile,
    olist,
    profile_named,
)
from shopkeeper.flows.fulfilment.intake.profiles.failure_sheet import Failure
from shopkeeper.flows.fulfilment.intake.queries.importing import held_among, shop_for_import
from shopkeeper.flows.fulfilment.intake.words import REFUSALS
from shopkeeper.flows.products.listing.commands.import_skus import ImportSku, import_skus
from shopkeeper.flows.products.listing.permissions import Permission as Listing
from shopkeeper.foundation.actor import SYSTEM, Actor
from shopkeeper.foundation.documents.workbooks import TableRefused, cell_text, sheet_rows
from shopkeeper.foundation.files import FileKind, kept_files, shown_name, sniff
from shopkeeper.shared.outcomes import Outcome
from shopkeeper.shared.words import T

log = logging.getLogger(__name__)
BATCH = 1_000
COUNTS = ("read", "created", "updated", "unchanged", "rejected", "held")
Progress = Callable[[int, int | None], bool | None]  # how far; False says: stop here


@dataclass(slots=True)
class Imported:
    """What became of a file; `failures` is the digest of the kept sheet, empty when nothing was rejected.
    `is_stopped` where somebody stopped it with rows left to read."""

    counts: Counter[str] = field(default_factory=Counter)
    failures: str = ""
    is_stopped: bool = False

    def numbers(self) -> dict[str, int]:
        return {name: self.counts[name] for name in COUNTS}


def import_orders(profile: str, path: Path, history: bool, progress: Progress) -> Mapping[str, int]:
    """Import a file or folder as the system. Raises ImportRefused for an unknown profile or an unreadable source.

    The failure sheet is kept among the installation's files; where is said in the log.
    """
    imported = run_import(profile, path, history=history, progress=progress)
    if imported.failures:
        log.warning("orders not taken are listed in %s", kept_files().path(imported.failures))
    return imported.numbers()


@contextmanager
def readable(path: Path, name: str = "") -> Iterator[Path]:
    """A file under its own name (kept files have none), a workbook's first sheet as the CSV it might have been."""
    if not path.is_file():
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="shopkeeper-import-") as folder, path.open("rb") as stream:
        target = Path(folder) / Path(shown_name(name or path.name)).with_suffix(".csv").name
        if sniff(stream.read(4)) is FileKind.XLSX:
            _write_csv(stream, target)
            yield target
        elif name:
            target.symlink_to(path.resolve())
            yield target
        else:
            yield path


def _write_csv(workbook: BinaryIO, target: Path) -> None:
    try:
        with target.open("w", encoding="utf-8-sig", newline="") as stream:
            csv.writer(stream).writerows(map(cell_text, cells) for _, cells in sheet_rows(workbook))
    except TableRefused as refusal:
        if refusal.code == "table_too_large":
            raise ImportRefused(refusal.code, **refusal.facts) from refusal
        raise ImportRefused("import_not_text", file=target.name) from refusal


def run_import(
    name: str,
    path: Path,
    *,
    history: bool,
    progress: Progress,
    actor: Actor = SYSTEM,
    shop_id: int | None = None,
    shown_as: str = "",
) -> Imported:
    """Import in the name of an actor, into a shop given or the profile's own. Raises ImportRefused, NotAllowed."""
    profile = profile_named(name)
    shop = shop_id or _shop_of(profile, actor)
    with readable(path, shown_as) as source:
        rows = profile.read(source, shop)
        if profile.name == "olist":
            _take_skus(source, profile, actor)
        return _take_all(rows, profile, shop, history, actor, progress)


def _take_all(
    rows: Iterator[ImportRow], profile: Profile, shop: int, history: bool, actor: Actor, progress: Progress
) -> Imported:
    imported = Imported()
    with tempfile.SpooledTemporaryFile(max_size=1 << 20, mode="w+b") as spool:
        failures = _Failures()
        while batch := list(islice(rows, BATCH)):
            _take_batch(batch, shop, history, actor, imported, failures)
            if progress(imported.counts["read"], None) is False:
                imported.is_stopped = next(rows, None) is not None
                break
        if failures.rows:
            FailureSheet(failures.rows).write_xlsx(cast("BinaryIO", spool))
            spool.seek(0)
            kept = kept_files().keep(cast("BinaryIO", spool), f"{profile.name}-rejected.xlsx", {FileKind.XLSX})
            imported.failures = kept.digest
    return imported


@dataclass(slots=True)
class _Failures:
    """Rejected rows in the order of the file; each is a few short texts."""

    rows: list[Failure] = field(default_factory=list)


def _shop_of(profile: Profile, actor: Actor) -> int:
    """The profile's shop: one of its name, else the only shop of its platform, else a new one."""
    found = shop_for_import(profile.name, profile.currency)
    if found is not None:
        return found
    made = open_import_shop.one(
        actor, OpenImportShop(profile.name, profile.title.text("zh"), profile.currency, profile.zone)
    )
    assert made.id is not None
    return made.id


def _take_skus(path: Path, profile: Profile, actor: Actor) -> None:
    """The products the tables name become SKUs, where the actor may make them; else lines stay unmatched."""
    if not actor.may(Listing.SKU_IMPORT):
        return
    rows = olist.products(path) if olist.has_products(path) else iter(())
    while batch := list(islice(rows, BATCH)):
        items = [
            ImportSku(
                row.product_no,
                f"{(row.category or 'product').replace('_', ' ')} {row.product_no[:8]}",
                row.category,
                row.weight_g or 0,
                profile.currency,
            )
            for row in batch
        ]
        import_skus(actor, items)


def _take_batch(
    batch: Sequence[ImportRow],
    shop: int,
    history: bool,
    actor: Actor,
    imported: Imported,
    failures: _Failures,
) -> None:
    """One batch: what the reader rejected goes to the sheet, the rest through one command."""
    good = [row for row in batch if row.order is not None]
    if history:
        outcomes = take_in_history(actor, [_as_history(row) for row in good])
    else:
        outcomes = take_in(actor, [ImportOrder(row.order, row.hold) for row in good if row.order])
    answers = dict(zip([id(row) for row in good], outcomes, strict=True))
    counts = imported.counts
    counts["read"] += len(batch)
    accepted: list[str] = []
    for row in batch:
        outcome = answers.get(id(row))
        if outcome is not None and outcome.ok:
            counts[_ending(outcome)] += 1
            accepted.append(row.platform_no)
            continue
        counts["rejected"] += 1
        failures.rows.append(
            FailureSheet.of_row(row) if outcome is None else FailureSheet.of_refusal(row, outcome.code, _said(outcome))
        )
    counts["held"] += held_among(shop, accepted)


def _as_history(row: ImportRow) -> HistoryOrder:
    order, times = row.order, row.history
    assert order is not None
    ended = order.ended_at if order.state == "done" else None
    return HistoryOrder(
        order,
        shipped_at=times.shipped_at if times else None,
        signed_at=times.delivered_at if times else None,
        completed_at=ended,
        hold=row.hold,
    )


def _ending(outcome: Outcome) -> str:
    if not outcome.changed:
        return "unchanged"
    return "updated" if outcome.facts.get("updated") else "created"


def _said(outcome: Outcome) -> T:
    words = REFUSALS.get(outcome.code, T("未导入（{code}）。", "Not taken ({code})."))
    facts: dict[str, Any] = {"constraint": "–", "code": outcome.code, **outcome.facts}
    return words.format(**facts)
