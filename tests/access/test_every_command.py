"""Role × command × foreign shop, made from the registry: refused, and nothing changed. And every double click."""

import json
import threading
from dataclasses import asdict

import pytest
from django.db import connection
from django.test import Client

from shopkeeper.api.auth import token_hash
from shopkeeper.foundation.commands import COMMANDS
from shopkeeper.foundation.models import ApiToken
from shopkeeper.foundation.scope import Everywhere
from shopkeeper.shared.clock import machine_now
from shopkeeper.shared.errors import BusinessError, NotAllowed
from shopkeeper.sop.roles import Role
from shopkeeper.web.visitor import actor_of
from tests import factories as make
from tests.access import world
from tests.access.items import ITEMS

OPEN = sorted(name for name, command in COMMANDS.items() if not command.internal)
# About people (one's own tokens; a manager ends anybody's), or about things that belong to no shop.
# Thresholds, reminders and target margins are of SKUs and categories, whose pieces in all warehouses count together.
OF_NOBODY = {
    "make_api_token",
    "revoke_api_token",
    "import_skus",
    "set_thresholds",
    "note_restock_order",
    "snooze_restock",
    "close_restock",
    "set_target_margins",
}
# Words and what is approved of a product count in every shop: products are of no shop.
OF_NOBODY |= {"add_terms", "retire_terms", "grant_exemptions", "revoke_exemptions", "review_products",
              "put_off_publishing"}  # fmt: skip

# Research, strategy and selection are the company's, not a shop's.
OF_NOBODY |= {
    "take_in_research", "save_strategy", "submit_strategy", "withdraw_strategy", "decide_strategy",
    "propose_candidates", "drop_candidates", "make_selection_list", "submit_selection_list",
    "withdraw_selection_list", "decide_selection_list", "draft_candidates",
}  # fmt: skip

# Products, their pictures and the category tree are of no shop: the same goods are sold in all of them.
OF_NOBODY |= {
    "save_product", "submit_product", "withdraw_products", "retire_products", "revive_products", "import_products",
    "attach_images", "remove_images", "order_images", "inspect_images", "set_tags", "set_promises", "add_categories",
    "rename_categories", "move_categories", "retire_categories", "map_categories", "set_templates",
    "put_aliases", "drop_aliases",
}  # fmt: skip

# Agents are people of the company: presence and skills count in whatever shops they look after.
OF_NOBODY |= {"set_presence", "set_agents"}

# Working days and days off are the country's: they hold for every shop.
OF_NOBODY |= {"set_calendar_days"}

# An after-sale policy is a platform's: it holds for every shop there.
OF_NOBODY |= {"publish_aftersale_policy"}

# A visitor that is one of us is so in every shop; the lake is one for all of them.
OF_NOBODY |= {"list_staff_visitors", "unlist_sources", "ask_rebuild"}

# The newcomer's panel is one's own: whoever asks is meant.
OF_NOBODY |= {"end_first_visit"}


def test_every_command_with_a_door_is_tried_here() -> None:
    assert set(OPEN) <= set(ITEMS)


def actor_of_role(role: str, place: world.Place):
    return actor_of(make.make_person(role, shops=[place.shop], warehouses=[place.warehouse]).pk)


@pytest.mark.django_db
@pytest.mark.clause("G4")
def test_whoever_lacks_the_permission_is_refused_and_nothing_changes() -> None:
    place = world.build()
    actors = [actor_of_role(role, place) for role in Role]
    before = world.fingerprint()
    refused = 0
    for name in OPEN:
        command = COMMANDS[name]
        item = ITEMS[name](place)
        for actor in actors:
            if not actor.may(command.permission):
                with pytest.raises(NotAllowed):
                    command(actor, [item])
                refused += 1
    assert refused > 100
    assert world.fingerprint() == before


@pytest.mark.django_db
@pytest.mark.clause("G4")
def test_rows_of_a_foreign_shop_or_warehouse_do_not_exist_for_anybody() -> None:
    own, foreign = world.build(), world.build()
    actors = [actor_of_role(role, own) for role in Role]
    before = world.fingerprint()
    tried = 0
    for name in OPEN:
        if name in OF_NOBODY | {"start_bulk"}:  # a bulk's orders are checked one by one by the command it runs
            continue
        command = COMMANDS[name]
        item = ITEMS[name](foreign)
        for actor in actors:
            if actor.may(command.permission):
                try:
                    outcome = command.one(actor, item)
                except BusinessError as error:
                    assert error.code == "not_found", (name, error.code)
                else:
                    assert outcome.code == "not_found", (name, actor.roles, outcome)
                tried += 1
    assert tried > 50
    assert world.fingerprint() == before


def test_a_command_without_scope_is_a_decision() -> None:
    """Whoever adds an unscoped command has to say here why it needs none."""
    unscoped = {name for name in OPEN if isinstance(COMMANDS[name].scope, Everywhere)}
    assert unscoped <= OF_NOBODY | {
        "erase_person", "reveal_personal_data",  # the record's own shop is checked inside
        "start_bulk",  # each order is checked by the command it runs
    }  # fmt: skip


@pytest.mark.clause("G6")
def test_a_double_click_on_any_command_has_one_effect(fresh_db) -> None:
    """The same request twice in parallel under one key: the same bytes twice, one run on record."""
    place = world.build()
    person = make.make_person(*Role)
    token = "double-click"
    ApiToken.objects.create(person=person, name="t", token_hash=token_hash(token), made_at=machine_now())
    for name in OPEN:
        command = COMMANDS[name]
        body = json.dumps({"items": [asdict(ITEMS[name](place))]}, default=_plain)
        path = f"/api/v1/{command.desk}/{name.replace('_', '-')}"
        answers = _twice(path, body, {"Authorization": f"Bearer {token}", "Idempotency-Key": f"key-{name}"})
        assert {status for status, _ in answers} == {200}, (name, answers)
        assert len(set(answers)) == 1, (name, answers)
        assert _runs(name, person.pk) == 1, name


def _plain(value: object) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def _twice(path: str, body: str, headers: dict[str, str]) -> list[tuple[int, bytes]]:
    answers: list[tuple[int, bytes]] = []
    meet = threading.Barrier(2)

    def send() -> None:
        meet.wait(5)
        answer = Client(headers=headers).post(path, body, content_type="application/json")
        answers.append((answer.status_code, answer.content))
        connection.close()

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def _runs(name: str, person_id: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM foundation_commandrun WHERE command = %s AND actor_id = %s", [name, person_id]
        )
        return cursor.fetchone()[0]
