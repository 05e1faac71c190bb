"""What the live process tells: lines of conversations by sequence, opened with their customer's key."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson
from django.core import signing

from shopkeeper.flows.service.conversations.sql import reading as sql
from shopkeeper.flows.service.conversations.states import Sender
from shopkeeper.flows.service.conversations.words import ERASED
from shopkeeper.foundation.personal import open_under
from shopkeeper.foundation.streams import Source, Told

CHANNEL = "shopkeeper_chat"
SALT = "shopkeeper.chat"
TOKEN_AGE_S = 24 * 3600
HIDDEN = (Sender.SYSTEM,)  # said among colleagues


def stream_token(conversation_id: int) -> str:
    """The right to follow one conversation for a day."""
    return signing.dumps({"c": conversation_id}, salt=SALT, compress=True)


def conversation_in(token: str) -> int | None:
    """The conversation a token lets one follow; None for one that is forged or old."""
    try:
        return int(signing.loads(token, salt=SALT, max_age=TOKEN_AGE_S)["c"])
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        return None


def shown_line(
    *, sequence: int, client_id: str, sender: str, said_at: datetime, picture_id: int | None, body: Any
) -> dict[str, Any]:
    """A line as a customer's page gets it; ours carry nobody's name."""
    return {
        "sequence": sequence,
        "client_id": client_id.partition(":")[2] if sender == Sender.CUSTOMER else "",
        "sender": sender,
        "said_at": said_at.isoformat(),
        "text": str(ERASED) if body is None else body.get("text", ""),
        "card": None if body is None else body.get("card"),
        "picture": picture_id,
    }


def tell(rows: Sequence[sql.StreamRow]) -> list[Told]:
    """Rows as events; what is said among colleagues is left out."""
    told = []
    for row in rows:
        if row.sender in HIDDEN:
            continue
        line = shown_line(
            sequence=row.sequence,
            client_id=row.client_id,
            sender=row.sender,
            said_at=row.said_at,
            picture_id=row.picture_id,
            body=open_under(bytes(row.wrapped) if row.wrapped else None, bytes(row.body_sealed)),
        )
        told.append(Told(row.topic, row.sequence, orjson.dumps(line).decode()))
    return told


SOURCE = Source(CHANNEL, sql.STREAM, tell)
