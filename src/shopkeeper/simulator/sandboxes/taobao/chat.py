"""The platform's chat: shoppers write to the shop, the shop answers; pushed like other messages, and to be pulled.

A shop's lines have one running number. Ours are shown once per `client_msg_id`, whatever is sent again.
"""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from shopkeeper.simulator.sandboxes import accounts
from shopkeeper.simulator.sandboxes.misbehaviour import Faults
from shopkeeper.simulator.sandboxes.store import Doc
from shopkeeper.simulator.sandboxes.taobao.errors import invalid, missing, refused
from shopkeeper.simulator.sandboxes.taobao.messages import Messages
from shopkeeper.simulator.sandboxes.world import World, iso_moment

Params = dict[str, str]
TOPIC = "taobao_chat_CustomerMessage"
LONGEST = 4_000


class Chat:
    """Lines by number per shop (kind `chat_line`), and the shop's answers by key (kind `chat_answer`)."""

    def __init__(self, world: World, messages: Messages) -> None:
        self.world = world
        self.messages = messages
        self.methods: dict[str, Callable[[Doc, Params, Faults], Doc]] = {
            "taobao.chat.messages.get": self.get,
            "taobao.chat.message.send": self.send,
        }

    def write(self, shop: Doc, form: dict[str, Any]) -> Doc:
        """A shopper writes: {"from", "text", "nick"?, "tid"?, "at"?, "quiet"?}."""
        number = self.world.number(f"chat|{shop['session']}")
        at: datetime = iso_moment(form["at"]) if "at" in form else self.world.now()
        line: Doc = {
            "session": shop["session"],
            "seq": number,
            "message_id": f"CM{number:010d}",
            "from_open_uid": str(form["from"]),
            "from_nick": str(form.get("nick", "")),
            "content": str(form["text"])[:LONGEST],
            "send_time": int(at.timestamp() * 1000),
            "tid": str(form.get("tid", "")),
        }
        self.world.store.put("chat_line", f"{shop['session']}|{number:010d}", line)
        if not form.get("quiet"):
            shown = {name: value for name, value in line.items() if name != "session"}
            body = json.dumps(shown, ensure_ascii=False, separators=(",", ":"))
            self.messages.tell_chat(shop, TOPIC, line["message_id"], body)
        return line

    def block(self, form: dict[str, Any]) -> Doc:
        """A shopper no longer wants to hear from the shop, or does again: {"from", "blocked"}."""
        doc: Doc = {"blocked": bool(form.get("blocked", True))}
        self.world.store.put("chat_block", str(form["from"]), doc)
        return doc

    def heard(self, session: str) -> list[Doc]:
        """What shoppers were shown by a shop, in order."""
        return [doc for _, doc in self.world.store.all("chat_answer") if doc["session"] == session]

    def get(self, shop: Doc, params: Params, faults: Faults) -> Doc:
        """Lines after a number, oldest first."""
        after, size = _whole(params, "after_seq", 0), _whole(params, "page_size", 100)
        prefix = f"{shop['session']}|"
        found = [
            line for key, line in self.world.store.all("chat_line") if key.startswith(prefix) and line["seq"] > after
        ]
        found.sort(key=lambda line: int(line["seq"]))
        page = [{name: value for name, value in line.items() if name != "session"} for line in found[:size]]
        if faults.has("twice") and page:
            page.append(page[-1])
        return {"messages": {"message": page}, "has_next": len(found) > size}

    def send(self, shop: Doc, params: Params, faults: Faults) -> Doc:
        """The shop answers. Its key again is the same answer, not another line."""
        for name in ("to_open_uid", "content", "client_msg_id"):
            if not params.get(name):
                raise missing(name)
        if len(params["content"]) > LONGEST:
            raise invalid("content", "消息过长")
        blocked = self.world.store.get("chat_block", params["to_open_uid"])
        if blocked and blocked["blocked"]:
            raise refused("chat-receiver-refused", "对方拒绝接收消息")
        key = f"{shop['session']}|{params['client_msg_id']}"
        answer = self.world.store.get("chat_answer", key)
        if answer is None:
            answer = {
                "session": shop["session"],
                "message_id": f"CA{self.world.number('chat_answer'):010d}",
                "client_msg_id": params["client_msg_id"],
                "to_open_uid": params["to_open_uid"],
                "content": params["content"],
                "at": self.world.now().isoformat(),
            }
            self.world.store.put("chat_answer", key, answer)
        self.world.note("chat_send", params["client_msg_id"], answer_lost=faults.has("lost_answer"))
        return {"message_id": answer["message_id"]}


def _whole(params: Params, name: str, default: int) -> int:
    text = params.get(name, str(default))
    if not text.isdecimal():
        raise invalid(name, f"{name} 应为整数")
    return int(text[:12])


def default_session(form: dict[str, Any]) -> str:
    """The shop a form names, else the default one."""
    return str(form.get("session", accounts.SESSION))
