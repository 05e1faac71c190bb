"""What a duty to decide exceptions is about: which ones, what they wait for, or that none is left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Min

from shopkeeper.flows.fulfilment.intake.deadlines import DECIDE_HOLDS
from shopkeeper.flows.fulfilment.intake.holds import ENDS_ELSEWHERE, SET_BY_WISHES, SHORTAGES, HoldCode
from shopkeeper.flows.fulfilment.intake.models import Hold, Order
from shopkeeper.flows.fulfilment.intake.ports import AskedBefore, Wish, order_wishes
from shopkeeper.flows.fulfilment.intake.sql import holds as sql
from shopkeeper.flows.fulfilment.intake.words import NOT_MADE, hold_names
from shopkeeper.foundation import business_time
from shopkeeper.shared.clock import day_of
from shopkeeper.shared.words import T

WAITS_FOR_CHANGE = {
    "address": T("客户要求改地址，客服在办", "another address is wanted, customer service sees to it"),
    "cancel": T("客户要求取消，客服在办", "it is to be cancelled, customer service sees to it"),
}
WAITS_FOR_ANSWER = T("客服在联系买家", "customer service is reaching the buyer")
ANSWERED = T("{names}（客服已答复）", "{names} (customer service answered)")
UNANSWERED = T("{names}（客服已结束，没写答复）", "{names} (customer service ended it without an answer)")
NONE_LEFT = T("异常已清，待放行", "none is left, release it")
KEPT = T("已留单：{why}", "held: {why}")
AGREED = T("买家同意等到 {day}", "the buyer waits until {day}")
WAITS_FOR = {
    HoldCode.SHORT_STOCK: T("等到货", "waits for goods"),
    HoldCode.UNKNOWN_SKU: T("等商品专员建编码", "waits for its code, the product specialist makes it"),
    HoldCode.PLATFORM_HOLD: T("等平台解除锁定", "waits for the platform to let go"),
    HoldCode.REFUND_OPEN: T("等退款处理完", "waits for the refund to be settled"),
}
WHY_MOST = 40  # of the reason, in a line


@dataclass(frozen=True, slots=True)
class _Known:
    """What a line may tell of an order beside the names of its exceptions."""

    wish: Wish | None
    is_asked: bool
    asked_before: AskedBefore | None
    held_since: datetime | None
    put_off: sql.PutOffRow | None
    waits: bool


def holds_of_orders(order_ids: Sequence[int]) -> dict[int, str]:
    """Each order's open exceptions by name, and whom or what it waits for."""
    ids = list(order_ids)
    if not ids:
        return {}
    rows = list(Order.objects.filter(id__in=ids).values_list("id", "open_holds"))
    wished = [order_id for order_id, holds in rows if SET_BY_WISHES.intersection(holds)]
    wishes = order_wishes().newest(wished) if wished else {}
    asked, before = order_wishes().asked(ids), order_wishes().asked_before(ids)
    since = _held_since(list(before))
    put_off = {row.order_id: row for row in sql.PUT_OFF.rows(orders=ids, shortages=list(SHORTAGES))}
    now = business_time.now()
    duties = sql.DUTIES.rows(kinds=[DECIDE_HOLDS.name], orders=ids)
    waiting = {duty.order_id for duty in duties if duty.opens_at and duty.opens_at > now}
    return {
        i: _told(
            holds,
            _Known(wishes.get(i), i in asked, before.get(i), since.get(i), put_off.get(i), i in waiting),
        )
        for i, holds in rows
    }


def _held_since(order_ids: Sequence[int]) -> dict[int, datetime]:
    """When the oldest open exception of each was found: what was asked before was about something else."""
    if not order_ids:
        return {}
    held = Hold.objects.filter(order_id__in=order_ids, cleared_at=None).values_list("order_id")
    return dict(held.annotate(since=Min("opened_at")))


def _told(holds: Sequence[str], known: _Known) -> str:
    names, wish = hold_names(holds) or NONE_LEFT.text(), known.wish
    if wish and wish.is_under_way and (wish.kind == "cancel" or SET_BY_WISHES.issuperset(holds)):
        return WAITS_FOR_CHANGE[wish.kind].text()
    if known.is_asked:
        return f"{names} · {WAITS_FOR_ANSWER.text()}"
    if known.asked_before and known.held_since and known.asked_before.at >= known.held_since:
        words = ANSWERED if known.asked_before.is_answered else UNANSWERED
        names = words.format(names=names).text()
    if known.waits and (waits := _waits_for(holds, known.put_off)):
        return f"{names} · {waits}"
    if wish and not wish.is_under_way and not wish.is_done:
        return f"{names} · {NOT_MADE[wish.kind].text()}"
    return names


def _waits_for(holds: Sequence[str], put_off: sql.PutOffRow | None) -> str:
    if put_off and put_off.kept:
        return KEPT.format(why=put_off.kept[:WHY_MOST]).text()
    if put_off and put_off.agreed_until:
        return AGREED.format(day=f"{day_of(put_off.agreed_until):%m-%d}").text()
    if not holds or not ENDS_ELSEWHERE.issuperset(holds):
        return ""
    return T("、", ", ").text().join(WAITS_FOR[HoldCode(code)].text() for code in holds)
