"""One case on one page: what the policy owes and why, the evidence, the offer, the money, the parcel, the story."""

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse

from shopkeeper.flows.service.aftersale.pages.case_story import happenings, steps_of
from shopkeeper.flows.service.aftersale.pages.waiting import money_waiting, talk_url
from shopkeeper.flows.service.aftersale.permissions import Permission
from shopkeeper.flows.service.aftersale.queries.links import link_url
from shopkeeper.flows.service.aftersale.queries.opening import exchange_choices
from shopkeeper.flows.service.aftersale.queries.records import CaseRecord, case_record
from shopkeeper.flows.service.aftersale.states import (
    ENDED,
    OFFERABLE,
    TO_BE_OFFERED,
    CaseState,
    Freight,
    PayWay,
    Reason,
    ReturnState,
    Shot,
    Solution,
    UnderWay,
)
from shopkeeper.flows.service.aftersale.words import LABELS, WAITS_FOR_EVIDENCE, explained
from shopkeeper.foundation import business_time
from shopkeeper.shared.money import Money
from shopkeeper.shared.words import T
from shopkeeper.web.form_reading import FormState
from shopkeeper.web.pages import Request, page
from shopkeeper.web.record import Action, Badge, RecordHead, render_record

PAY_WAYS = [(str(way), LABELS[PayWay][way].text) for way in (PayWay.BY_HAND, PayWay.COUPON)]


@page("<int:case_id>/", name="aftersale-case", clause="S2.3", permission=Permission.CASE_VIEW)
def case(request: Request, case_id: int) -> HttpResponse:
    return show_case(request, case_id, FormState())


def show_case(request: Request, case_id: int, state: FormState[Any]) -> HttpResponse:
    """The page; `state` carries what was entered where something was refused."""
    found = case_record(request.actor, case_id, business_time.now())
    if found is None:
        raise Http404
    may = request.actor.may(Permission.CASE_HANDLE)
    proposal = found.judged.proposal
    link = found.live_link
    # Where the policy owes nothing, pictures decide nothing, unless somebody may go outside it; nor after the end.
    outside = request.actor.may(Permission.OUTSIDE_POLICY)
    wants_evidence = found.row.state not in ENDED and (proposal.eligible or outside)
    response = render_record(
        request,
        "aftersale/case.html",
        _head(request, found),
        timeline=happenings(found),
        live="aftersale",
        found=found,
        row=found.row,
        order=found.order,
        proposal=proposal,
        because=[
            (one, explained(one, found.row.currency))
            for one in proposal.because
            if wants_evidence or one.code != "shots_missing"
        ],
        state=_offer_state(found, state),
        solutions=_solutions(found, outside=outside),
        pay_ways=PAY_WAYS,
        exchanges=exchange_choices(found.judged.lines[0].sku_id) if len(found.judged.lines) == 1 else [],
        shots=[(str(shot), LABELS[Shot][shot].text) for shot in Shot],
        link=link,
        link_url=link_url(link.id) if link and may else "",
        may_offer=may and found.is_undecided,
        under_way=found.under_way if found.row.state in OFFERABLE else None,
        offer_blocked=bool(proposal.missing_shots) and not outside,
        may_answer=may and found.row.state == CaseState.OFFERED,
        may_accept=found.under_way is None,
        may_ask=may and found.row.state in TO_BE_OFFERED and wants_evidence,
        wants_evidence=wants_evidence,
        money_waiting=money_waiting(found.refunds),
        talk_url=talk_url(request, found.row.ticket_id),
        may_judge=may and found.is_undecided,
        may_add=request.actor.may(Permission.EVIDENCE_TAKE_IN) and found.row.state not in ENDED,
        may_see=request.actor.may(Permission.EVIDENCE_VIEW),
        may_note=may and found.return_state in (ReturnState.AWAITED, ReturnState.ON_THE_WAY),
        sellers_freight=found.judged.row.freight_by == Freight.SELLER,
        next_number=found.offers_made + 1,
    )
    if state.errors:
        response.status_code = 422
    return response


def _solutions(found: CaseRecord, *, outside: bool) -> list[tuple[str, str]]:
    """What may be chosen: what the policy allows first, the rest marked and only for who may go outside it."""
    proposal = found.judged.proposal
    inside = [s for s in (proposal.solution, *proposal.alternatives) if s is not None]
    choices = [(str(s), LABELS[Solution][s].text.text()) for s in inside]
    if outside:
        marked = T("{x}（政策外）", "{x} (outside the policy)")
        choices += [
            (str(s), marked.format(x=LABELS[Solution][s].text.text()).text()) for s in Solution if s not in inside
        ]
    return choices


def _offer_state(found: CaseRecord, state: FormState[Any]) -> FormState[Any]:
    """The form begins with what the policy proposes."""
    if state.values:
        return state
    proposal = found.judged.proposal
    money = Money(proposal.refund_minor, found.row.currency)
    beside = Money(proposal.compensation_minor, found.row.currency)
    state.values = {
        "solution": str(proposal.solution or ""),
        "refund_minor": str(money).replace(",", "") if proposal.refund_minor else "",
        "compensation_minor": str(beside).replace(",", "") if proposal.compensation_minor else "",
        "pay_way": str(PayWay.BY_HAND),
    }
    return state


def _head(request: Request, found: CaseRecord) -> RecordHead:
    row = found.row
    may = request.actor.may(Permission.CASE_HANDLE)
    reason = LABELS[Reason][Reason(row.reason)]
    badges = [Badge(reason.text, reason.tone)]
    if row.platform_refund_state:
        badges.append(Badge(T("平台退款单 {no}", "Platform refund {no}").format(no=row.refund_no), "blue", "receipt"))
    if found.under_way is not None and row.state not in ENDED:
        going = LABELS[UnderWay][found.under_way]
        badges.append(Badge(going.text, going.tone, "cash"))
    if row.state == CaseState.EVIDENCE and found.judged.proposal.missing_shots:
        badges.append(Badge(WAITS_FOR_EVIDENCE, "blue", "photo"))
    more: list[Action] = []
    primary = None
    if may and found.is_undecided:
        url, ask = reverse("aftersale-refuse", args=[row.id]), T("拒绝原因（会告知买家）", "Reason, told to the buyer")
        refuse = Action(T("拒绝申请", "Refuse"), url, ask=ask, icon="ban")
        if row.state in TO_BE_OFFERED and not found.judged.proposal.eligible:
            primary = refuse  # the one thing that the policy leaves to do
        else:
            more.append(refuse)
    if may and row.state not in (*ENDED, CaseState.RECEIVED, CaseState.GRADED):
        url = reverse("aftersale-close", args=[row.id])
        withdrawn, solved = T("买家撤销", "Withdrawn"), T("已另行解决", "Solved otherwise")
        more.append(Action(withdrawn, url, fields={"cause": "withdrawn"}, icon="arrow-back"))
        more.append(Action(solved, url, fields={"cause": "solved_otherwise"}, icon="check"))
    return RecordHead(
        title=T("售后单", "Case"),
        number=row.number,
        back="aftersale-list",
        state=CaseState(row.state),
        clause="S2.3",
        due_at=row.offer_due,
        badges=tuple(badges),
        steps=steps_of(found),
        primary=primary,
        more=tuple(more),
    )
