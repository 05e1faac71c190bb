"""Messages and pushes on their way to the house: one queue, delivered in order, kept until answered or
given up.

The queue survives a kill; a delivery under way when the process died is made again, as outside systems do.
"""

import asyncio
import time
from dataclasses import dataclass
from typing import Any

import httpx

from shopkeeper.simulator.sandboxes.store import Doc
from shopkeeper.simulator.sandboxes.world import World

BACK_OFF_S = (0.2, 0.5, 1.0, 2.0, 4.0)
HOLD_S = 1.0
LATER_S = 0.3


@dataclass(frozen=True, slots=True)
class Delivery:
    """One POST to make. `subject` says what it is about, for the ledger."""

    channel: str
    subject: str
    url: str
    body: str
    headers: dict[str, str]


class Outbox:
    """The queue and the one task that empties it."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._wake = asyncio.Event()
        self._settling = 0
        self._busy = False
        self._queued_at: dict[str, float] = {}

    def put(self, delivery: Delivery, after_next: bool = False, later: bool = False) -> None:
        """Queue a delivery; `after_next` lets the one that comes after it overtake it, `later` lets whoever was just
        answered write that down first."""
        position = self._world.number("delivery") + (1.5 if after_next else 0.0)
        doc: Doc = {
            "channel": delivery.channel,
            "subject": delivery.subject,
            "url": delivery.url,
            "body": delivery.body,
            "headers": delivery.headers,
            "position": position,
            "held": after_next,
            "later": later,
            "attempts": 0,
        }
        key = f"{position:015.1f}"
        self._queued_at[key] = time.monotonic()
        self._world.store.put("delivery", key, doc)
        self._wake.set()

    def pending(self) -> int:
        """How many deliveries are still to be made."""
        return self._world.store.count("delivery")

    async def settle(self, timeout_s: float) -> bool:
        """Wait until the queue is empty, held ones included; False when it is not by then."""
        self._settling += 1
        self._wake.set()
        try:
            end = time.monotonic() + timeout_s
            while (self.pending() or self._busy) and time.monotonic() < end:
                await asyncio.sleep(0.005)
            return self.pending() == 0
        finally:
            self._settling -= 1

    async def run(self) -> None:
        """Deliver for ever."""
        async with httpx.AsyncClient(timeout=10.0, trust_env=False) as client:
            while True:
                key = self._first()
                if key is None:
                    self._wake.clear()
                    wait = 0.05 if self.pending() else None
                    try:
                        await asyncio.wait_for(self._wake.wait(), wait)
                    except TimeoutError:
                        continue
                    continue
                self._busy = True
                await self._deliver(client, key)
                self._busy = False

    def _first(self) -> str | None:
        ready = (item for item in self._world.store.all("delivery") if not self._is_early(*item))
        key, doc = min(ready, default=(None, {}), key=lambda item: item[0])
        if key is None:
            return None
        waited = time.monotonic() - self._queued_at.get(key, 0.0)
        if doc["held"] and self.pending() == 1 and not self._settling and waited < HOLD_S:
            return None
        return key

    def _is_early(self, key: str, doc: Doc) -> bool:
        waited = time.monotonic() - self._queued_at.get(key, 0.0)
        return bool(doc.get("later")) and not self._settling and waited < LATER_S

    async def _deliver(self, client: httpx.AsyncClient, key: str) -> None:
        doc = self._world.store.get("delivery", key)
        assert doc is not None
        outcome = await self._post(client, doc)
        doc["attempts"] += 1
        done = outcome == "taken"
        if done or outcome == "refused" or doc["attempts"] >= self._world.limit("push_attempts"):
            self._world.store.drop("delivery", key)
            self._queued_at.pop(key, None)
            self._world.note(f"{doc['channel']}_out", f"{doc['subject']}", outcome=outcome, attempts=doc["attempts"])
            self._world.store.flush()
            return
        self._world.store.put("delivery", key, doc)
        self._world.store.flush()
        await asyncio.sleep(BACK_OFF_S[min(doc["attempts"] - 1, len(BACK_OFF_S) - 1)])

    async def _post(self, client: httpx.AsyncClient, doc: dict[str, Any]) -> str:
        """`taken` (2xx), `refused` (4xx: saying it again is useless) or `unreached`."""
        try:
            answer = await client.post(doc["url"], content=doc["body"].encode(), headers=doc["headers"])
        except httpx.HTTPError:
            return "unreached"
        if answer.is_success:
            return "taken"
        return "refused" if 400 <= answer.status_code < 500 else "unreached"
