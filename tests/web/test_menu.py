"""Which sections of the menu a phone has at its foot."""

import pytest
from django.urls import get_resolver

from shopkeeper.sop.roles import Role
from shopkeeper.web.menu import MOST_AT_HAND, menu_of, nearest_of
from shopkeeper.web.visitor import actor_of
from tests.factories import make_person

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("role", "own"),
    [
        (Role.CUSTOMER_SERVICE, {"service", "aftersale"}),
        (Role.WAREHOUSE, {"warehouse"}),
        (Role.CAMPAIGN_SPECIALIST, {"marketing"}),
        (Role.OPERATIONS_MANAGER, {"products", "marketing"}),
    ],
)
def test_the_sections_of_own_clauses_are_at_hand_behind_the_workbench(role: Role, own: set[str]) -> None:
    assert get_resolver().url_patterns  # fills the registry of pages
    actor = actor_of(make_person(role).pk)
    assert actor is not None
    menu = menu_of(actor, None, "/")
    at_hand = [section.key for section in nearest_of(menu)]
    assert at_hand[0] == "home"
    assert own <= set(at_hand)
    assert len(at_hand) <= MOST_AT_HAND
    assert at_hand == [section.key for section in menu if section.key in at_hand]  # in the menu's order
