"""O1.2: sessions open at their times, once; the clean set goes in one action; who checked signs."""

from datetime import timedelta

import pytest

from shopkeeper.flows.fulfilment.intake.commands.confirm_session import ConfirmSession, confirm_session
from shopkeeper.flows.fulfilment.intake.commands.open_check_sessions import OpenSession, open_check_sessions
from shopkeeper.flows.fulfilment.intake.commands.sign_session import SignSession, sign_session
from shopkeeper.flows.fulfilment.intake.models import CheckSession
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.shared.errors import NotAllowed
from shopkeeper.sop.models import Deadline
from tests import factories as make
from tests.flows.fulfilment.intake import stage

pytestmark = [pytest.mark.django_db, pytest.mark.clause("O1.2")]
NINE = make.NOON - timedelta(hours=3)


def test_a_session_opens_at_its_time_once(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, NINE)
    shop = make.make_shop()
    first = open_check_sessions.one(SYSTEM, OpenSession(shop.pk))
    assert first.code == "done"
    assert open_check_sessions.one(SYSTEM, OpenSession(shop.pk)).code == "unchanged"
    session = CheckSession.objects.get()
    assert (session.pk, session.scheduled_at) == (first.id, NINE)
    dues = dict(Deadline.objects.values_list("kind", "due_at"))
    assert dues["sign_check_session"] == NINE + timedelta(hours=1)
    assert dues["next_check_session"] == NINE + timedelta(hours=5)


def test_between_the_times_only_the_clock_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, make.NOON)
    shop = make.make_shop()
    assert open_check_sessions.one(SYSTEM, OpenSession(shop.pk)).code == "unchanged"
    assert not CheckSession.objects.exists()
    assert Deadline.objects.get().due_at == make.NOON + timedelta(hours=2)


def test_a_continuous_shop_has_no_sessions(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, NINE)
    shop = make.make_shop()
    stage.continuous(shop)
    open_check_sessions.one(SYSTEM, OpenSession(shop.pk))
    assert not CheckSession.objects.exists()


def test_the_clean_set_goes_and_the_session_is_signed(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, make.NOON)
    shop, sku = stage.shop_with()
    clean = [stage.clean_order(shop, sku) for _ in range(3)]
    held = make.make_order(shop, stage.unknown_line())
    session = make.open_session(shop)
    actor = make.actor_with(stage.CHECK)
    refused = sign_session.one(actor, SignSession(session.pk))
    assert (refused.code, refused.facts["count"]) == ("session_undecided", 3)
    confirmed = confirm_session.one(actor, ConfirmSession(session.pk))
    assert confirmed.facts == {"released": 3, "short": 0, "remaining": 0}
    assert confirm_session.one(actor, ConfirmSession(session.pk)).code == "unchanged"
    assert {stage.state_of(i)[0] for i in clean} == {"released"}
    assert stage.state_of(held)[0] == "to_check"
    signed = sign_session.one(actor, SignSession(session.pk))
    assert (signed.code, signed.facts) == ("done", {"released": 3, "held": 1})
    session.refresh_from_db()
    assert (session.signed_by, session.signed_at, session.held_count) == (actor.id, make.NOON, 1)
    assert sign_session.one(actor, SignSession(session.pk)).code == "unchanged"
    assert confirm_session.one(actor, ConfirmSession(session.pk)).code == "session_signed"
    assert "sign_check_session" not in stage.kinds_of(session.pk)


def test_strangers_change_nothing() -> None:
    shop, sku = stage.shop_with()
    order_id = stage.clean_order(shop, sku)
    session = make.open_session(shop)
    foreign = make.actor_with(stage.CHECK, shops=[make.make_shop()])
    assert confirm_session.one(foreign, ConfirmSession(session.pk)).code == "not_found"
    assert sign_session.one(foreign, SignSession(session.pk)).code == "not_found"
    opener = make.actor_with("fulfilment.session.open", shops=[make.make_shop()])
    assert open_check_sessions.one(opener, OpenSession(shop.pk)).code == "not_found"
    for command, item in (
        (confirm_session, ConfirmSession(session.pk)),
        (sign_session, SignSession(session.pk)),
        (open_check_sessions, OpenSession(shop.pk)),
    ):
        with pytest.raises(NotAllowed):
            command(make.actor_with(), [item])
    assert stage.state_of(order_id)[0] == "to_check"
    session.refresh_from_db()
    assert session.state == "open"
