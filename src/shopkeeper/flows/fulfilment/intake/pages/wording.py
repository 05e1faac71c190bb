"""How intake's facts are said: what a hold found, what to do now, what happened to an order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shopkeeper.flows.fulfilment.intake.holds import HoldCode
from shopkeeper.flows.fulfilment.intake.queries.record import HoldView, OrderRecord, StoryLine
from shopkeeper.flows.fulfilment.intake.states import OrderState
from shopkeeper.flows.fulfilment.intake.words import (
    DECISIONS,
    EVENTS,
    HOLD_ADVICE,
    HOLD_FACTS,
    HOLDS,
    LABELS,
    PULL_TROUBLE,
    REASONS,
    UNREADABLE_REASONS,
    filled,
    hold_names,
    platform_words,
)
from shopkeeper.shared.words import T
from shopkeeper.web.labels import Tone
from shopkeeper.web.record import Happening, Step
from shopkeeper.web.shown import money_text

SYSTEM_NAME = T("系统", "System")
AMOUNTS = frozenset({"paid", "floor", "expected", "lines", "goods", "least", "most"})
_OUTSIDE = frozenset({"intake.order_changed", "intake.refund_requested", "intake.order_refunded", "intake.order_paid"})
_TONES: dict[str, Tone] = {
    "intake.order_held": "amber",
    "intake.hold_decided": "blue",
    "intake.refund_requested": "red",
    "intake.order_refunded": "red",
    "intake.buyer_confirmed": "green",
}
_SAID_BY_STATE = frozenset(
    {"intake.order_released", "intake.order_cancelled", "intake.order_advanced", "intake.order_returned"}
)
_PARTS = {
    "province": T("省", "province"),
    "city": T("市", "city"),
    "street": T("街道", "street"),
    "name": T("姓名", "name"),
}
WISHES = {
    "cancel": T("客户要求取消", "the customer wants it cancelled"),
    "address": T("客户要求改地址", "the customer wants another address"),
}
_WAY: tuple[tuple[T, tuple[OrderState, ...], str], ...] = (
    (T("付款", "Paid"), (OrderState.UNPAID,), "paid_at"),
    (T("审核", "Checked"), (OrderState.TO_CHECK,), "released_at"),
    (T("配货", "Picked"), (OrderState.RELEASED, OrderState.PICKING), ""),
    (T("打包", "Packed"), (OrderState.TO_PACK,), ""),
    (T("发货", "Shipped"), (OrderState.PACKED,), "shipped_at"),
    (T("签收", "Signed"), (OrderState.SHIPPED,), "signed_at"),
    (T("完成", "Completed"), (OrderState.SIGNED,), "completed_at"),
)


@dataclass(frozen=True, slots=True)
class HoldSaid:
    """A hold in words."""

    view: HoldView
    found: str
    advice: str
    decision: str
    reason: str


def say_reason(reason: str) -> str:
    """A reason as people gave it; the house's own in words, codes of holds by name."""
    if reason in REASONS:
        return REASONS[reason].text()
    codes = reason.split(", ")
    return hold_names(codes) if all(code in HOLDS for code in codes) else reason


def say_trouble(error: str) -> tuple[str, str]:
    """What a failed pull means, and what the platform said."""
    kind, _, detail = error.partition(" ")
    return (PULL_TROUBLE[kind].text(), detail) if kind in PULL_TROUBLE else (error, "")


def say_unreadable(reason: str) -> str:
    known = UNREADABLE_REASONS.get(reason)
    return str(known or T("字段 {x} 读不懂", "The field {x} makes no sense").format(x=reason or "–"))


def say_hold(view: HoldView, currency: str) -> HoldSaid:
    """What was found, what to do, and how it was decided."""
    facts = spoken_facts(view.facts, currency)
    return HoldSaid(
        view,
        _found(view.code, facts),
        filled(HOLD_ADVICE.get(view.code, T("", "")), facts).text(),
        DECISIONS[view.decision].text() if view.decision in DECISIONS else view.decision,
        say_reason(view.reason),
    )


def _found(code: str, facts: Mapping[str, Any]) -> str:
    if code == HoldCode.ODD_AMOUNT:
        words = (
            T("明细合计 {lines}，商品金额 {goods}", "lines add up to {lines}, goods {goods}")
            if "lines" in facts
            else T("实付 {paid}，应付 {expected}", "paid {paid}, due {expected}")
        )
        return filled(words, facts).text()
    if code == HoldCode.ADDRESS_INCOMPLETE:
        missing = [_PARTS[part].text() for part in facts.get("missing", ()) if part in _PARTS]
        return (
            T("缺 {parts}", "missing: {parts}").format(parts=T("、", ", ").text().join(missing)).text()
            if missing
            else ""
        )
    if code == HoldCode.BY_HAND and "note" not in facts:
        return WISHES[facts["wish"]].text() if facts.get("wish") in WISHES else ""
    words = HOLD_FACTS.get(code, T("", ""))
    return filled(words, facts).text() if facts else ""


def spoken_facts(facts: Mapping[str, Any], currency: str) -> dict[str, Any]:
    """Facts with amounts and the platform's states written out."""
    return {name: _spoken(name, value, currency) for name, value in facts.items()}


def _spoken(name: str, value: Any, currency: str) -> Any:
    if name == "platform_state":
        return platform_words(str(value))
    return money_text(value, currency) if name in AMOUNTS and isinstance(value, int) else value


def held_by(view: HoldView, story: Sequence[StoryLine]) -> tuple[str, str]:
    """Who held an order by hand, and why; empty where nobody is on record."""
    if view.code != HoldCode.BY_HAND:
        return "", ""
    lines = [line for line in story if line.what == "intake.order_held" and view.code in line.data.get("codes", ())]
    line = next((line for line in lines if line.at == view.opened_at), None)
    return (line.who, say_reason(line.why)) if line else ("", "")


def steps_of(found: OrderRecord) -> tuple[Step, ...]:
    """The order's way; a cancelled or returned one stops where it left it."""
    state = OrderState(found.card.state)
    moments = {
        "paid_at": found.card.paid_at,
        "released_at": found.released_at,
        "shipped_at": found.card.shipped_at,
        "signed_at": found.card.signed_at,
        "completed_at": found.card.completed_at,
    }
    if state in (OrderState.CANCELLED, OrderState.RETURNED):
        done = [Step(label, "done") for label, _, name in _WAY if name and moments[name]]
        return (*done, Step(LABELS[OrderState][state].text, "stopped"))
    place = next((n for n, (_, states, _) in enumerate(_WAY) if state in states), len(_WAY))
    return tuple(
        Step(label, "done" if n < place else "now" if n == place else "next") for n, (label, _, _) in enumerate(_WAY)
    )


def timeline_of(found: OrderRecord) -> list[Happening]:
    """Everything that happened, in words; what a move of state says is not said twice."""
    told = [Happening(found.card.placed_at, T("买家下单", "Placed by the buyer"), kind="outside")]
    if found.card.paid_at:
        told.append(Happening(found.card.paid_at, T("买家付款", "Paid by the buyer"), kind="outside"))
    return told + [happening for line in found.story if (happening := _told(line)) is not None]


def _told(line: StoryLine) -> Happening | None:
    who = line.who or SYSTEM_NAME.text()
    if line.what.startswith("state:"):
        state = line.what.removeprefix("state:")
        label = LABELS[OrderState].get(OrderState(state)) if state in set(OrderState) else None
        return Happening(
            line.at, label.text if label else state, who, say_reason(line.why), "state", label.tone if label else "grey"
        )
    if line.what in _SAID_BY_STATE or line.what not in EVENTS:
        return None
    decision = str(line.data.get("decision", ""))
    facts = {
        "codes": hold_names(line.data.get("codes", ())),
        "decision": DECISIONS[decision].text() if decision in DECISIONS else decision,
        "until": line.data.get("until", ""),
    }
    kind = "outside" if line.what in _OUTSIDE else "note"
    return Happening(
        line.at,
        filled(EVENTS[line.what], facts),
        who,
        say_reason(line.why) or str(line.data.get("note", "")),
        "outside" if kind == "outside" else "note",
        _TONES.get(line.what, "grey"),
    )
