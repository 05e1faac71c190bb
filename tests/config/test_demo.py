"""The demo's furniture: whole, by role and scope, and the second time without effect."""

import json
import stat

import pytest
from django.apps import apps
from django.db import connection

from shopkeeper.api.auth import actor_of_token
from shopkeeper.config import demo
from shopkeeper.flows.products.listing.models import CategoryMapping, Product, ProductImage
from shopkeeper.flows.products.stock.queries.audit import stock_audit
from shopkeeper.foundation.models import Person
from shopkeeper.foundation.personal import open_secret
from shopkeeper.shared.clock import machine_now
from shopkeeper.simulator.catalogue import LEAVES, SHOPFRONTS, SOLD
from shopkeeper.sop.clauses import CLAUSES
from shopkeeper.sop.models import ClauseOwner
from shopkeeper.sop.roles import Role

pytestmark = pytest.mark.django_db


def seeded() -> dict[str, str]:
    return demo.seed(lambda done, total: None)


def counts() -> dict[str, int]:
    found = {m._meta.label: m._default_manager.count() for m in apps.get_models() if m._meta.managed}
    for table in ("foundation_event", "foundation_commandrun", "stock_ledger"):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {table}")
            found[table] = cursor.fetchone()[0]
    return found


def test_the_second_time_nothing_changes() -> None:
    first = seeded()
    before = counts()
    assert seeded() == first
    after = counts()
    changed = {name: (before[name], after[name]) for name in after if after[name] != before[name]}
    # What was asked for again and found there is on record as unchanged, and nothing else is.
    assert changed.keys() <= {"foundation_commandrun"}


def test_every_role_is_somebody_and_every_clause_has_its_owner() -> None:
    seeded()
    roles = {role for person in Person.objects.all() for role in person.roles.values_list("role", flat=True)}
    assert roles == {str(role) for role in Role}
    owners = ClauseOwner.objects.filter(deputy__isnull=False)
    assert owners.count() == len(SHOPFRONTS) * len(CLAUSES)
    assert not any(owner.owner_id == owner.deputy_id for owner in owners)
    assert not any(stock_audit().values())


def test_each_colleague_has_a_token_that_opens_what_is_theirs() -> None:
    tokens = seeded()
    depot = actor_of_token(tokens["depot2"], machine_now())
    assert depot is not None
    assert depot.roles == {"warehouse"}
    assert depot.shops is None
    assert depot.warehouses is not None and len(depot.warehouses) == 1
    path = demo.tokens_path()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert json.loads(path.read_text()) == tokens


def test_a_lost_token_file_means_new_tokens() -> None:
    first = seeded()
    demo.tokens_path().unlink()
    second = seeded()
    assert not set(first.values()) & set(second.values())


def test_shops_know_their_platform_where_it_is_told(monkeypatch) -> None:
    from shopkeeper.foundation.models import Shop

    monkeypatch.setenv("SHOPKEEPER_SANDBOX_PLATFORM_URL", "http://127.0.0.1:9/router/rest")
    seeded()
    shop = Shop.objects.get(code="zhanggui")
    assert shop.api_url == "http://127.0.0.1:9/router/rest"
    assert json.loads(open_secret(bytes(shop.credentials_sealed)))["session"] == "sandbox-session-1"
    monkeypatch.setenv("SHOPKEEPER_SANDBOX_PLATFORM_URL", "http://127.0.0.1:10/router/rest")
    seeded()
    assert Shop.objects.get(code="zhanggui").api_url == "http://127.0.0.1:10/router/rest"


@pytest.mark.clause("P2.2", "P2.3")
def test_goods_are_fit_to_be_put_up_on_every_platform() -> None:
    seeded()
    products = {goods.product for goods in SOLD}
    assert Product.objects.filter(code__in=products, state="approved", leaf__level=3).count() == len(products)
    assert CategoryMapping.objects.count() == 2 * len(LEAVES)
    verdicts = ProductImage.objects.filter(product__code__in=products, role="main").values_list("verdict", flat=True)
    assert list(verdicts) == ["passed"] * len(products)
    assert not ProductImage.objects.exclude(verdict="passed").exists()


@pytest.mark.clause("P2.1")
def test_goods_say_what_a_submission_asks_for() -> None:
    seeded()
    for product in Product.objects.filter(code__in={goods.product for goods in SOLD}):
        assert product.core_keyword in product.title
        assert len(product.selling_points) >= 2 and product.scenarios and len(product.description) > 30
        assert len(dict(product.attributes)) >= 3
        assert ("no_reason_return" in product.promises) == (product.no_reason == "yes")
