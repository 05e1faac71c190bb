"""The one relay: reads the event log and notifies the live channel. Commands themselves never notify."""

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.events import Recorded, type_name
from shopkeeper.foundation.live import CHANNEL
from shopkeeper.foundation.sql import Statement

NOTIFY = Statement("SELECT pg_notify(%(channel)s::text, payload) FROM unnest(%(payloads)s::text[]) AS payload")


def notify_live(actor: Actor, events: Sequence[Recorded[Any]]) -> None:
    """One notice per shop in the batch, with how often each kind happened; no ids, no names."""
    counts: dict[int | None, Counter[str]] = defaultdict(Counter)
    for recorded in events:
        counts[getattr(recorded.event, "shop_id", None)][type_name(type(recorded.event))] += 1
    now = max(recorded.occurred_at for recorded in events).isoformat()
    payloads = [
        json.dumps({"shop": shop, "events": [{"type": t, "count": n} for t, n in sorted(kinds.items())], "now": now})
        for shop, kinds in sorted(counts.items(), key=str)
    ]
    NOTIFY.run(channel=CHANNEL, payloads=payloads)
