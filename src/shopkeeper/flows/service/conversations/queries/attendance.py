"""Who is at a conversation just now: told to the desks that listen, kept nowhere."""

import json

from shopkeeper.flows.service.conversations.queries.desk import DeskConversation
from shopkeeper.flows.service.conversations.sql.arrivals import NOTIFY
from shopkeeper.foundation.actor import Actor

DOINGS = ("looking", "replying")


def announce(viewer: Actor, found: DeskConversation, doing: str) -> None:
    """Tell the desks; chat alone may notify directly."""
    if doing in DOINGS:
        notice = {
            "topic": found.id,
            "shop": found.shop_id,
            "agent": None,
            "doing": doing,
            "person": viewer.id,
            "name": viewer.name,
        }
        NOTIFY.run(payloads=[json.dumps(notice)])
