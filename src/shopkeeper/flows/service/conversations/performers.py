"""S1.1: what conversations say to and ask of platforms, after commit, with no transaction open.

A line of ours carries our own key, so that saying it again shows it once; what was pushed and lost is pulled.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from shopkeeper.flows.service.conversations import queries
from shopkeeper.flows.service.conversations.commands.note_chat_pulls import (
    NoteChatPull,
    NotePush,
    note_chat_pulls,
    note_pushes,
)
from shopkeeper.flows.service.conversations.commands.open_channels import PULL
from shopkeeper.flows.service.conversations.commands.record_deliveries import RecordDelivery, record_deliveries
from shopkeeper.flows.service.conversations.commands.standing import SEND
from shopkeeper.flows.service.conversations.commands.take_in_messages import TakeInMessage, take_in_messages
from shopkeeper.flows.service.conversations.ports import (
    HeardLine,
    OutsideError,
    PlatformChat,
    ShopAccess,
    Spoken,
)
from shopkeeper.flows.service.conversations.states import Channel
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.errands import DONE, ErrandResult, ErrandRow, Performer
from shopkeeper.shared.outcomes import Outcome
from shopkeeper.sop.policy import read_policies

PULL_RETRY_S = 20.0


@dataclass(frozen=True, slots=True)
class Gateways:
    """The platforms' chats by name, and how shops are reached."""

    chats: Mapping[str, PlatformChat]
    shops: Callable[[Collection[int]], Mapping[int, ShopAccess]]


def performers(gateways: Gateways) -> dict[str, Performer]:
    """Errand kind → who performs it."""
    return {
        SEND: lambda rows: send_lines(gateways, rows),
        PULL: lambda rows: [_pull(gateways, row) for row in rows],
    }


def send_lines(gateways: Gateways, rows: Sequence[ErrandRow]) -> list[ErrandResult]:
    """Each line to its customer until acknowledged, in order; one the platform refuses for good is marked failed."""
    lines = queries.outgoing_lines([row.subject_id for row in rows])
    access = gateways.shops({line.shop_id for line in lines.values()})
    answers: dict[int, RecordDelivery] = {}
    results: dict[int, ErrandResult] = {}
    for row in sorted(rows, key=lambda row: row.subject_id):
        line = lines.get(row.subject_id)
        if line is None or not line.is_pending:
            results[row.id] = DONE
            continue
        try:
            answers[line.message_id] = RecordDelivery(line.message_id, outside_id=_send(gateways, access, line))
            results[row.id] = DONE
        except OutsideError as error:
            if error.kind == "permanent":
                answers[line.message_id] = RecordDelivery(line.message_id, failure=error.code[:80])
                results[row.id] = DONE
            else:
                results[row.id] = ErrandResult("retry", f"{error.kind} {error.code}"[:200], error.retry_after_s)
    record_deliveries(SYSTEM, list(answers.values()))
    return [results[row.id] for row in rows]


def _send(gateways: Gateways, access: Mapping[int, ShopAccess], line: queries.OutgoingLine) -> str:
    if line.shop_id not in access or line.platform not in gateways.chats:
        raise OutsideError("permanent", "no_platform_chat", line.platform)
    if not line.customer:
        raise OutsideError("permanent", "customer_erased")
    spoken = Spoken(f"sk{line.message_id}", line.customer, line.text)
    return gateways.chats[line.platform].send(access[line.shop_id], spoken)


def _pull(gateways: Gateways, row: ErrandRow) -> ErrandResult:
    """Read what customers wrote since the cursor; the errand stays and comes back."""
    shop_id = row.subject_id
    access = gateways.shops([shop_id]).get(shop_id)
    upto = queries.pulled_upto([shop_id]).get(shop_id)
    if access is None or upto is None or access.platform not in gateways.chats:
        return DONE  # a shop without such a chat: nothing is ever to be pulled
    try:
        while True:
            heard = gateways.chats[access.platform].pull(access, upto)
            take_in_messages(SYSTEM, [taken_in(shop_id, line) for line in heard.lines])
            upto = heard.upto
            note_chat_pulls(SYSTEM, [NoteChatPull(shop_id, upto)])
            if not heard.has_more:
                break
    except OutsideError as error:
        note_chat_pulls(SYSTEM, [NoteChatPull(shop_id, upto, f"{error.kind} {error.code}")])
        return ErrandResult("retry", str(error)[:200], error.retry_after_s or PULL_RETRY_S)
    return ErrandResult("retry", "", read_policies()("chat_pull_minutes", shop_id) * 60)


def taken_in(shop_id: int, line: HeardLine) -> TakeInMessage:
    """A platform's line as the command takes it."""
    return TakeInMessage(
        shop_id=shop_id,
        channel=Channel.PLATFORM,
        customer=line.buyer_ref,
        client_id=f"p:{line.message_id}",
        text=line.text or "…",
        said_at=line.said_at,
        name=line.buyer_name,
        platform_no=line.platform_no,
    )


def hear(shop_id: int, line: HeardLine) -> Outcome:
    """A pushed line, taken in at once; a gap in the running number has the lost ones pulled now."""
    outcome = take_in_messages.one(SYSTEM, taken_in(shop_id, line))
    note_pushes.one(SYSTEM, NotePush(shop_id, line.number))
    return outcome
