"""O1.3: what is checked on an order when it arrives. Values in, coded holds out; no clock, no database."""

import hashlib
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Protocol

from shopkeeper.flows.fulfilment.intake.holds import ENDS_ELSEWHERE, SET_BY_WISHES, SHORTAGES
from shopkeeper.flows.fulfilment.intake.ports import ReceivedOrder

INT_MAX = 2**31 - 1
NOT_SERVED = ("香港", "澳门", "台湾", "海外")
_MOBILE = re.compile(r"(\+?86[- ]?)?1[3-9]\d{9}(-\d{1,6})?")
_MASKED = re.compile(r"\+?[\d*\-# ]{5,30}")
# Without its area code a landline begins with 2 to 9: seven digits after a 1 are a mobile number cut short.
_LANDLINE = re.compile(r"(0\d{2,3}[- ]?\d|[2-9])\d{6,7}(-\d{1,6})?|[48]00[- ]?\d{3}[- ]?\d{4}")
_VIRTUAL = re.compile(r"\$?1\d{10}[#$-]{1,2}\d{3,6}#?")
_TEST_WORDS = re.compile(r"测试|勿发|\btest\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class KnownSku:
    """What judgement needs to know of a SKU."""

    id: int
    is_delisted: bool
    floor_minor: int


@dataclass(frozen=True, slots=True)
class CheckPolicy:
    quantity_max: int


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason to hold an order; `facts` are shown to whoever decides and hold no personal data."""

    code: str
    facts: dict[str, Any] = field(default_factory=dict)


PICK_AND_PACK = timedelta(hours=2)


def must_ship_before(ship_by_at: datetime | None, next_session: datetime) -> bool:
    """O1.2: too urgent for the next session: picking and packing take about two hours after the release."""
    return ship_by_at is not None and ship_by_at < next_session + PICK_AND_PACK


@dataclass(frozen=True, slots=True)
class DecideBy:
    """When exceptions are to be decided; before `opens_at` there is nothing a person could decide.

    `is_put_off` where a person said so: by holding the order, or because its buyer waits.
    """

    due_at: datetime
    opens_at: datetime | None = None
    is_put_off: bool = False


def decide_by(
    codes: Collection[str],
    now: datetime,
    *,
    ship_by_at: datetime | None,
    decision: timedelta,
    wait: timedelta,
    held_since: datetime | None = None,
    was: datetime | None = None,
    changed_by: datetime | None = None,
    answered_by: datetime | None = None,
    agreed_until: datetime | None = None,
    is_kept: bool = False,
) -> DecideBy:
    """O1.3: exceptions are decided within `decision`; those that end elsewhere by themselves may, until `wait`
    before the promise to ship: then the buyer is to be told, or the order cancelled. Where a customer's change is
    all that holds the order, there is nothing to decide until the change's own time is over (`changed_by`); nor
    while customer service is asking the buyer, or cancels the order (`answered_by`); nor while the buyer agreed to
    wait for the goods that are all it lacks (`agreed_until`). What somebody keeps back with a reason (`is_kept`) waits
    as what ends elsewhere does.

    `held_since` and `was` are of a duty that is open already: a further exception does not put it off.
    """
    since = held_since or now
    if answered_by is not None and answered_by > now:
        return DecideBy(answered_by + decision, answered_by)
    if changed_by is not None and set(codes) <= SET_BY_WISHES:
        return DecideBy(max(changed_by, now) + decision, changed_by if changed_by > now else None)
    if is_kept and ship_by_at is not None and ship_by_at - wait > now:
        return DecideBy(ship_by_at, ship_by_at - wait, is_put_off=True)
    if agreed_until is not None and set(codes) <= ENDS_ELSEWHERE.union(SHORTAGES):
        waits = agreed_until > now
        return DecideBy(agreed_until + decision, agreed_until if waits else None, is_put_off=waits)
    if ship_by_at is not None and set(codes) <= ENDS_ELSEWHERE:
        opens_at = ship_by_at - wait
        return DecideBy(max(ship_by_at, since + decision), opens_at if opens_at > now else None)
    due_at = now + decision
    return DecideBy(min(due_at, was) if was else due_at)


def unreadable(order: ReceivedOrder) -> str | None:
    """The code of what makes an order impossible to keep at all, else None."""
    if not order.platform_no or len(order.platform_no) > 64:
        return "platform_no_unreadable"
    numbers = [order.goods_minor, order.freight_minor, order.discount_minor, order.paid_minor]
    if any(abs(number) > 10**15 for number in numbers):
        return "amount_unreadable"
    if any(abs(line.quantity) > INT_MAX or abs(line.price_minor) > 10**15 for line in order.lines):
        return "quantity_unreadable"
    line_nos = [line.platform_line_no for line in order.lines]
    return "line_twice" if len(set(line_nos)) != len(line_nos) else None


def judge(order: ReceivedOrder, skus: Mapping[str, KnownSku], policy: CheckPolicy, *, is_repeat: bool) -> list[Finding]:
    """Every reason why a person should look before this paid order goes to the warehouse.

    Short stock is found where stock is promised, not here.
    """
    findings = [*judge_lines(order.lines, skus, policy), *_judge_money(order), *_judge_receiver(order)]
    if not order.lines:
        findings.append(Finding("no_lines"))
    if order.buyer_remark.strip():
        # The digest tells a new remark from the one that was passed; it says nothing of the text.
        digest = hashlib.blake2b(order.buyer_remark.encode(), digest_size=6).hexdigest()
        findings.append(Finding("buyer_remark", {"digest": digest}))
    if is_repeat:
        findings.append(Finding("repeat_order"))
    if _is_test(order):
        findings.append(Finding("suspected_test"))
    if refund_of(order) == "requested":
        findings.append(Finding("refund_open"))
    if order.state in ("part_shipped", "shipped", "done"):  # not by us: we would know
        findings.append(Finding("shipped_elsewhere", {"platform_state": order.platform_state}))
    if order.state == "held_by_platform":
        findings.append(Finding("platform_hold", {"platform_state": order.platform_state}))
    return findings


_RANK = ("unpaid", "held_by_platform", "to_ship", "part_shipped", "shipped", "done", "closed")
_REFUND_RANK = ("", "requested", "refunded")


def version_of(order: ReceivedOrder) -> tuple[datetime, int, int]:
    """What makes one version newer than another; platforms tell time in whole seconds, so states count, too."""
    return (order.modified_at, _RANK.index(order.state), _REFUND_RANK.index(refund_of(order)))


def is_further(order: ReceivedOrder, *, our_state: str, refund_state: str) -> bool:
    """Whether a version of the same second is further on than what we hold."""
    if our_state == "unpaid" and order.state != "unpaid":
        return True
    if order.state == "closed" and our_state not in ("cancelled", "completed", "returned"):
        return True
    return _REFUND_RANK.index(refund_of(order)) > _REFUND_RANK.index(refund_state)


def refund_of(order: ReceivedOrder) -> str:
    """The order's refund as a whole: '', 'requested' while one is open, 'refunded' when all lines were."""
    states = [line.refund_state for line in order.lines]
    if any(state in ("requested", "refunding") for state in states):
        return "requested"
    return "refunded" if states and all(state == "refunded" for state in states) else ""


def refunded_minor(order: ReceivedOrder) -> int:
    """What was paid for the lines that were refunded."""
    return sum(line.paid_minor for line in order.lines if line.refund_state == "refunded")


class JudgedLine(Protocol):
    """What judging a line needs of it, as it came or as it is kept."""

    @property
    def outer_code(self) -> str: ...
    @property
    def quantity(self) -> int: ...
    @property
    def paid_minor(self) -> int: ...
    @property
    def is_gift(self) -> bool: ...


def judge_lines(lines: Sequence[JudgedLine], skus: Mapping[str, KnownSku], policy: CheckPolicy) -> list[Finding]:
    """What a person should look at on the lines: one finding of a kind."""
    found: dict[str, Finding] = {}
    facts: dict[str, Any]
    for line in lines:
        sku = skus.get(line.outer_code)
        if sku is None:
            found.setdefault("unknown_sku", Finding("unknown_sku", {"code": line.outer_code}))
        elif sku.is_delisted:
            found.setdefault("delisted_sku", Finding("delisted_sku", {"code": line.outer_code}))
        if line.quantity < 1 or line.quantity > policy.quantity_max:
            facts = {"quantity": line.quantity, "max": policy.quantity_max}
            found.setdefault("odd_quantity", Finding("odd_quantity", facts))
        elif sku and not line.is_gift and line.paid_minor < sku.floor_minor * line.quantity:
            facts = {
                "code": line.outer_code,
                "paid": line.paid_minor,
                "floor": sku.floor_minor * line.quantity,
            }
            found.setdefault("odd_price", Finding("odd_price", facts))
    return list(found.values())


def _judge_money(order: ReceivedOrder) -> list[Finding]:
    """Goods less discount plus freight must be what was paid, and the lines must add up to the goods."""
    expected = order.goods_minor - order.discount_minor + order.freight_minor
    if order.paid_minor != expected or order.paid_minor < 0:
        return [Finding("odd_amount", {"paid": order.paid_minor, "expected": expected})]
    goods = sum(line.price_minor * line.quantity for line in order.lines)
    if order.lines and goods != order.goods_minor:
        return [Finding("odd_amount", {"lines": goods, "goods": order.goods_minor})]
    return []


def _judge_receiver(order: ReceivedOrder) -> list[Finding]:
    receiver = order.receiver
    findings = []
    if any(name in receiver.province for name in NOT_SERVED):
        findings.append(Finding("address_unreachable", {"province": receiver.province}))
    missing = missing_address_parts(receiver.province, receiver.city, receiver.address, receiver.masked)
    if missing or not receiver.name.strip():
        parts = [*missing, *([] if receiver.name.strip() else ["name"])]
        findings.append(Finding("address_incomplete", {"missing": parts}))
    if not phone_is_plausible(receiver.phone, receiver.masked):
        findings.append(Finding("bad_phone"))
    return findings


@lru_cache(maxsize=20_000)
def missing_address_parts(province: str, city: str, address: str, masked: bool) -> tuple[str, ...]:
    """Which parts of an address are missing: province, city, street (at least four characters unmasked)."""
    missing = [name for name, part in (("province", province), ("city", city)) if not part.strip()]
    street = address.strip()
    if not street or (not masked and len(street) < 4):
        missing.append("street")
    return tuple(missing)


@lru_cache(maxsize=20_000)
def phone_is_plausible(phone: str, masked: bool) -> bool:
    """True for mainland mobile, landline, service and privacy numbers, and for what a platform masked."""
    phone = phone.strip()
    if masked and "*" in phone:
        return bool(_MASKED.fullmatch(phone)) and any(c.isdigit() for c in phone)
    return any(pattern.fullmatch(phone) for pattern in (_MOBILE, _LANDLINE, _VIRTUAL))


def _is_test(order: ReceivedOrder) -> bool:
    words = " ".join((order.buyer_remark, order.receiver.name, order.receiver.address))
    return bool(_TEST_WORDS.search(words)) or (bool(order.lines) and 0 < order.paid_minor <= 1)


def region_of(*parts: str) -> str:
    """Province, city and district as one reads them: a municipality is named once (北京, 北京市 → 北京市)."""
    named: list[str] = []
    for part in filter(None, (part.strip() for part in parts)):
        if named and part.removesuffix("市") == named[-1].removesuffix("市"):
            named[-1] = max(named[-1], part, key=len)
        else:
            named.append(part)
    return "".join(named)
