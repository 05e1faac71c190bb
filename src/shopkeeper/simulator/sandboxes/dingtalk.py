"""A team robot that speaks DingTalk's protocol: signature, age, twenty messages a minute, then a ban."""

import asyncio
import base64
import hashlib
import hmac
import time
from collections import deque
from typing import Any

from shopkeeper.simulator.sandboxes import accounts
from shopkeeper.simulator.sandboxes.misbehaviour import Faults
from shopkeeper.simulator.sandboxes.serving import CUT, Answer, Request, json_answer
from shopkeeper.simulator.sandboxes.world import World

MAX_AGE_S = 3600


def robot_sign(timestamp: str, secret: str) -> str:
    """The robot's signature, before urlencoding."""
    digest = hmac.new(secret.encode(), f"{timestamp}\n{secret}".encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


class RobotSandbox:
    """All robots; each by its access token. Every message taken is in the ledger, kind `robot`."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._sent: dict[str, deque[float]] = {}
        self._banned: dict[str, float] = {}
        if world.store.get("robot", accounts.ROBOT_TOKEN) is None:
            self.open_robot({})

    def open_robot(self, form: dict[str, object]) -> dict[str, str]:
        """A robot in a group; what the form leaves out is the default robot's."""
        token = str(form.get("access_token", accounts.ROBOT_TOKEN))
        robot = {"access_token": token, "secret": str(form.get("secret", accounts.ROBOT_SECRET))}
        self.world.store.put("robot", token, dict(robot))
        return robot

    async def handle(self, request: Request) -> Answer:
        """One message."""
        if request.path != "/robot/send" or request.method != "POST":
            return Answer(b"not found", 404, "text/plain")
        faults = self.world.misbehaviour.faults("robot", "", hashlib.sha256(request.body).hexdigest())
        if faults.has("slow"):
            await asyncio.sleep(faults.number("slow", "delay_ms", 500) / 1000)
        if faults.has("cut"):
            return CUT
        if faults.has("down"):
            return Answer(b"Service Unavailable", 503, "text/plain")
        code, words = self._take(request, faults)
        if faults.has("lost_answer"):
            return CUT
        answer = json_answer({"errcode": code, "errmsg": words})
        return Answer(answer.body[: len(answer.body) // 2]) if faults.has("half_json") else answer

    def _take(self, request: Request, faults: Faults) -> tuple[int, str]:
        if faults.has("server_error"):
            return -1, "系统繁忙"
        token = request.query.get("access_token", "")
        robot = self.world.store.get("robot", token)
        if robot is None:
            return 300005, "token is not exist"
        timestamp = request.query.get("timestamp", "")
        if not timestamp.isdecimal() or abs(time.time() - int(timestamp[:16]) / 1000) > MAX_AGE_S:
            return 310000, "description:机器人发送签名过期;solution:签名生成时间和发送时间请保持在一小时以内"
        expected = robot_sign(timestamp, robot["secret"])
        if not hmac.compare_digest(expected.encode(), request.query.get("sign", "").encode()):
            return 310000, "description:机器人发送签名不匹配;solution:请确认签名和生成签名的时间戳"
        try:
            message = _message(request.json())
        except (ValueError, KeyError, TypeError):
            return 40035, "不合法的参数"
        if faults.has("throttle") or self._too_fast(token):
            return 130101, "send too fast, exceed 20 times per minute"
        self.world.note(
            "robot",
            f"{token}|{message['title']}|{message['text']}",
            token=token,
            answer_lost=faults.has("lost_answer") or faults.has("half_json"),
            **message,
        )
        return 0, "ok"

    def _too_fast(self, token: str) -> bool:
        now = self.world.now().timestamp()
        if now < self._banned.get(token, 0.0):
            return True
        sent = self._sent.setdefault(token, deque())
        while sent and sent[0] <= now - 60:
            sent.popleft()
        if len(sent) >= self.world.limit("robot_per_minute"):
            self._banned[token] = now + self.world.limit("robot_ban_s")
            sent.clear()
            return True
        sent.append(now)
        return False


def _message(body: Any) -> dict[str, Any]:
    kind = body["msgtype"]
    if kind == "text":
        title, text = "", body["text"]["content"]
    elif kind == "markdown":
        title, text = body["markdown"]["title"], body["markdown"]["text"]
    else:
        raise ValueError(kind)
    if not isinstance(text, str) or not text or not isinstance(title, str) or (kind == "markdown" and not title):
        raise ValueError("empty")
    at = body.get("at", {})
    return {
        "msgtype": kind,
        "title": title,
        "text": text,
        "at_mobiles": at.get("atMobiles", []),
        "at_all": bool(at.get("isAtAll")),
    }
