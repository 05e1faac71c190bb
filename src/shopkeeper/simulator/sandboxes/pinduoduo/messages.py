"""Messages about orders, as the platform's message service words them.

The real service speaks over a socket the shop opens; here its messages are posted to the shop's address, as a relay
would. Headers (ours): `pdd-client-id`, `pdd-timestamp` (machine milliseconds) and `pdd-sign` = hex HMAC-SHA256 under
the client secret of client id + timestamp + body.
"""

import hashlib
import hmac
import json
import time

from shopkeeper.simulator.sandboxes.outbox import Delivery, Outbox
from shopkeeper.simulator.sandboxes.store import Doc
from shopkeeper.simulator.sandboxes.world import World, china_moment

STALE_S = 3600


def message_sign(client_id: str, secret: str, timestamp: str, body: str) -> str:
    """The signature of one message."""
    return hmac.new(secret.encode(), f"{client_id}{timestamp}{body}".encode(), hashlib.sha256).hexdigest()


class Messages:
    """Puts messages into the outbox, faults included."""

    def __init__(self, world: World, outbox: Outbox) -> None:
        self.world = world
        self.outbox = outbox

    def tell(self, mall: Doc, order: Doc, kind: str) -> None:
        """Tell the mall that `kind` happened to the order, if it gave an address and may know of it."""
        if not mall["message_url"] or not order["pay_time"]:
            return
        number = self.world.number("message")
        content = {"mall_id": mall["mall_id"], "tid": order["order_sn"], "updated_at": order["updated_at"]}
        message = {
            "id": number,
            "commandType": "Common",
            "sendTime": int(china_moment(order["updated_at"]).timestamp() * 1000),
            "message": {"type": kind, "mallID": mall["mall_id"], "content": json.dumps(content)},
        }
        body = json.dumps(message, ensure_ascii=False, separators=(",", ":"))
        faults = self.world.misbehaviour.faults("messages", kind, order["order_sn"])
        subject = f"{kind}|{order['order_sn']}"
        if faults.has("forged"):
            forged = body.replace(order["order_sn"], order["order_sn"][:-1] + "9")
            self._post(mall, f"{subject}|forged", forged, secret="not the secret")  # noqa: S106
        if faults.has("stale"):
            self._post(mall, f"{subject}|stale", body, age_s=STALE_S)
        if faults.has("half_json"):
            self._post(mall, f"{subject}|half_json", body[: len(body) // 2])
        if faults.has("lost"):
            self.world.note("messages_out", f"{subject}|lost", outcome="lost", attempts=0)
            return
        for _ in range(2 if faults.has("twice") else 1):
            self._post(mall, subject, body, after_next=faults.has("out_of_order"))

    def _post(
        self, mall: Doc, subject: str, body: str, secret: str = "", age_s: int = 0, after_next: bool = False
    ) -> None:
        timestamp = str(int((time.time() - age_s) * 1000))
        headers = {
            "content-type": "application/json;charset=UTF-8",
            "pdd-client-id": mall["client_id"],
            "pdd-timestamp": timestamp,
            "pdd-sign": message_sign(mall["client_id"], secret or mall["client_secret"], timestamp, body),
        }
        self.outbox.put(Delivery("messages", subject, mall["message_url"], body, headers), after_next)
