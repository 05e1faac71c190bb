"""Two people at once: one edit stands, the other is told; one product, whoever enters it first."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from shopkeeper.flows.products.listing.commands.save_product import SaveProduct, save_product
from shopkeeper.flows.products.listing.models import Product, ProductVersion
from shopkeeper.foundation.actor import SYSTEM
from tests.flows.products.listing import stage

pytestmark = pytest.mark.clause("P2.1")


def at_once(*acts: Callable[[], str]) -> list[str]:
    """What each answers when all begin together."""
    answers: list[str] = []
    meet = threading.Barrier(len(acts))

    def run(act: Callable[[], str]) -> None:
        meet.wait(5)
        answers.append(act())
        connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(answers)


def test_of_two_edits_of_one_version_one_stands(fresh_db) -> None:
    product = stage.make_draft("TEE")
    edits = [SaveProduct(product_id=product.pk, version=1, title=f"T恤 {name}") for name in ("甲", "乙")]
    answers = at_once(*(lambda edit=edit: save_product.one(SYSTEM, edit).code for edit in edits))
    assert answers == ["done", "stale_version"]
    assert ProductVersion.objects.filter(product=product).count() == 2


def test_a_product_entered_twice_at_once_is_one_product(fresh_db) -> None:
    item = stage.entry("TEE", stage.make_leaf())
    answers = at_once(*[lambda: save_product.one(SYSTEM, item).code] * 2)
    assert answers == ["done", "unchanged"]
    assert Product.objects.count() == 1
