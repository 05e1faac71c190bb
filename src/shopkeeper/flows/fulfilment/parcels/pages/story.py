"""How a parcel's way and what happened to it are told: the steps at the head, the time line below."""

from shopkeeper.flows.fulfilment.parcels.queries.records import CaseRecord, ParcelRecord, StoryLine
from shopkeeper.flows.fulfilment.parcels.states import (
    CaseKind,
    CaseOutcome,
    ContactChannel,
    ParcelState,
)
from shopkeeper.flows.fulfilment.parcels.words import CAUSE_WORDS, COURIER_WORDS, LABELS, REASON_WORDS, STORY_WORDS
from shopkeeper.shared.words import T
from shopkeeper.web.labels import Tone
from shopkeeper.web.record import Happening, Step

SYSTEM_NAME = T("系统", "System")
COURIER_NAME = T("快递", "Courier")
_WAY = (
    (T("取号", "Number"), ParcelState.NUMBERED),
    (T("打包", "Packed"), ParcelState.PACKED),
    (T("交运", "Handed over"), ParcelState.HANDED_OVER),
    (T("运输", "In transit"), ParcelState.IN_TRANSIT),
    (T("派送", "Delivery"), ParcelState.DELIVERING),
    (T("签收", "Signed"), ParcelState.SIGNED),
)
_REACHED = {
    ParcelState.AWAITING_NUMBER: 0,
    ParcelState.NUMBERED: 1,
    ParcelState.PACKED: 2,
    ParcelState.HANDED_OVER: 3,
    ParcelState.IN_TRANSIT: 4,
    ParcelState.DELIVERING: 5,
    ParcelState.SIGNED: 6,
}
_STORY_TONES: dict[str, Tone] = {
    "parcels.waybill_failed": "red",
    "parcels.ship_back_failed": "red",
    "parcels.ship_back_acknowledged": "green",
    "parcels.parcel_lost": "red",
    "parcels.parcel_handed_over": "blue",
}


def steps_of(record: ParcelRecord) -> tuple[Step, ...]:
    """The way to the buyer's hands; a parcel that left it stops where it left."""
    state = ParcelState(record.card.state)
    if state is ParcelState.CANCELLED:
        return (Step(LABELS[ParcelState][state].text, "stopped", record.state_at),)
    stray = state not in _REACHED
    reached = _REACHED.get(state, 5)
    moments = {2: record.card.handed_over_at, 5: record.card.signed_at}
    steps = []
    for position, (label, _) in enumerate(_WAY):
        if stray and position == len(_WAY) - 1:
            steps.append(Step(LABELS[ParcelState][state].text, "stopped", record.state_at))
        elif position < reached:
            steps.append(Step(label, "done", moments.get(position)))
        else:
            steps.append(Step(label, "now" if position == reached else "next"))
    return tuple(steps)


def goes_back(record: ParcelRecord) -> bool:
    """Whether the courier's last word sounds like delivery while the parcel is on its way back to us."""
    fate = record.card.state in (ParcelState.REFUSED, ParcelState.RETURNING)
    return fate and bool(record.scans) and record.scans[0].state in ("delivering", "transit", "picked")


def timeline_of(record: ParcelRecord) -> list[Happening]:
    """Scans of the courier, steps of the house and cases, as one line."""
    scans = [
        Happening(
            scan.at,
            scan.text,
            who=scan.place or COURIER_NAME.text(),
            kind="outside",
            tone=scan.tone,
        )
        for scan in reversed(record.scans)
    ]
    return [*map(_told, record.story), *scans, *_cases(record)]


def _told(line: StoryLine) -> Happening:
    words = STORY_WORDS.get(line.type, T(line.type, line.type))
    facts = {
        "courier": COURIER_WORDS.get(line.data.get("courier", ""), T("", "")).text(),
        "reason": REASON_WORDS.get(line.data.get("reason", ""), T("", "")).text(),
        "code": CAUSE_WORDS.get(line.data.get("code", ""), T("", "")).text() or line.data.get("code", ""),
        "weight_g": line.data.get("weight_g", ""),
        "print_no": line.data.get("print_no", ""),
        "attempts": line.data.get("attempts", ""),
    }
    note = line.data.get("reason", "") if line.type == "parcels.label_printed" else ""
    tone = _STORY_TONES.get(line.type, "grey")
    return Happening(
        line.at, words.format(**facts), who=line.who or SYSTEM_NAME.text(), note=note or line.why, tone=tone
    )


def _cases(record: ParcelRecord) -> list[Happening]:
    told = []
    for case in reversed(record.cases):
        kind = LABELS[CaseKind][CaseKind(case.kind)].text.text()
        cause = CAUSE_WORDS.get(case.cause, T("", "")).text()
        opened = T("立案：{kind}", "Case opened: {kind}").format(kind=kind)
        told.append(Happening(case.opened_at, opened, note=cause, kind="note", tone="amber"))
        if case.closed_at:
            outcome = LABELS[CaseOutcome][CaseOutcome(case.outcome)].text.text()
            closed = T("结案：{kind}，{outcome}", "Case closed: {kind}, {outcome}").format(kind=kind, outcome=outcome)
            who = case.closed_by or SYSTEM_NAME.text()
            told.append(Happening(case.closed_at, closed, who=who, note=case.note, kind="note", tone="green"))
    return told


def timeline_of_case(record: CaseRecord) -> list[Happening]:
    """The case's own story: opened, every talk, closed, between what the courier reported."""
    talks = [
        Happening(
            talk.at,
            T("联系快递（{channel}）", "Courier contacted ({channel})").format(
                channel=LABELS[ContactChannel][ContactChannel(talk.channel)].text.text()
            ),
            who=talk.who or SYSTEM_NAME.text(),
            note=talk.note,
            kind="note",
            tone="blue",
        )
        for talk in reversed(record.contacts)
    ]
    return [*timeline_of(record.parcel), *talks]
