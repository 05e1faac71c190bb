"""S2.1: what agents know and show, and what became of inquiries."""

from datetime import timedelta

import pytest

from shopkeeper.flows.service.tickets.commands.keep_knowledge import (
    PublishArticle,
    RetireArticle,
    SetReply,
    WriteArticle,
    publish_articles,
    retire_articles,
    set_replies,
    write_articles,
)
from shopkeeper.flows.service.tickets.commands.note_conversions import NoteConversion, note_conversions
from shopkeeper.flows.service.tickets.commands.offer_products import OfferProduct, offer_products
from shopkeeper.flows.service.tickets.models import Article, ArticleVersion, CannedReply, Offer, Ticket
from shopkeeper.flows.service.tickets.permissions import Permission
from shopkeeper.foundation.actor import SYSTEM
from tests import factories as make
from tests.flows.service.tickets.stage import NOON, at, make_ticket

pytestmark = pytest.mark.clause("S2.1")


def test_a_product_is_shown_with_its_price_and_stock_of_the_moment(db: None) -> None:
    shop = make.make_shop()
    sku, empty, gone = make.make_sku(), make.make_sku(), make.make_sku(is_delisted=True)
    make.stock_up(sku, shop.default_warehouse, 12)  # type: ignore[arg-type]
    ticket = make_ticket(shop, "有货吗")
    item = OfferProduct(ticket.pk, sku.pk)
    outcomes = offer_products(
        SYSTEM,
        [
            item,
            item,
            OfferProduct(ticket.pk, empty.pk),
            OfferProduct(ticket.pk, gone.pk),
            OfferProduct(ticket.pk, 10**9),
        ],
    )
    assert [o.code for o in outcomes] == ["done", "unchanged", "out_of_stock", "sku_delisted", "sku_unknown"]
    offer = Offer.objects.get()
    assert (offer.price_minor, offer.currency, offer.available) == (5_000, "CNY", 12)
    Ticket.objects.filter(pk=ticket.pk).update(state="closed")
    assert offer_products.one(SYSTEM, item).code == "ticket_ended"


def test_an_inquiry_becomes_the_next_order_of_the_same_customer_within_the_hours(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = make.make_shop()
    at(monkeypatch, NOON)
    old = make_ticket(shop, "有货吗", customer_ref="uid-1")
    at(monkeypatch, NOON + timedelta(hours=30))
    asked = make_ticket(shop, "什么尺码", customer_ref="uid-1")
    stranger = make_ticket(shop, "什么尺码", customer_ref="uid-2")
    placed = NOON + timedelta(hours=31)
    order = make.make_order(
        shop, make.received_line(), buyer_ref="uid-1", modified_at=placed + timedelta(minutes=5), placed_at=placed
    )
    assert note_conversions.one(SYSTEM, NoteConversion(order)).facts == {"ticket_id": asked.pk}
    assert note_conversions.one(SYSTEM, NoteConversion(order)).code == "unchanged"
    converted = dict(Ticket.objects.values_list("pk", "converted_order_id"))
    assert converted == {old.pk: None, asked.pk: order, stranger.pk: None}


def test_articles_have_versions_and_are_found_once_published(db: None) -> None:
    writer = make.actor_with(Permission.KNOWLEDGE_WRITE)
    first = WriteArticle("return-freight", "退货运费谁出", "七天无理由由买家承担。")
    outcomes = write_articles(writer, [first, first])
    assert [o.code for o in outcomes] == ["done", "unchanged"]
    article_id = outcomes[0].id or 0
    assert publish_articles.one(writer, PublishArticle(article_id)).changed
    assert publish_articles.one(writer, PublishArticle(article_id)).code == "unchanged"
    second = WriteArticle("return-freight", "退货运费谁出", "质量问题由商家承担。")
    assert write_articles.one(writer, second).facts == {"version": 2}
    assert write_articles.one(writer, second).code == "unchanged"
    article = Article.objects.get()
    assert (article.version, article.state) == (2, "published")
    assert "商家" in article.grams and "买家" not in article.grams
    assert list(ArticleVersion.objects.order_by("number").values_list("body", flat=True)) == [first.body, second.body]
    assert retire_articles.one(writer, RetireArticle(article_id)).changed
    assert retire_articles.one(writer, RetireArticle(article_id)).code == "unchanged"
    assert write_articles.one(writer, WriteArticle("x-y", "t", "b", sku_id=10**9)).code == "sku_unknown"


def test_an_article_belongs_to_its_shop(db: None) -> None:
    shop, other = make.make_shop(), make.make_shop()
    writer = make.actor_with(Permission.KNOWLEDGE_WRITE, shops=[shop])
    assert write_articles.one(writer, WriteArticle("size-chart", "尺码", "表", shop_id=shop.pk)).changed
    assert (
        write_articles.one(writer, WriteArticle("size-chart", "尺码", "改", shop_id=None)).code == "article_elsewhere"
    )
    assert write_articles.one(writer, WriteArticle("b-b", "尺码", "表", shop_id=other.pk)).code == "not_found"
    elsewhere = make.actor_with(Permission.KNOWLEDGE_WRITE, shops=[other])
    assert publish_articles.one(elsewhere, PublishArticle(Article.objects.get().pk)).code == "not_found"


def test_canned_replies_have_only_places_that_can_be_filled(db: None) -> None:
    writer = make.actor_with(Permission.KNOWLEDGE_WRITE)
    good = SetReply("wl", "物流", "您的包裹 {parcel}，订单 {order}。")
    assert [o.code for o in set_replies(writer, [good, good])] == ["done", "unchanged"]
    assert set_replies.one(writer, good).code == "unchanged"
    bad = set_replies.one(writer, SetReply("bad", "坏", "{phone}"))
    assert (bad.code, bad.facts["places"]) == ("place_unknown", "{phone}")
    assert set_replies.one(writer, SetReply("wl", "物流", "换了 {order}")).changed
    assert CannedReply.objects.get().text == "换了 {order}"
