"""O1.3/P2.1: a code under which orders come in means a SKU that we know: put, and taken away again."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.products.listing.events import SkuAliasDropped, SkuAliasPut
from shopkeeper.flows.products.listing.permissions import Permission
from shopkeeper.flows.products.listing.rules.entries import CODE_MOST
from shopkeeper.flows.products.listing.sql import aliases as sql
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import EVERYWHERE
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged


@dataclass(frozen=True, slots=True)
class PutAlias:
    """Orders that name `code` mean the SKU."""

    sku_id: int
    code: str
    reason: Annotated[str, Field(max_length=200)] = ""


@command(clause="O1.3", permission=Permission.PRODUCT_EDIT, scope=EVERYWHERE)
def put_aliases(step: Step, items: Sequence[PutAlias]) -> list[Outcome]:
    """Give SKUs other codes; orders that wait for one of them are matched then.

    Refused: "sku_not_found", "sku_code_unreadable", "alias_is_a_sku" for a SKU's own code, "alias_taken" by another
    SKU. The same again is unchanged.
    """
    codes = [item.code.strip() for item in items]
    known = {row.code: row for row in sorted(sql.LOCK_CODES.rows(codes=sorted(set(codes))), key=lambda r: r.is_own)}
    skus = {row.id for row in sql.SKUS.rows(ids=sorted({item.sku_id for item in items}))}
    putting: dict[str, PutAlias] = {}
    refusals = []
    for item, code in zip(items, codes, strict=True):
        refusals.append(_refusal(item, code, skus, known.get(code), putting.get(code)))
        if not refusals[-1] and code not in known:
            putting.setdefault(code, item)
    rows = sql.PUT.rows(
        now=step.now,
        actor_id=step.actor.id,
        skus=[item.sku_id for item in putting.values()],
        codes=list(putting),
        reasons=[item.reason.strip() for item in putting.values()],
    )
    step.emit(*(SkuAliasPut(row.product_id, row.sku_id, row.code) for row in rows))
    made = {row.code: row.id for row in rows}
    return [
        refused(refusal, item.sku_id, alias=code)
        if refusal
        else done(id_)
        if (id_ := made.pop(code, 0))
        else unchanged()
        for item, code, refusal in zip(items, codes, refusals, strict=True)
    ]


def _refusal(item: PutAlias, code: str, skus: set[int], known: sql.NamedRow | None, beside: PutAlias | None) -> str:
    if not 0 < len(code) <= CODE_MOST or any(c.isspace() for c in code) or "\x00" in code:
        return "sku_code_unreadable"
    if item.sku_id not in skus:
        return "sku_not_found"
    if known is not None and known.is_own:
        return "alias_is_a_sku"
    taken = known.sku_id if known is not None else beside.sku_id if beside is not None else item.sku_id
    return "alias_taken" if taken != item.sku_id else ""


@dataclass(frozen=True, slots=True)
class DropAlias:
    alias_id: int


@command(clause="O1.3", permission=Permission.PRODUCT_EDIT, scope=EVERYWHERE)
def drop_aliases(step: Step, items: Sequence[DropAlias]) -> list[Outcome]:
    """Take codes away; orders matched by them stay matched. One that is gone is unchanged."""
    rows = sql.DROP.rows(ids=sorted({item.alias_id for item in items}))
    step.emit(*(SkuAliasDropped(row.product_id, row.sku_id, row.code) for row in rows))
    gone = {row.id for row in rows}
    outcomes = []
    for item in items:
        outcomes.append(done(item.alias_id) if item.alias_id in gone else unchanged(item.alias_id))
        gone.discard(item.alias_id)
    return outcomes
