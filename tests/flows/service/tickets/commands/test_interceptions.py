"""S2.2: a parcel on its way is stopped with the courier and followed to its end."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shopkeeper.flows.fulfilment.parcels.models import Parcel
from shopkeeper.flows.service.tickets import performers
from shopkeeper.flows.service.tickets.commands.answer_interceptions import (
    AnswerInterception,
    FollowInterception,
    answer_interceptions,
    follow_interceptions,
)
from shopkeeper.flows.service.tickets.commands.request_interceptions import (
    RequestInterception,
    request_interceptions,
)
from shopkeeper.flows.service.tickets.models import Interception
from shopkeeper.flows.service.tickets.ports import Intercepted, InterceptRequest
from shopkeeper.foundation import business_time
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.errands import ErrandResult, ErrandRow
from shopkeeper.shared.outside import OutsideError
from shopkeeper.sop import sweeper
from shopkeeper.sop.models import Deadline
from tests import factories as make
from tests.flows.fulfilment.parcels import making
from tests.flows.service.tickets.commands.test_changes import WISH
from tests.flows.service.tickets.stage import NOON, actor_of, events_of, make_ticket, was_late

pytestmark = pytest.mark.clause("S2.2")


@pytest.fixture(autouse=True)
def clock(db: None, settings: Any) -> Iterator[None]:
    settings.SHOPKEEPER_CLOCK = "simulated"
    business_time.set_simulated(NOON)
    yield


class FakeCourier:
    """A courier that says what it is told to say."""

    def __init__(self, error: OutsideError | None = None) -> None:
        self.error = error
        self.asked: list[InterceptRequest] = []

    def intercept(self, request: InterceptRequest) -> Intercepted:
        self.asked.append(request)
        if self.error:
            raise self.error
        return Intercepted("IC1")


def ask(courier: FakeCourier, interception_id: int) -> ErrandResult:
    rows = [ErrandRow(1, "intercept_parcel", interception_id, None, {}, 1)]
    return performers.intercept_parcels(performers.Gateways({}, lambda ids: {}, courier), rows)[0]


def begin(parcel: Parcel, kind: str = "return", **fields: Any) -> Interception:
    outcome = request_interceptions.one(SYSTEM, RequestInterception(parcel.pk, kind, "changed_mind", **fields))
    assert outcome.changed, outcome
    return Interception.objects.get(pk=outcome.id)


def move(parcel: Parcel, *codes: str) -> None:
    """Tracking tells of scans, and the reaction follows."""
    for code in codes:
        making.hear(parcel, making.scan(code, making.later(hours=1)))
    follow_interceptions.one(SYSTEM, FollowInterception(parcel.pk))


def state(interception: Interception) -> str:
    return Interception.objects.get(pk=interception.pk).state


def test_accepted_returning_received() -> None:
    parcel = making.sent_parcel()
    interception = begin(parcel)
    assert Deadline.objects.get(kind="interception_answer", subject_id=interception.pk).due_at == NOON + timedelta(
        hours=4
    )
    courier = FakeCourier()
    assert ask(courier, interception.pk).ending == "done"
    (request,) = courier.asked
    assert (request.number, request.type, request.receiver) == (parcel.number, "return", None)
    interception.refresh_from_db()
    assert (interception.state, interception.courier_ref) == ("accepted", "IC1")
    assert Deadline.objects.get(kind="interception_end", subject_id=interception.pk).due_at == NOON + timedelta(days=7)
    move(parcel, "103", "6")
    assert state(interception) == "returning"
    move(parcel, "4")
    interception.refresh_from_db()
    assert (interception.state, interception.ended_at is not None) == ("received", True)
    assert not was_late("interception_end", interception.pk)
    assert events_of("tickets.interception_ended")[-1]["outcome"] == "received"
    assert ask(courier, interception.pk).ending == "done"
    assert len(courier.asked) == 1  # over: nobody is asked again


def test_refused_by_the_courier() -> None:
    interception = begin(making.sent_parcel())
    ask(FakeCourier(OutsideError("permanent", "out_for_delivery")), interception.pk)
    interception.refresh_from_db()
    assert (interception.state, interception.answer_code) == ("refused", "out_for_delivery")
    assert not Deadline.objects.filter(kind__startswith="interception", subject_id=interception.pk).exists()


def test_a_courier_in_trouble_is_asked_again() -> None:
    interception = begin(making.sent_parcel())
    assert ask(FakeCourier(OutsideError("transient", "http_503")), interception.pk).ending == "retry"
    assert state(interception) == "requested"


def test_delivered_all_the_same_is_a_failure() -> None:
    parcel = making.sent_parcel()
    interception = begin(parcel)
    ask(FakeCourier(), interception.pk)
    move(parcel, "103", "301")
    assert state(interception) == "failed"


def test_redirected_to_the_new_address() -> None:
    parcel = making.sent_parcel()
    interception = begin(parcel, "redirect", receiver=WISH)
    courier = FakeCourier()
    ask(courier, interception.pk)
    (request,) = courier.asked
    assert request.receiver is not None and request.receiver.name == "李雷"
    assert "李雷" not in repr(request)
    move(parcel, "103", "301")
    assert state(interception) == "redirected"


def test_tracking_may_tell_before_the_courier_answers() -> None:
    parcel = making.sent_parcel()
    interception = begin(parcel)
    move(parcel, "103", "6")
    assert state(interception) == "returning"
    kinds = Deadline.objects.filter(kind__startswith="interception").values_list("kind", flat=True)
    assert list(kinds) == ["interception_end"]
    assert ask(FakeCourier(), interception.pk).ending == "done"
    assert state(interception) == "returning"


def test_no_answer_in_time_is_late() -> None:
    interception = begin(making.sent_parcel())
    business_time.set_simulated(NOON + timedelta(hours=5))
    sweeper.sweep()
    assert Deadline.objects.get(kind="interception_answer", subject_id=interception.pk).late_at is not None


def test_an_agent_records_what_the_courier_said_on_the_phone() -> None:
    interception = begin(making.sent_parcel())
    agent = actor_of(make.make_person("customer_service"))
    assert answer_interceptions.one(agent, AnswerInterception(interception.pk, True)).code == "evidence_needed"
    said = AnswerInterception(interception.pk, True, evidence="圆通客服 8012 口头受理")
    assert answer_interceptions.one(agent, said).changed
    assert answer_interceptions.one(agent, said).code == "unchanged"
    no = AnswerInterception(interception.pk, False, evidence="改口")
    assert answer_interceptions.one(agent, no).code == "interception_ended"


def test_what_cannot_be_stopped_is_refused_with_its_reason() -> None:
    waiting, sent, gone = making.numbered_parcel(), making.sent_parcel(), making.sent_parcel()
    move(gone, "103", "301")
    stranger = make_ticket(sent.shop, "拦截", customer_ref="somebody-else")
    outcomes = request_interceptions(
        SYSTEM,
        [
            RequestInterception(waiting.pk, "return", "changed_mind"),
            RequestInterception(gone.pk, "return", "changed_mind"),
            RequestInterception(sent.pk, "redirect", "away"),
            RequestInterception(sent.pk, "redirect", "away", receiver=replace(WISH, phone="1381234")),
            RequestInterception(sent.pk, "return", "away", ticket_id=stranger.pk),
        ],
    )
    codes = ["not_handed_over", "parcel_ended", "address_needed", "bad_phone", "not_their_order"]
    assert [outcome.code for outcome in outcomes] == codes
    item = RequestInterception(sent.pk, "return", "changed_mind")
    assert [o.code for o in request_interceptions(SYSTEM, [item, item])] == ["done", "unchanged"]
    assert request_interceptions.one(SYSTEM, item).code == "unchanged"


def test_another_shops_parcel_does_not_exist() -> None:
    other = make.make_shop()
    actor = actor_of(make.make_person("customer_service", shops=[other]), shops=[other])
    item = RequestInterception(making.sent_parcel().pk, "return", "changed_mind")
    assert request_interceptions.one(actor, item).code == "not_found"
