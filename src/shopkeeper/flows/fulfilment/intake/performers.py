"""O1.1: how orders are fetched from platforms, through the port; no transaction is open while we wait."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from shopkeeper.flows.fulfilment.intake.commands.note_pull import NotePull, note_pull
from shopkeeper.flows.fulfilment.intake.commands.take_in_orders import take_in_orders
from shopkeeper.flows.fulfilment.intake.ports import OutsideError, PlatformOrders, ShopAccess
from shopkeeper.flows.fulfilment.intake.queries.pulling import read_until
from shopkeeper.foundation import business_time
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.errands import DONE, ErrandResult, ErrandRow, Performer
from shopkeeper.sop.policy import read_policies

NO_PLATFORM = ErrandResult("give_up", "the shop is closed or has no platform")
PlatformOf = Callable[[int], tuple[PlatformOrders, ShopAccess]]


def pull_orders(platform_of: PlatformOf) -> Performer:
    """Read every order modified since the cursor, less the overlap; the errand stays and comes back."""

    def perform(rows: Sequence[ErrandRow]) -> list[ErrandResult]:
        return [_pull(row, platform_of) for row in rows]

    return perform


def _pull(row: ErrandRow, platform_of: PlatformOf) -> ErrandResult:
    shop_id, now, policy = row.subject_id, business_time.now(), read_policies()
    pause = policy("pull_minutes", shop_id) * 60
    since = (read_until(shop_id) or now) - timedelta(minutes=policy("pull_overlap_minutes", shop_id))
    try:
        platform, access = platform_of(shop_id)
    except KeyError:
        return NO_PLATFORM
    reached: datetime | None = None
    try:
        for page in platform.pull(access, since, now):
            take_in_orders(SYSTEM, page.orders)
            reached = page.window_end if page.slice_done else reached
            unreadable = tuple((item.platform_no, item.reason) for item in page.unreadable)
            if (page.slice_done and page.orders) or unreadable:  # an empty slice is noted with the next one
                note_pull(SYSTEM, [NotePull(shop_id, reached, "", unreadable)])
        note_pull(SYSTEM, [NotePull(shop_id, reached)])
    except OutsideError as error:
        note_pull(SYSTEM, [NotePull(shop_id, reached, str(error))])
        return ErrandResult("retry", str(error), error.retry_after_s or min(pause, 60))
    return ErrandResult("retry", "", pause)


def fetch_order(platform_of: PlatformOf) -> Performer:
    """Fetch single orders that a message named or the packing station wants to see once more."""

    def perform(rows: Sequence[ErrandRow]) -> list[ErrandResult]:
        return [_fetch(row, platform_of) for row in rows]

    return perform


def _fetch(row: ErrandRow, platform_of: PlatformOf) -> ErrandResult:
    assert row.shop_id is not None
    try:
        platform, access = platform_of(row.shop_id)
    except KeyError:
        return NO_PLATFORM
    try:
        take_in_orders(SYSTEM, platform.fetch(access, [row.data["platform_no"]]))
    except OutsideError as error:
        if error.kind == "permanent":
            unreadable = ((row.data["platform_no"], error.code),)
            note_pull(SYSTEM, [NotePull(row.shop_id, None, str(error), unreadable)])
            return ErrandResult("give_up", str(error))
        return ErrandResult("retry", str(error), error.retry_after_s)
    return DONE
