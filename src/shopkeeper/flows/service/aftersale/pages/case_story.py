"""The way of a case and everything that happened to it, as the record page shows them."""

from datetime import datetime
from typing import Literal

from shopkeeper.flows.service.aftersale.queries.records import CaseRecord, EvidenceView, OfferView
from shopkeeper.flows.service.aftersale.states import (
    WITH_RETURN,
    CaseState,
    OfferAnswer,
    Reason,
    RefundState,
    Shot,
    Solution,
    Verdict,
)
from shopkeeper.flows.service.aftersale.words import CAUSES, LABELS
from shopkeeper.shared.words import T
from shopkeeper.web.record import Happening, Step

BUYER = T("买家", "The buyer")
SYSTEM = T("系统", "System")


def steps_of(found: CaseRecord) -> tuple[Step, ...]:
    """Opened, offered, accepted, the goods back where they come back, done."""
    row = found.row
    stopped = row.state in (CaseState.REFUSED, CaseState.CLOSED)
    offered = Step(T("给出方案", "Offered"), "done" if row.offered_at else "now", row.offered_at)
    accepted = Step(
        T("买家接受", "Accepted"), _done_or(row.accepted_at, row.state == CaseState.OFFERED), row.accepted_at
    )
    steps = [Step(T("申请售后", "Opened"), "done", row.opened_at), offered, accepted]
    if row.solution in WITH_RETURN:
        is_back = row.state in (CaseState.RECEIVED, CaseState.GRADED, CaseState.SETTLED)
        waits = row.state == CaseState.RETURN_AWAITED
        steps.append(Step(T("退货收货", "Goods back"), "done" if is_back else "now" if waits else "next"))
    if stopped:
        steps = [step if step.at else Step(step.label, "next") for step in steps]
        word = T("已拒绝", "Refused") if row.state == CaseState.REFUSED else T("已关闭", "Closed")
        return (*steps, Step(word, "stopped", row.ended_at))
    is_done = row.state == CaseState.SETTLED
    now = row.state in (CaseState.ACCEPTED, CaseState.GRADED)
    return (*steps, Step(T("完结", "Settled"), "done" if is_done else "now" if now else "next", row.ended_at))


def _done_or(at: datetime | None, is_now: bool) -> Literal["done", "now", "next"]:
    return "done" if at else "now" if is_now else "next"


def happenings(found: CaseRecord) -> list[Happening]:
    """From the opening to the end."""
    row = found.row
    told = [
        Happening(
            row.opened_at,
            T("申请售后：{x}", "Opened: {x}").format(x=LABELS[Reason][Reason(row.reason)].text.text()),
            found.opened_by or str(SYSTEM),
        )
    ]
    told += [
        Happening(link.made_at, T("向买家发出举证链接", "The buyer was given a link for evidence"), kind="note")
        for link in reversed(found.links)
    ]
    told += [_evidence(one) for one in found.evidence]
    for offer in found.offers:
        solution = LABELS[Solution][Solution(offer.solution)].text.text()
        told.append(
            Happening(
                offer.offered_at,
                T("给出方案：{x}", "Offered: {x}").format(x=solution),
                offer.offered_by,
                offer.why,
                tone="blue",
            )
        )
        if offer.answered_at:
            answer = LABELS[OfferAnswer][OfferAnswer(offer.answer)]
            told.append(Happening(offer.answered_at, answer.text, _who_answered(offer), tone=answer.tone))
    for refund in found.refunds:
        if refund.approved_at and not refund.by_itself:
            told.append(Happening(refund.approved_at, T("退款审批通过", "Refund approved"), refund.approved_by))
        if refund.paid_at:
            told.append(
                Happening(
                    refund.paid_at,
                    LABELS[RefundState][RefundState.PAID].text,
                    note=refund.paid_evidence,
                    kind="outside",
                    tone="green",
                )
            )
    if row.ended_at:
        label = LABELS[CaseState][CaseState(row.state)]
        words = CAUSES.get(row.end_reason)
        note = str(words) if words else row.end_reason if row.state != CaseState.SETTLED else ""
        told.append(Happening(row.ended_at, label.text, note=note, tone=label.tone))
    return told


def _who_answered(offer: OfferView) -> str:
    """The buyer's answer is entered by somebody: said with it. Replaced and lapsed offers were nobody's answer."""
    if offer.answer in (OfferAnswer.ACCEPTED, OfferAnswer.DECLINED):
        entered = T("{x}（代买家登记）", "{x}, entered for the buyer").format(x=offer.answered_by)
        return str(entered if offer.answered_by else BUYER)
    return offer.answered_by or str(SYSTEM)


def _evidence(one: EvidenceView) -> Happening:
    shot = LABELS[Shot][Shot(one.shot)].text.text()
    note = LABELS[Verdict][Verdict(one.verdict)].text.text()
    return Happening(
        one.added_at, T("收到凭证：{x}", "Evidence: {x}").format(x=shot), one.added_by or str(BUYER), note, kind="note"
    )
