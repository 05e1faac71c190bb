"""What agents know: articles found by their words, canned replies filled with live facts, product cards."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from shopkeeper.flows.fulfilment.intake.queries import orders_by_id
from shopkeeper.flows.fulfilment.parcels.queries import all_parcels_of_orders
from shopkeeper.flows.fulfilment.parcels.words import courier_name
from shopkeeper.flows.service.tickets.models import Article, ArticleVersion, CannedReply, Offer, Ticket
from shopkeeper.flows.service.tickets.queries.scope import shop_ids
from shopkeeper.flows.service.tickets.rules.searching import fill, grams_of
from shopkeeper.flows.service.tickets.sql import offers as offer_sql
from shopkeeper.flows.service.tickets.sql import reading as sql
from shopkeeper.flows.service.tickets.sql.offers import CardRow
from shopkeeper.flows.service.tickets.sql.reading import FoundArticle
from shopkeeper.foundation.actor import Actor
from shopkeeper.shared.money import Money
from shopkeeper.shared.words import T

__all__ = [
    "ArticleRecord",
    "CardRow",
    "FilledReply",
    "FoundArticle",
    "VersionLine",
    "article_record",
    "articles_page",
    "canned_replies",
    "canned_reply",
    "filled_replies",
    "product_cards",
]
MISSING = T("〔待补〕", "[to fill in]")
CARDS_MOST = 12


def articles_page(
    viewer: Actor, *, text: str = "", state: str = "published", kind: str = "", shop_id: int | None = None,
    after: str = "", limit: int = 50,
) -> tuple[list[FoundArticle], str]:  # fmt: skip
    """Articles by how well they fit the words, else newest first; and the next key."""
    skip = int(after) if after.isdecimal() and len(after) < 6 else 0
    rows = sql.FIND_ARTICLES.rows(
        grams=grams_of(text),
        state=state,
        kind=kind,
        shops=shop_ids(viewer),
        shop=shop_id,
        skip=skip,
        limit=limit + 1,
    )
    return rows[:limit], str(skip + limit) if len(rows) > limit else ""


@dataclass(frozen=True, slots=True)
class VersionLine:
    number: int
    title: str
    body: str
    made_at: datetime
    made_by: int


@dataclass(frozen=True, slots=True)
class ArticleRecord:
    article: Article
    shop: str
    versions: tuple[VersionLine, ...]

    @property
    def current(self) -> VersionLine:
        return self.versions[0]


def article_record(viewer: Actor, article_id: int) -> ArticleRecord | None:
    """One article with every version, the newest first; None where it is another shop's."""
    articles = Article.objects.select_related("shop", "sku").filter(pk=article_id)
    if viewer.shops is not None:
        articles = articles.filter(Q(shop=None) | Q(shop_id__in=viewer.shops))
    article = articles.first()
    if article is None:
        return None
    versions = ArticleVersion.objects.filter(article=article).order_by("-number")
    lines = tuple(VersionLine(v.number, v.title, v.body, v.made_at, v.made_by) for v in versions)
    return ArticleRecord(article, article.shop.name if article.shop else "", lines)


def canned_replies(viewer: Actor, *, active_only: bool = False, text: str = "") -> list[CannedReply]:
    """The canned replies of the viewer's shops and of all, by shortcut."""
    rows = CannedReply.objects.select_related("shop").order_by("shortcut", "id")
    if viewer.shops is not None:
        rows = rows.filter(Q(shop=None) | Q(shop_id__in=viewer.shops))
    if active_only:
        rows = rows.filter(is_active=True)
    if text:
        rows = rows.filter(Q(shortcut__icontains=text) | Q(title__icontains=text) | Q(text__icontains=text))
    return list(rows[:500])


def canned_reply(viewer: Actor, reply_id: int) -> CannedReply | None:
    rows = CannedReply.objects.filter(pk=reply_id)
    if viewer.shops is not None:
        rows = rows.filter(Q(shop=None) | Q(shop_id__in=viewer.shops))
    return rows.first()


@dataclass(frozen=True, slots=True)
class FilledReply:
    """A canned reply with its places filled for one ticket."""

    id: int
    shortcut: str
    title: str
    text: str


def filled_replies(viewer: Actor, ticket: Ticket) -> list[FilledReply]:
    """The replies that fit a ticket's shop and type, filled with live facts; its own type's first."""
    facts = _facts(viewer, ticket)
    rows = CannedReply.objects.filter(Q(shop=None) | Q(shop_id=ticket.shop_id), is_active=True)
    fitting = sorted(rows, key=lambda r: (r.kind != ticket.kind, r.kind != "", r.shortcut))
    return [
        FilledReply(r.pk, r.shortcut, r.title, fill(r.text, facts, str(MISSING)))
        for r in fitting
        if r.kind in ("", ticket.kind)
    ]


def _facts(viewer: Actor, ticket: Ticket) -> dict[str, str]:
    """What the places stand for: the order and parcel as they are now, the product shown last or bought first."""
    facts = {"agent": viewer.name, "shop": ticket.shop.name}
    sku_id = Offer.objects.filter(ticket=ticket).order_by("-id").values_list("sku_id", flat=True).first()
    order = orders_by_id([ticket.order_id]).get(ticket.order_id) if ticket.order_id else None
    if order:
        facts["order"] = order.number
        sku_id = sku_id or next((line.sku_id for line in order.lines if line.sku_id), None)
        parcels = all_parcels_of_orders([order.id]).get(order.id, [])
        sent = [f"{courier_name(p.courier)} {p.number}" for p in parcels if p.number and p.handed_over_at]
        facts["parcel"] = "、".join(sent)
    for card in offer_sql.CARDS.rows(skus=[sku_id]) if sku_id else []:
        facts["stock"] = str(card.available)
        facts["price"] = str(Money(card.price_minor, card.currency))
    return facts


def product_cards(text: str) -> list[CardRow]:
    """Products by code, barcode or a part of the name, with price and stock of this moment."""
    text = text.strip()[:60]
    return offer_sql.FIND_CARDS.rows(text=text, limit=CARDS_MOST) if text else []
