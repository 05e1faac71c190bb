"""O3.2: tracking is taken in once, in whatever order it comes, with what follows from it."""

import itertools
import random
import threading
from datetime import timedelta

import pytest
from django.db import connection

from shopkeeper.flows.fulfilment.intake.models import Order
from shopkeeper.flows.fulfilment.intake.states import OrderState
from shopkeeper.flows.fulfilment.parcels.commands.hand_over_parcels import HandOver, hand_over_parcels
from shopkeeper.flows.fulfilment.parcels.commands.take_in_tracking import TakeInTracking, take_in_tracking
from shopkeeper.flows.fulfilment.parcels.models import Parcel, ParcelCase
from shopkeeper.flows.fulfilment.parcels.sql import tracking
from shopkeeper.flows.fulfilment.parcels.states import ParcelState
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.models import ErrandEntry
from shopkeeper.foundation.sql import Statement
from shopkeeper.sop.models import Deadline
from tests import factories
from tests.factories import NOON
from tests.flows.fulfilment.parcels import making

pytestmark = pytest.mark.clause("O3.2")


def hours(n: float) -> timedelta:
    return timedelta(hours=n)


def events(type_: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT data::text FROM foundation_event WHERE type = %s", [f"parcels.{type_}"])
        return [row[0] for row in cursor.fetchall()]


def way(parcel: Parcel) -> list[object]:
    return [
        making.scan("103", NOON + hours(3)),
        making.scan("1002", NOON + hours(9)),
        making.scan("204", NOON + hours(20)),
        making.scan("5", NOON + hours(30)),
        making.scan("301", NOON + hours(33), "已签收，签收人：张三丰"),
    ]


def test_a_parcel_goes_its_way_and_the_order_is_signed(clock: None) -> None:
    parcel = making.sent_parcel()
    for scan in way(parcel):
        assert making.hear(parcel, scan) == "done"  # type: ignore[arg-type]
    parcel = making.again(parcel)
    assert (parcel.state, parcel.signed_at) == (ParcelState.SIGNED, NOON + hours(33))
    assert Order.objects.get(id=parcel.order_id).state == OrderState.SIGNED
    (signed,) = events("parcel_signed")
    assert f'"order_id": {parcel.order_id}' in signed
    assert (NOON + hours(33)).isoformat() in signed
    left = set(Deadline.objects.filter(subject_id=parcel.pk).values_list("kind", flat=True))
    assert not {"parcel_stall", "parcel_promise", "tracking_pull"} & left
    case = ParcelCase.objects.get(parcel=parcel)
    assert (case.kind, case.state, case.outcome) == ("undelivered", "closed", "moving_again")
    assert [row.text for row in tracking.SCANS.rows(ids=[parcel.pk])][-1] == "已签收，签收人：***"


def test_told_twice_is_kept_once(clock: None) -> None:
    parcel = making.sent_parcel()
    scan = making.scan("103", NOON + hours(3))
    assert making.hear(parcel, scan, scan) == "done"
    assert making.hear(parcel, scan) == "unchanged"
    assert len(tracking.SCANS.rows(ids=[parcel.pk])) == 1


def test_every_order_of_arrival_ends_the_same(clock: None) -> None:
    orders = list(itertools.permutations(range(5)))
    for order in [orders[0], orders[-1], *random.Random(7).sample(orders, 6)]:
        parcel = making.sent_parcel()
        told = way(parcel)
        for position in order:
            making.hear(parcel, told[position])  # type: ignore[arg-type]
        parcel = making.again(parcel)
        assert (parcel.state, parcel.signed_at, parcel.last_update_at, parcel.track_code) == (
            ParcelState.SIGNED,
            NOON + hours(33),
            NOON + hours(33),
            "301",
        )
        assert not ParcelCase.objects.filter(parcel=parcel).exclude(state="closed").exists()
        assert Order.objects.get(id=parcel.order_id).state == OrderState.SIGNED


def test_refused_returning_returned(clock: None) -> None:
    parcel = making.sent_parcel()
    making.hear(parcel, making.scan("5", NOON + hours(3)))
    making.hear(parcel, making.scan("14", NOON + hours(5)))
    assert ParcelCase.objects.get(parcel=parcel).kind == "refused"
    assert not Deadline.objects.filter(kind="parcel_promise", subject_id=parcel.pk).exists()
    making.hear(parcel, making.scan("6", NOON + hours(9)))
    assert set(ParcelCase.objects.values_list("kind", flat=True)) == {"refused", "returning"}
    assert making.again(parcel).state == ParcelState.RETURNING
    making.hear(parcel, making.scan("4", NOON + hours(50)))
    assert making.again(parcel).state == ParcelState.RETURNED
    assert set(ParcelCase.objects.values_list("outcome", flat=True)) == {"returned"}
    assert len(events("parcel_returned")) == 1
    assert Order.objects.get(id=parcel.order_id).state == OrderState.SHIPPED


def test_damage_stays_a_case_after_signing(clock: None) -> None:
    parcel = making.sent_parcel()
    making.hear(parcel, making.scan("209", NOON + hours(3)), making.scan("301", NOON + hours(9)))
    assert making.again(parcel).state == ParcelState.SIGNED
    case = ParcelCase.objects.get(parcel=parcel)
    assert (case.kind, case.state) == ("damaged", "open")


def test_an_order_in_two_parcels_is_signed_with_the_last(clock: None) -> None:
    first = making.sent_parcel()
    second = Parcel.objects.get(id=first.pk)
    second.pk, second.part, second.number = None, 2, "YT9999999999999"
    second.save()
    making.hear(first, making.scan("301", NOON + hours(3)))
    assert Order.objects.get(id=first.order_id).state == OrderState.SHIPPED
    making.hear(second, making.scan("301", NOON + hours(4)))
    assert Order.objects.get(id=first.order_id).state == OrderState.SIGNED


def test_a_courier_quicker_than_our_scan(clock: None) -> None:
    parcel = making.packed_parcel()
    assert making.hear(parcel, making.scan("103", NOON)) == "done"
    assert making.again(parcel).state == ParcelState.PACKED
    hand_over_parcels.one(SYSTEM, HandOver(parcel.pk))
    assert making.again(parcel).state == ParcelState.IN_TRANSIT


def test_a_number_nobody_has_changes_nothing(clock: None) -> None:
    item = TakeInTracking("yuantong", "YT0000000000000", (making.scan("301", NOON),))
    assert take_in_tracking.one(SYSTEM, item).code == "unknown_number"


def test_a_corrected_courier_is_found_by_the_number_alone(clock: None) -> None:
    parcel = making.sent_parcel()
    item = TakeInTracking("shentong", parcel.number or "", (making.scan("301", NOON),))
    assert take_in_tracking.one(SYSTEM, item).changed
    assert making.again(parcel).state == ParcelState.SIGNED


def test_a_number_given_up_is_a_case_and_followed_again(clock: None) -> None:
    parcel = making.sent_parcel()
    ErrandEntry.objects.filter(kind="subscribe_tracking").delete()
    making.hear(parcel, watch="abort")
    case = ParcelCase.objects.get(parcel=parcel)
    assert (case.kind, case.cause) == ("stalled", "abort")
    assert ErrandEntry.objects.get(kind="subscribe_tracking").next_at == NOON + timedelta(minutes=30)


def test_a_stall_ends_when_it_moves_again(clock: None) -> None:
    parcel = making.sent_parcel()
    making.hear(parcel, watch="abort")
    making.hear(parcel, making.scan("1002", NOON + hours(60)))
    case = ParcelCase.objects.get(parcel=parcel)
    assert (case.state, case.outcome) == ("closed", "moving_again")


def test_several_pushes_at_once_keep_each_scan_once(fresh_clock: object) -> None:
    parcel = making.sent_parcel()
    told = way(parcel)
    barrier = threading.Barrier(4)

    def push() -> None:
        barrier.wait()
        try:
            making.hear(parcel, *told)  # type: ignore[arg-type]
        finally:
            connection.close()

    threads = [threading.Thread(target=push) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(tracking.SCANS.rows(ids=[parcel.pk])) == 5
    assert making.again(parcel).state == ParcelState.SIGNED
    assert len(events("parcel_signed")) == 1


def test_what_was_scanned_cannot_be_rewritten(clock: None) -> None:
    from django.db import ProgrammingError

    parcel = making.sent_parcel()
    making.hear(parcel, making.scan("103", NOON))
    statement: Statement[object] = Statement("UPDATE parcels_trackevent SET text = ''")
    from shopkeeper.foundation.sql import ALL_STATEMENTS

    ALL_STATEMENTS.remove(statement)
    with pytest.raises(ProgrammingError, match="permission denied"):
        statement.run()


def test_the_number_of_statements_does_not_grow_with_the_batch(clock: None) -> None:
    from django.test.utils import CaptureQueriesContext

    shop = factories.make_shop()
    counts = []
    for size in (1, 5):
        parcels = [making.sent_parcel(shop=shop) for _ in range(size)]
        items = [TakeInTracking(p.courier, p.number or "", (making.scan("301", NOON + hours(9)),)) for p in parcels]
        with CaptureQueriesContext(connection) as queries:
            take_in_tracking(SYSTEM, items)
        counts.append(len(queries))
    assert counts[0] == counts[1]
