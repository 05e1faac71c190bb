"""Products entered and edited by the thousand: judged in memory one after the other, written in a few statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from shopkeeper.flows.products.listing import events
from shopkeeper.flows.products.listing.batches.pictures import look_again
from shopkeeper.flows.products.listing.batches.standing import Standing, Stock, load
from shopkeeper.flows.products.listing.batches.versions import step_up
from shopkeeper.flows.products.listing.rules.entries import (
    SKUS_MOST,
    Content,
    SkuContent,
    SkuEntry,
    merged,
    merged_sku,
    renamed_skus,
    unreadable,
    unreadable_sku,
)
from shopkeeper.flows.products.listing.rules.searching import search_fields
from shopkeeper.flows.products.listing.sql import products as sql
from shopkeeper.flows.products.listing.states import ProductState
from shopkeeper.foundation.commands import Collided, Step
from shopkeeper.foundation.sql import as_json
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wanted of one product: found by id, else by code; fields that are None stay as they are."""

    product_id: int | None
    version: int | None
    code: str
    fields: dict[str, Any]
    skus: Sequence[SkuEntry]


def save(step: Step, wishes: Sequence[Wish], source: str) -> list[Outcome]:
    """Make and edit products; outcome per wish. See save_product for the refusals."""
    newcomers = sorted({wish.code for wish in wishes if wish.product_id is None})
    if newcomers:  # two who enter the same product at once: the second finds what the first made
        sql.LOCK_NEW_CODES.run(codes=newcomers)
    stock = load(
        ids=[wish.product_id for wish in wishes if wish.product_id is not None],
        codes=[wish.code for wish in wishes if wish.product_id is None],
        sku_codes=[sku.code.strip() for wish in wishes for sku in wish.skus],
        barcodes=[(sku.barcode or sku.code).strip() for wish in wishes for sku in wish.skus],
        leaves=[leaf for wish in wishes if (leaf := wish.fields.get("leaf_id"))],
    )
    answers = [_apply(stock, wish) for wish in wishes]
    _write(step, list(dict.fromkeys(standing for _, standing in answers if standing)), source)
    return [
        done(standing.id, version=standing.version, code=standing.content.code)
        if outcome is None and standing
        else outcome or refused("not_found")
        for outcome, standing in answers
    ]


def _apply(stock: Stock, wish: Wish) -> tuple[Outcome | None, Standing | None]:
    """Judge one wish and, where it may be, change what stands in memory; the outcome is None where it did."""
    found = stock.found(wish.product_id, wish.code)
    if wish.product_id is not None and found is None:
        return refused("not_found", wish.product_id), None
    base = found.content if found else Content(wish.code)
    content = merged(base, wish.fields)
    skus = _skus_after(found, content, wish)
    refusal = _refusal(stock, content, skus, wish)
    if refusal:
        return refusal, None
    changed = [name for name in Content.__dataclass_fields__ if getattr(content, name) != getattr(base, name)]
    moved = {code for code, sku in skus.items() if found is None or found.skus.get(code) != sku}
    if found and not changed and not moved:
        return unchanged(found.id or None, version=found.version, code=content.code), None
    refusal = _may_edit(found, wish, skus) if found else None
    if refusal:
        return refusal, None
    standing = found or _newcomer(stock, content)
    _take(stock, standing, content, skus, [*changed, *(["skus"] if moved else [])], moved)
    return None, standing


def _skus_after(found: Standing | None, content: Content, wish: Wish) -> dict[str, SkuContent]:
    """The variants the wish touches, as they would be; those called as the product is follow its new title."""
    standing = found.skus if found else {}
    before = found.content.title if found else content.title
    renamed = renamed_skus(standing, before, content.title)
    bases = standing | renamed
    return renamed | {
        entry.code.strip(): merged_sku(bases.get(entry.code.strip()), entry, content.title) for entry in wish.skus
    }


def _refusal(stock: Stock, content: Content, skus: dict[str, SkuContent], wish: Wish) -> Outcome | None:
    """What can never be kept, whoever holds which version."""
    code = unreadable(content)
    if code:
        return refused(code, wish.product_id)
    if wish.fields.get("leaf_id") and content.leaf_id not in stock.leaves:
        return refused("category_unknown", wish.product_id)
    if len(wish.skus) > SKUS_MOST or len({entry.code.strip() for entry in wish.skus}) < len(wish.skus):
        return refused("skus_twice_or_too_many", wish.product_id, limit=SKUS_MOST)
    barcodes: set[str] = set()
    for sku in skus.values():
        problem = unreadable_sku(sku)
        if not problem and stock.owner_of_code.get(sku.code, content.code) != content.code:
            problem = "sku_code_taken"
        if not problem and (stock.owner_of_barcode.get(sku.barcode, sku.code) != sku.code or sku.barcode in barcodes):
            problem = "barcode_taken"
        if problem:
            return refused(problem, wish.product_id, sku=sku.code, barcode=sku.barcode)
        barcodes.add(sku.barcode)
    return None


def _may_edit(found: Standing, wish: Wish, skus: dict[str, SkuContent]) -> Outcome | None:
    """Whether this version may be edited now."""
    if wish.product_id is None:
        return refused("product_code_taken", found.id or None, product=found.content.code)
    if wish.version is None:
        return refused("version_needed", found.id)
    if not found.content_version <= wish.version <= found.version:
        return refused("stale_version", found.id, version=found.version, yours=wish.version)
    if found.state == ProductState.SUBMITTED:
        return refused("under_review", found.id)
    if found.state == ProductState.RETIRED:
        return refused("product_retired", found.id)
    if found.was_approved:
        for code, sku in skus.items():
            before = found.skus.get(code)
            if before and (before.price_minor, before.currency) != (sku.price_minor, sku.currency):
                return refused("price_by_plan", found.id, sku=code)
    return None


def _newcomer(stock: Stock, content: Content) -> Standing:
    standing = Standing(0, ProductState.DRAFT, 1, 1, False, content)
    stock.by_code[content.code] = standing
    return standing


def _take(
    stock: Stock,
    standing: Standing,
    content: Content,
    skus: dict[str, SkuContent],
    fields: list[str],
    moved: set[str],
) -> None:
    if not standing.is_new and not standing.fields:
        standing.version += 1
        standing.content_version = standing.version
    standing.content = content
    standing.skus |= skus
    standing.touched_skus |= moved
    standing.fields += [name for name in fields if name not in standing.fields]
    for sku in skus.values():
        stock.owner_of_code[sku.code] = content.code
        stock.owner_of_barcode[sku.barcode] = sku.code


def _write(step: Step, touched: Sequence[Standing], source: str) -> None:
    if not touched:
        return
    made = [one for one in touched if one.is_new]
    if made:
        rows = as_json([_record(one) for one in made])
        ids = {row.code: row.id for row in sql.INSERT.rows(rows=rows, now=step.now, actor_id=step.actor.id)}
        if len(ids) < len(made):
            raise Collided("somebody made the same product at this moment")
        for one in made:
            one.id = ids[one.content.code]
    edited = [one for one in touched if one not in made]
    if edited:
        sql.UPDATE.run(rows=as_json([_record(one) for one in edited]))
        look_again(step, [one.id for one in edited if "platforms" in one.fields])
    _write_skus(touched)
    step_up(step, made=[one.id for one in made], edited={one.id: one.fields for one in edited})
    step.emit(*(events.ProductDrafted(one.id, one.content.code, source) for one in made))


def _record(one: Standing) -> dict[str, Any]:
    text, pieces = search_fields(one.content.title, one.content.code, one.content.core_keyword)
    own = {name: getattr(one.content, name) for name in Content.__dataclass_fields__}
    return {**own, "id": one.id, "search_text": text, "search_grams": pieces}


def _write_skus(touched: Sequence[Standing]) -> None:
    fresh, changed = [], []
    for one in touched:
        for place, code in enumerate(one.skus):
            if code not in one.touched_skus:
                continue
            sku = one.skus[code]
            record = {name: getattr(sku, name) for name in SkuContent.__dataclass_fields__}
            text, pieces = search_fields(sku.name, sku.spec, sku.code, sku.barcode)
            record |= {"product_id": one.id, "place": place, "search_text": text, "search_grams": pieces}
            if code in one.sku_ids:
                changed.append({**record, "id": one.sku_ids[code]})
            else:
                fresh.append(record)
    if fresh:
        sql.INSERT_SKUS.run(rows=as_json(fresh))
    if changed:
        sql.UPDATE_SKUS.run(rows=as_json(changed))
