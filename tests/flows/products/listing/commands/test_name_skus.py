"""O1.3: another code means a SKU: orders that waited for it are matched, later ones as they come."""

import pytest

from shopkeeper.flows.fulfilment.intake.models import Order, OrderLine
from shopkeeper.flows.fulfilment.intake.reactions import match_waiting
from shopkeeper.flows.products.listing.commands.name_skus import DropAlias, PutAlias, drop_aliases, put_aliases
from shopkeeper.flows.products.listing.events import SkuAliasPut
from shopkeeper.flows.products.listing.models import Sku, SkuAlias
from shopkeeper.flows.products.listing.permissions import Permission
from shopkeeper.foundation.actor import SYSTEM, Actor
from shopkeeper.foundation.events import Recorded
from shopkeeper.shared.errors import NotAllowed
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.clause("O1.3")]


def specialist() -> Actor:
    return make.actor_with(Permission.PRODUCT_EDIT)


def announced(sku: Sku, code: str) -> None:
    """What the log says of codes reaches the orders, as it is wired."""
    match_waiting(SYSTEM, [Recorded(1, 1, SkuAliasPut(sku.product_id, sku.pk, code), make.NOON, 0, "O1.3")])


def test_orders_that_wait_for_the_code_are_matched_and_later_ones_too() -> None:
    shop, sku = make.make_shop(), make.make_sku()
    make.stock_up(sku, make.make_warehouse(), 50)
    waiting = make.make_order(shop, make.received_line(None, outer_code="OLD-949"))
    assert Order.objects.get(id=waiting).open_holds == ["unknown_sku"]
    assert put_aliases.one(specialist(), PutAlias(sku.pk, " OLD-949 ", "旧编码")).changed
    announced(sku, "OLD-949")
    assert "unknown_sku" not in Order.objects.get(id=waiting).open_holds
    assert OrderLine.objects.get(order_id=waiting).sku_id == sku.pk
    later = make.make_order(shop, make.received_line(None, outer_code="OLD-949"))
    assert OrderLine.objects.get(order_id=later).sku_id == sku.pk
    alias = SkuAlias.objects.get()
    assert drop_aliases.one(specialist(), DropAlias(alias.pk)).changed
    assert drop_aliases.one(specialist(), DropAlias(alias.pk)).code == "unchanged"
    assert OrderLine.objects.get(order_id=waiting).sku_id == sku.pk
    after = make.make_order(shop, make.received_line(None, outer_code="OLD-949"))
    assert Order.objects.get(id=after).open_holds == ["unknown_sku"]


def test_a_skus_own_code_goes_first() -> None:
    shop, named = make.make_shop(), make.make_sku()
    assert put_aliases.one(specialist(), PutAlias(named.pk, "CUP-9")).changed
    own = make.make_sku(code="CUP-9")
    order = make.make_order(shop, make.received_line(None, outer_code="CUP-9"))
    assert OrderLine.objects.get(order_id=order).sku_id == own.pk


def test_what_cannot_be_is_refused_and_the_same_again_is_unchanged() -> None:
    one, two = make.make_sku(), make.make_sku()
    codes = put_aliases(
        specialist(),
        [
            PutAlias(one.pk, "A-1"), PutAlias(one.pk, "A-1"), PutAlias(two.pk, "A-1"), PutAlias(one.pk, two.code),
            PutAlias(one.pk, "two words"), PutAlias(one.pk, ""), PutAlias(10**12, "A-2"),
        ],
    )  # fmt: skip
    assert [outcome.code for outcome in codes] == [
        "done", "unchanged", "alias_taken", "alias_is_a_sku", "sku_code_unreadable", "sku_code_unreadable",
        "sku_not_found",
    ]  # fmt: skip
    assert put_aliases.one(specialist(), PutAlias(one.pk, "A-1")).code == "unchanged"
    assert put_aliases.one(specialist(), PutAlias(two.pk, "A-1")).code == "alias_taken"
    assert list(SkuAlias.objects.values_list("code", "sku_id")) == [("A-1", one.pk)]


def test_nobody_names_skus_without_the_permission() -> None:
    sku = make.make_sku()
    with pytest.raises(NotAllowed):
        put_aliases.one(make.actor_with(Permission.PRODUCT_VIEW), PutAlias(sku.pk, "A-1"))
    assert not SkuAlias.objects.exists()
