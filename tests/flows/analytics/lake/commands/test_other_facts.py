"""D1.1: parcels, tickets and ratings reach the lake with their moments, on the shop's clock."""

from datetime import date, datetime, timedelta

import pytest

from shopkeeper.flows.analytics.lake.queries.rows import parcel_rows, rating_rows, ticket_rows
from shopkeeper.flows.fulfilment.parcels.models import Parcel
from shopkeeper.flows.service.feedback.models import Survey
from shopkeeper.flows.service.tickets.models import Ticket
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.commands import COMMANDS
from tests import factories as make
from tests.flows.analytics.lake import stage
from tests.flows.analytics.lake.stage import NOON

pytestmark = [pytest.mark.clause("D1.1"), pytest.mark.usefixtures("own_lake")]


def test_a_parcel_counts_on_the_day_it_left() -> None:
    shop = make.make_shop()
    sku = make.make_sku()
    make.stock_up(sku, shop.default_warehouse, 10)  # type: ignore[arg-type]
    order_id = make.make_released_order(shop, make.received_line(sku))
    waves = COMMANDS["release_waves"]
    waves(SYSTEM, [waves.item(warehouse_id=shop.default_warehouse_id, order_ids=(order_id,))])
    stage.write()
    [row] = stage.rows("parcels")
    assert (row["order_id"], row["biz_date"], row["handed_over_at"]) == (order_id, date(2026, 6, 1), None)
    Parcel.objects.update(handed_over_at=NOON + timedelta(days=1))
    [again] = parcel_rows([row["parcel_id"]], 9)
    assert (again["biz_date"], again["handed_over_at"]) == (date(2026, 6, 2), datetime(2026, 6, 2, 12))  # noqa: DTZ001


def test_tickets_and_ratings_carry_no_words() -> None:
    shop = make.make_shop()
    opened = COMMANDS["open_tickets"]
    item = opened.item(shop_id=shop.pk, channel="api", external_ref="A-1", text="想退货，电话13812345678")
    ticket_id = opened.one(SYSTEM, item).id
    stage.write()
    [row] = stage.rows("tickets")
    assert (row["ticket_id"], row["first_reply_seconds"], row["offered_at"]) == (ticket_id, None, None)
    assert "13812345678" not in str(stage.rows("events"))
    Ticket.objects.update(first_reply_at=row_time(90))
    assert ticket_rows([ticket_id or 0], 9)[0]["first_reply_seconds"] == 90
    survey = Survey.objects.create(
        shop=shop, ticket_id=ticket_id, kind="refund", subject_id=1, state_at=NOON, planned_at=NOON
    )
    assert rating_rows([survey.pk], 9) == []
    Survey.objects.update(invited_at=NOON, score=4, answered_at=NOON + timedelta(hours=1))
    [rating] = rating_rows([survey.pk], 9)
    assert (rating["stars"], rating["biz_date"], rating["ticket_id"]) == (4, date(2026, 6, 1), ticket_id)


def row_time(seconds: int) -> datetime:
    """So long after the ticket was opened."""
    return Ticket.objects.get().opened_at + timedelta(seconds=seconds)
