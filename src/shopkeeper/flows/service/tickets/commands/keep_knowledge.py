"""S2.1: what agents know and say: articles written and published by version, canned replies set."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.service.tickets.events import ArticlePublished, ArticleRetired
from shopkeeper.flows.service.tickets.permissions import Permission
from shopkeeper.flows.service.tickets.rules.searching import grams_of, unknown_places
from shopkeeper.flows.service.tickets.sql import offers as sql
from shopkeeper.flows.service.tickets.states import ARTICLE_FLOW, ArticleState, TicketKind
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import InShop, ShopOf
from shopkeeper.foundation.sql import as_json
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged

ARTICLE_SCOPE = ShopOf("tickets_article", "article_id")


@dataclass(frozen=True, slots=True)
class WriteArticle:
    """`code` names the article for ever; writing it again makes the next version. `shop_id` None is for all."""

    code: Annotated[str, Field(pattern=r"^[a-z0-9-]{2,40}$")]
    title: Annotated[str, Field(min_length=1, max_length=120)]
    body: Annotated[str, Field(min_length=1, max_length=20_000)]
    kind: TicketKind = TicketKind.OTHER
    shop_id: int | None = None
    sku_id: int | None = None


@command(clause="S2.1", permission=Permission.KNOWLEDGE_WRITE, scope=InShop())
def write_articles(step: Step, items: Sequence[WriteArticle]) -> list[Outcome]:
    """Write articles: a new one is a draft, a known one gets its next version. The same words are unchanged.

    Refused: "article_elsewhere" for a code that is another shop's, "sku_unknown".
    """
    known = {row.code: row for row in sql.LOCK_ARTICLES.rows(codes=[item.code for item in items], ids=[])}
    wanted = sorted({item.sku_id for item in items if item.sku_id is not None})
    skus = {card.sku_id for card in sql.CARDS.rows(skus=wanted)} if wanted else set()
    refusals = [_refusal(item, known.get(item.code), skus) for item in items]
    last = {item.code: item for item, code in zip(items, refusals, strict=True) if not code}
    going = {code: item for code, item in last.items() if _is_new(item, known.get(code))}
    rows = [{**asdict(item), "grams": grams_of(f"{item.title}\n{item.body}")} for item in going.values()]
    written = {
        row.code: row for row in sql.WRITE_ARTICLES.rows(now=step.now, actor_id=step.actor.id, articles=as_json(rows))
    }
    outcomes, fresh = [], set(written)
    for item, code in zip(items, refusals, strict=True):
        row = known.get(item.code)
        if code:
            outcomes.append(refused(code, row.id if row else None))
        elif item.code in fresh:
            fresh.discard(item.code)
            outcomes.append(done(written[item.code].id, version=written[item.code].version))
        else:
            outcomes.append(unchanged(row.id if row else written[item.code].id))
    _announce_new_words(step, known, list(written.values()))
    return outcomes


def _refusal(item: WriteArticle, known: sql.ArticleRow | None, skus: set[int]) -> str:
    if known and known.shop_id != item.shop_id:
        return "article_elsewhere"
    return "sku_unknown" if item.sku_id is not None and item.sku_id not in skus else ""


def _is_new(item: WriteArticle, known: sql.ArticleRow | None) -> bool:
    words = (item.title, item.body, str(item.kind), item.sku_id)
    return known is None or words != (known.title, known.body, known.kind, known.sku_id)


def _announce_new_words(step: Step, known: dict[str, sql.ArticleRow], written: Sequence[sql.WrittenRow]) -> None:
    """A new version of a published article is what agents read from now on."""
    for row in written:
        if row.code in known and known[row.code].state == ArticleState.PUBLISHED:
            step.emit(ArticlePublished(row.id, row.shop_id, row.version))


@dataclass(frozen=True, slots=True)
class PublishArticle:
    article_id: int


@command(clause="S2.1", permission=Permission.KNOWLEDGE_WRITE, scope=ARTICLE_SCOPE)
def publish_articles(step: Step, items: Sequence[PublishArticle]) -> list[Outcome]:
    """Agents find the articles from now on. Published already is unchanged."""
    rows = {row.id: row for row in sql.LOCK_ARTICLES.rows(codes=[], ids=[item.article_id for item in items])}
    moved = {move.id for move in step.move(ARTICLE_FLOW, sorted(rows), ArticleState.PUBLISHED)}
    step.emit(*(ArticlePublished(id_, rows[id_].shop_id, rows[id_].version) for id_ in sorted(moved)))
    return _moved([item.article_id for item in items], moved)


@dataclass(frozen=True, slots=True)
class RetireArticle:
    article_id: int


@command(clause="S2.1", permission=Permission.KNOWLEDGE_WRITE, scope=ARTICLE_SCOPE)
def retire_articles(step: Step, items: Sequence[RetireArticle]) -> list[Outcome]:
    """Agents find the articles no more; they can be published again. Retired already is unchanged."""
    rows = {row.id: row for row in sql.LOCK_ARTICLES.rows(codes=[], ids=[item.article_id for item in items])}
    moved = {move.id for move in step.move(ARTICLE_FLOW, sorted(rows), ArticleState.RETIRED)}
    step.emit(*(ArticleRetired(id_, rows[id_].shop_id) for id_ in sorted(moved)))
    return _moved([item.article_id for item in items], moved)


def _moved(ids: Sequence[int], moved: set[int]) -> list[Outcome]:
    """Done for the first of each that moved, unchanged for the rest."""
    outcomes = []
    for id_ in ids:
        outcomes.append(done(id_) if id_ in moved else unchanged(id_))
        moved.discard(id_)
    return outcomes


@dataclass(frozen=True, slots=True)
class SetReply:
    """Words said often. Places to be filled: {order} {parcel} {stock} {price} {agent} {shop}."""

    shortcut: Annotated[str, Field(pattern=r"^[^\s/{}]{1,30}$")]
    title: Annotated[str, Field(min_length=1, max_length=60)]
    text: Annotated[str, Field(min_length=1, max_length=1_000)]
    shop_id: int | None = None
    kind: TicketKind | None = None
    is_active: bool = True


@command(clause="S2.1", permission=Permission.KNOWLEDGE_WRITE, scope=InShop())
def set_replies(step: Step, items: Sequence[SetReply]) -> list[Outcome]:
    """Set canned replies by shop and shortcut. Refused: "place_unknown" naming what nothing can fill. The same
    words again are unchanged."""
    last = {(item.shop_id, item.shortcut): item for item in items if not unknown_places(item.text)}
    rows = [{**asdict(item), "kind": item.kind or ""} for item in last.values()]
    changed = {
        (row.shop_id, row.shortcut): row.id
        for row in sql.SET_REPLIES.rows(now=step.now, actor_id=step.actor.id, replies=as_json(rows))
    }
    known = {
        (row.shop_id, row.shortcut): row.id
        for row in sql.REPLIES.rows(shortcuts=sorted({item.shortcut for item in items}))
    }
    outcomes, fresh = [], set(changed)
    for item in items:
        key = (item.shop_id, item.shortcut)
        if unknown := unknown_places(item.text):
            outcomes.append(refused("place_unknown", places=", ".join(f"{{{name}}}" for name in unknown)))
        elif key in fresh:
            fresh.discard(key)
            outcomes.append(done(changed[key]))
        else:
            outcomes.append(unchanged(known.get(key)))
    return outcomes
