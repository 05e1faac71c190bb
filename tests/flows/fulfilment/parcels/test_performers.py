"""O3.1, O3.2: what is said outside is said until acknowledged, and has its effect once."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest

from shopkeeper.flows.fulfilment.parcels import performers
from shopkeeper.flows.fulfilment.parcels.commands.cancel_parcels import CancelParcel, cancel_parcels
from shopkeeper.flows.fulfilment.parcels.models import Notice, ParcelCase, ShipBack
from shopkeeper.flows.fulfilment.parcels.ports import OutsideError, TrackEvent, TrackResult
from shopkeeper.flows.fulfilment.parcels.states import ParcelState
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.errands import ErrandResult, ErrandRow, perform_due
from shopkeeper.foundation.models import ErrandEntry
from tests.factories import NOON
from tests.flows.fulfilment.parcels import making
from tests.flows.fulfilment.parcels.making import FakeCourier, FakePlatform, errand, gateways

BUSY = OutsideError("throttled", "busy", retry_after_s=7)
DOWN = OutsideError("transient", "http_503")
NO = OutsideError("permanent", "bad_address")
LOCKED = OutsideError("auth", "expired")
Perform = Callable[[performers.Gateways, Sequence[ErrandRow]], list[ErrandResult]]


@pytest.mark.clause("O3.1")
def test_a_number_is_ordered_and_entered(clock: None) -> None:
    parcel, courier = making.open_parcel(), FakeCourier()
    (result,) = performers.order_waybills(gateways(courier), [errand("order_waybill", parcel.pk)])
    parcel = making.again(parcel)
    assert (result.ending, parcel.state, parcel.number) == ("done", ParcelState.NUMBERED, "YT0000000000001")
    assert (parcel.routing_code, parcel.hub) == ("571-02-118", "杭州集")
    (request,) = courier.requests
    assert (request.order_ref, request.receiver.name) == (f"CK{parcel.pk:010d}", "张小明")
    assert "张小明" not in repr(request)


@pytest.mark.clause("O3.1")
def test_killed_before_it_could_record_it_gets_the_same_number(clock: None, monkeypatch: pytest.MonkeyPatch) -> None:
    parcel, courier = making.open_parcel(), FakeCourier()
    with monkeypatch.context() as killed:
        killed.setattr(performers, "enter_numbers", _dies)
        with pytest.raises(KeyboardInterrupt):
            performers.order_waybills(gateways(courier), [errand("order_waybill", parcel.pk)])
    performers.order_waybills(gateways(courier), [errand("order_waybill", parcel.pk, 2)])
    performers.order_waybills(gateways(courier), [errand("order_waybill", parcel.pk, 3)])
    assert len(courier.requests) == 2
    assert courier.numbers == {f"CK{parcel.pk:010d}": making.again(parcel).number}


@pytest.mark.clause("O3.1")
def test_killed_between_the_platform_and_the_record_it_is_told_once(
    clock: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    parcel, platform = making.sent_parcel(), FakePlatform()
    with monkeypatch.context() as killed:
        killed.setattr(performers, "record_ship_backs", _dies)
        with pytest.raises(KeyboardInterrupt):
            performers.ship_back(gateways(platform=platform), [errand("ship_back", parcel.pk)])
    for attempt in (2, 3):
        (result,) = performers.ship_back(gateways(platform=platform), [errand("ship_back", parcel.pk, attempt)])
        assert result.ending == "done"
    assert len(platform.calls) == 2
    assert platform.taken == {parcel.order.platform_no: parcel.number}
    assert ShipBack.objects.get(parcel=parcel).is_repeat
    assert Notice.objects.count() == 1


def _dies(*args: Any, **kwargs: Any) -> None:
    raise KeyboardInterrupt


@pytest.mark.clause("O3.1")
@pytest.mark.parametrize(
    ("trouble", "ending", "pause", "case"),
    [(BUSY, "retry", 7, 0), (DOWN, "retry", None, 0), (NO, "done", None, 1), (LOCKED, "done", None, 1)],
)
def test_a_courier_in_trouble(clock: None, trouble: OutsideError, ending: str, pause: float | None, case: int) -> None:
    parcel = making.open_parcel()
    (result,) = performers.order_waybills(gateways(FakeCourier(trouble)), [errand("order_waybill", parcel.pk)])
    assert (result.ending, result.retry_after_seconds) == (ending, pause)
    assert making.again(parcel).number is None
    assert ParcelCase.objects.filter(kind="no_number", cause=trouble.code).count() == case


@pytest.mark.clause("O3.1")
@pytest.mark.parametrize(
    ("trouble", "ending", "state"),
    [(BUSY, "retry", "pending"), (DOWN, "retry", "pending"), (LOCKED, "retry", "pending"), (NO, "done", "failed")],
)
def test_a_platform_in_trouble(clock: None, trouble: OutsideError, ending: str, state: str) -> None:
    parcel, platform = making.sent_parcel(), FakePlatform(trouble)
    (result,) = performers.ship_back(gateways(platform=platform), [errand("ship_back", parcel.pk)])
    report = ShipBack.objects.get(parcel=parcel)
    assert (result.ending, report.state, report.attempts, report.last_error) == (ending, state, 1, trouble.code)
    assert not Notice.objects.exists()
    platform.trouble = None
    performers.ship_back(gateways(platform=platform), [errand("ship_back", parcel.pk, 2)])
    assert ShipBack.objects.get(parcel=parcel).state == ("failed" if state == "failed" else "acknowledged")


@pytest.mark.clause("O3.1")
def test_one_in_trouble_does_not_keep_the_others(clock: None) -> None:
    good, gone = making.sent_parcel(), making.sent_parcel()
    gone.shop.platform = "nowhere"
    gone.shop.save()
    results = performers.ship_back(gateways(), [errand("ship_back", gone.pk), errand("ship_back", good.pk)])
    assert [result.ending for result in results] == ["done", "done"]
    assert ShipBack.objects.get(parcel=good).state == "acknowledged"
    assert ParcelCase.objects.get(parcel=gone).cause == "no_platform"


@pytest.mark.clause("O3.1")
def test_a_number_that_comes_for_a_void_parcel_goes_back(clock: None) -> None:
    parcel, courier = making.open_parcel(), FakeCourier()
    real = courier.order_waybill

    def slow(request: Any) -> Any:
        cancel_parcels.one(SYSTEM, CancelParcel(parcel.pk, "取消了"))
        return real(request)

    courier.order_waybill = slow  # type: ignore[method-assign]
    # The void comes while the courier is being asked: with one connection it is made in this thread.
    jobs = performers.queries.waybill_jobs([parcel.pk])
    assert list(jobs[0]) == [parcel.pk]
    cancel_parcels.one(SYSTEM, CancelParcel(parcel.pk, "取消了"))
    courier.order_waybill = real  # type: ignore[method-assign]
    with pytest.MonkeyPatch.context() as late:
        late.setattr(performers.queries, "waybill_jobs", lambda ids: jobs)
        (result,) = performers.order_waybills(gateways(courier), [errand("order_waybill", parcel.pk)])
    assert result.ending == "done"
    assert courier.cancelled == ["YT0000000000001"]
    assert making.again(parcel).number is None


@pytest.mark.clause("O3.1")
def test_a_void_parcels_number_goes_back(clock: None) -> None:
    parcel, courier = making.numbered_parcel(), FakeCourier()
    cancel_parcels.one(SYSTEM, CancelParcel(parcel.pk, "取消了"))
    (result,) = performers.cancel_waybills(gateways(courier), [errand("cancel_waybill", parcel.pk)])
    assert (result.ending, courier.cancelled) == ("done", [parcel.number])


@pytest.mark.clause("O3.1")
def test_an_erased_receiver_gets_no_waybill(clock: None) -> None:
    from shopkeeper.foundation.personal import destroy_keys

    parcel, other = making.open_parcel(), making.open_parcel()
    destroy_keys([parcel.order.subject_id], now=NOON)
    performers.order_waybills(gateways(), [errand("order_waybill", p.pk) for p in (parcel, other)])
    assert ParcelCase.objects.get().cause == "erased"
    assert making.again(other).number


@pytest.mark.clause("O3.2")
def test_tracking_is_subscribed_and_asked_for(clock: None) -> None:
    parcel, courier = making.sent_parcel(), FakeCourier()
    performers.subscribe_tracking(gateways(courier), [errand("subscribe_tracking", parcel.pk)])
    assert courier.subscribed == [(parcel.number, "yuantong", "6666")]
    at = NOON + timedelta(hours=3)
    number = parcel.number or ""
    scans = (TrackEvent(at, "103", "picked", "已揽收", "杭州"),)
    courier.results[number] = TrackResult(number, "yuantong", "picked", "103", scans, "")
    for _ in range(2):
        (result,) = performers.pull_tracking(gateways(courier), [errand("pull_tracking", parcel.pk)])
        assert result.ending == "done"
    assert (making.again(parcel).state, making.again(parcel).last_update_at) == (ParcelState.IN_TRANSIT, at)


@pytest.mark.clause("O3.2")
@pytest.mark.parametrize("perform", [performers.subscribe_tracking, performers.pull_tracking])
def test_a_tracking_service_in_trouble_is_asked_later(clock: None, perform: Perform) -> None:
    parcel = making.sent_parcel()
    for trouble, ending in ((DOWN, "retry"), (NO, "done")):
        (result,) = perform(gateways(FakeCourier(trouble)), [errand("x", parcel.pk)])
        assert result.ending == ending


@pytest.mark.clause("O3.1")
def test_all_of_it_runs_off_the_errands(clock: None) -> None:
    parcel, platform, courier = making.sent_parcel(), FakePlatform(DOWN), FakeCourier()
    given = performers.performers(gateways(courier, platform))
    perform_due(given)
    assert ErrandEntry.objects.get(kind="ship_back").attempts == 1
    platform.trouble = None
    making.later(minutes=11)
    perform_due(given)
    assert not ErrandEntry.objects.filter(kind__in=["ship_back", "subscribe_tracking"]).exists()
    report = ShipBack.objects.get(parcel=parcel)
    assert (report.state, report.attempts) == ("acknowledged", 2)
