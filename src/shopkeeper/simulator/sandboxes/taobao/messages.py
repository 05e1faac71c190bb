"""Messages the platform posts to a shop's address when something happens to a trade.

Form (ours, after the platforms' habit): JSON body; headers `app-key`, `event-timestamp` (machine seconds) and
`event-sign` = hex HMAC-SHA256 under the app secret of app key + timestamp + body.
"""

import hashlib
import hmac
import json
import time

from shopkeeper.simulator.sandboxes.misbehaviour import Faults
from shopkeeper.simulator.sandboxes.outbox import Delivery, Outbox
from shopkeeper.simulator.sandboxes.store import Doc
from shopkeeper.simulator.sandboxes.world import World

STALE_S = 3600


def message_sign(app_key: str, app_secret: str, timestamp: str, body: str) -> str:
    """The signature of one message."""
    return hmac.new(app_secret.encode(), f"{app_key}{timestamp}{body}".encode(), hashlib.sha256).hexdigest()


class Messages:
    """Puts messages into the outbox, faults included."""

    def __init__(self, world: World, outbox: Outbox) -> None:
        self.world = world
        self.outbox = outbox

    def tell(self, shop: Doc, trade: Doc, topic: str, refund_id: str = "") -> None:
        """Tell the shop that `topic` happened to the trade, if it gave an address."""
        if not shop["message_url"]:
            return
        content = {"tid": trade["tid"], "status": trade["status"], "modified": trade["modified"]}
        if refund_id:
            content["refund_id"] = refund_id
        body = json.dumps(
            {
                "id": str(self.world.number("message")),
                "topic": topic,
                "pub_time": trade["modified"],
                "nick": shop["nick"],
                "content": json.dumps(content, separators=(",", ":")),
            },
            ensure_ascii=False,
            separators=(",", ":"),
        )
        faults = self.world.misbehaviour.faults("messages", topic, str(trade["tid"]))
        forged = body.replace(str(trade["tid"]), str(trade["tid"] + 500))
        self._queue(shop, f"{topic}|{trade['tid']}", body, forged, faults)

    def tell_chat(self, shop: Doc, topic: str, message_id: str, content: str) -> None:
        """Tell the shop what a shopper wrote, at its address for chats."""
        url = shop.get("chat_url") or shop["message_url"].replace("/hooks/platform/", "/hooks/chat/")
        if not url:
            return
        body = json.dumps(
            {"id": message_id, "topic": topic, "nick": shop["nick"], "content": content},
            ensure_ascii=False,
            separators=(",", ":"),
        )
        faults = self.world.misbehaviour.faults("messages", topic, message_id)
        forged = body.replace(message_id, f"{message_id}X")
        self._queue({**shop, "message_url": url}, f"{topic}|{message_id}", body, forged, faults)

    def _queue(self, shop: Doc, subject: str, body: str, forged: str, faults: Faults) -> None:
        if faults.has("forged"):
            self._post(shop, f"{subject}|forged", forged, secret="not the secret")  # noqa: S106
        if faults.has("stale"):
            self._post(shop, f"{subject}|stale", body, age_s=STALE_S)
        if faults.has("half_json"):
            self._post(shop, f"{subject}|half_json", body[: len(body) // 2])
        if faults.has("lost"):
            self.world.note("messages_out", f"{subject}|lost", outcome="lost", attempts=0)
            return
        for _ in range(2 if faults.has("twice") else 1):
            self._post(shop, subject, body, after_next=faults.has("out_of_order"))

    def _post(
        self, shop: Doc, subject: str, body: str, secret: str = "", age_s: int = 0, after_next: bool = False
    ) -> None:
        timestamp = str(int(time.time()) - age_s)
        headers = {
            "content-type": "application/json;charset=UTF-8",
            "app-key": shop["app_key"],
            "event-timestamp": timestamp,
            "event-sign": message_sign(shop["app_key"], secret or shop["app_secret"], timestamp, body),
        }
        self.outbox.put(Delivery("messages", subject, shop["message_url"], body, headers), after_next)
