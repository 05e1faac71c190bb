"""P2.3: tags by hand and by rule; service promises, with what the law says of returns."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shopkeeper.flows.products.listing import deadlines, events
from shopkeeper.flows.products.listing.batches.saving import Wish, save
from shopkeeper.flows.products.listing.permissions import Permission
from shopkeeper.flows.products.listing.sql import tags as sql
from shopkeeper.flows.products.listing.states import Tag, TagSource
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import EVERYWHERE
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import close
from shopkeeper.sop.policy import policies


@dataclass(frozen=True, slots=True)
class SetTags:
    """All tags a person wants on a product. What is listed is theirs from now on; what is not comes off."""

    product_id: int
    tags: tuple[str, ...]


@command(clause="P2.3", permission=Permission.PRODUCT_EDIT, scope=EVERYWHERE)
def set_tags(step: Step, items: Sequence[SetTags]) -> list[Outcome]:
    """Put tags on and take them off. Tags are not part of what is reviewed. Refused: tag_unknown, not_found."""
    last = {item.product_id: item for item in items if set(item.tags) <= set(Tag)}
    standing = _standing(last)
    changed = {
        i
        for i, item in last.items()
        if i in standing and standing[i] != {tag: str(TagSource.HAND) for tag in item.tags}
    }
    if changed:
        wanted = [(i, tag) for i in sorted(changed) for tag in sorted(set(last[i].tags))]
        _put(step, sorted(changed), wanted, TagSource.HAND)
        step.emit(*(events.TagsChanged(i, sorted(set(last[i].tags)), str(TagSource.HAND)) for i in sorted(changed)))
    outcomes = []
    for item in items:
        if not set(item.tags) <= set(Tag):
            outcomes.append(refused("tag_unknown", item.product_id, known=", ".join(Tag)))
        elif item.product_id not in standing:
            outcomes.append(refused("not_found", item.product_id))
        else:
            outcomes.append(done(item.product_id) if item.product_id in changed else unchanged(item.product_id))
    return outcomes


@dataclass(frozen=True, slots=True)
class RetagProduct:
    product_id: int


@command(clause="P2.3", permission=Permission.PRODUCT_EDIT, scope=EVERYWHERE, internal=True)
def retag_products(step: Step, items: Sequence[RetagProduct]) -> list[Outcome]:
    """Tag by the rule: new for so many days after the first approval, discount while priced below the list.

    What a person put on stays. Called when a tag runs out and when prices change.
    """
    value = policies(step)
    ids = sorted({item.product_id for item in items})
    facts = sql.RULE_FACTS.rows(
        ids=ids, now=step.now, days=value("new_tag_days"), percent=value("discount_tag_percent")
    )
    standing = _standing(ids)
    over = [row.id for row in facts if not row.is_new]
    close(step, deadlines.NEW_TAG, over)
    changed: dict[int, list[str]] = {}
    for row in facts:
        by_rule = {tag for tag, fits in ((Tag.NEW, row.is_new), (Tag.DISCOUNT, row.is_discount)) if fits}
        by_hand = {tag for tag, source in standing[row.id].items() if source == TagSource.HAND}
        before = {tag for tag, source in standing[row.id].items() if source == TagSource.RULE}
        if before != {str(tag) for tag in by_rule} - by_hand:
            changed[row.id] = sorted({str(tag) for tag in by_rule} - by_hand)
    if changed:
        wanted = [(i, tag) for i, tags in sorted(changed.items()) for tag in tags]
        _put(step, sorted(changed), wanted, TagSource.RULE)
        step.emit(*(events.TagsChanged(i, tags, str(TagSource.RULE)) for i, tags in sorted(changed.items())))
    found = {row.id for row in facts}
    outcomes = []
    for item in items:
        if item.product_id not in found:
            outcomes.append(refused("not_found", item.product_id))
        else:
            outcomes.append(done(item.product_id) if item.product_id in changed else unchanged(item.product_id))
    return outcomes


def _standing(product_ids: Iterable[int]) -> dict[int, dict[str, str]]:
    """The tags of these products with who put them on; locked in key order."""
    found: dict[int, dict[str, str]] = {row.id: {} for row in sql.LOCK_PRODUCTS.rows(ids=sorted(product_ids))}
    for row in sql.TAGS.rows(ids=sorted(found)):
        found[row.product_id][row.tag] = row.source
    return found


def _put(step: Step, ids: list[int], wanted: list[tuple[int, str]], source: TagSource) -> None:
    """Set the tags of a source; what a person sets takes the rule's place."""
    sql.TAKE_OFF.run(ids=ids, all=source is TagSource.HAND)
    sql.PUT_ON.run(
        products=[i for i, _ in wanted], tags=[str(tag) for _, tag in wanted], source=str(source), now=step.now
    )


@dataclass(frozen=True, slots=True)
class SetPromises:
    """All promises of a product, and whether the law exempts its goods from return without reason."""

    product_id: int
    version: int
    promises: tuple[str, ...]
    no_reason: str


@command(clause="P2.3", permission=Permission.PRODUCT_EDIT, scope=EVERYWHERE)
def set_promises(step: Step, items: Sequence[SetPromises]) -> list[Outcome]:
    """Set what a product promises; it is reviewed again. Refused as save_product: promise_unknown, stale_version …"""
    wishes = [
        Wish(item.product_id, item.version, "", {"promises": item.promises, "no_reason": item.no_reason}, ())
        for item in items
    ]
    outcomes = save(step, wishes, "form")
    step.emit(
        *(
            events.PromisesChanged(item.product_id, list(item.promises), item.no_reason)
            for item, outcome in zip(items, outcomes, strict=True)
            if outcome.changed
        )
    )
    return outcomes
