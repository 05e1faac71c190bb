"""`TeamRobot` through a DingTalk group robot: signed, at most twenty messages a minute."""

import base64
import hashlib
import hmac
import json
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote_plus

from shopkeeper.integrations.outside_http import OutsideHttp, json_object
from shopkeeper.shared.outside import OutsideError
from shopkeeper.sop.ports import RobotMessage

PER_MINUTE = 20
BAN_S = 600.0
MAX_TEXT = 5000
ROBOT_URL = "https://oapi.dingtalk.com/robot/send"


@dataclass(frozen=True, slots=True)
class DingTalkAccess:
    """One robot in one group."""

    access_token: str = field(repr=False)
    secret: str = field(repr=False)
    url: str = ROBOT_URL


def robot_sign(timestamp_ms: str, secret: str) -> str:
    """The robot's signature, ready for the query string."""
    digest = hmac.new(secret.encode(), f"{timestamp_ms}\n{secret}".encode(), hashlib.sha256).digest()
    return quote_plus(base64.b64encode(digest).decode())


class DingTalkRobot:
    """See the port. Counts its own messages of the last minute by `now_s` (business time in a simulation,
    so that it counts like its sandbox); signatures always go by machine time."""

    def __init__(
        self,
        access: DingTalkAccess,
        http: OutsideHttp | None = None,
        now_s: Callable[[], float] = time.time,
    ) -> None:
        self._access = access
        self._http = http or OutsideHttp(connections=2)
        self._now_s = now_s
        self._sent: deque[float] = deque()
        self._lock = threading.Lock()

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()

    def send(self, message: RobotMessage) -> None:
        """See the port. Not retried here: a message whose answer was lost may have been delivered."""
        self._take_a_turn()
        timestamp = str(int(time.time() * 1000))
        sign = robot_sign(timestamp, self._access.secret)
        token = quote_plus(self._access.access_token)
        url = f"{self._access.url}?access_token={token}&timestamp={timestamp}&sign={sign}"
        body = json.dumps(_form(message), ensure_ascii=False).encode("utf-8", "replace")
        answer = json_object(self._http.post(url, content=body, content_type="application/json; charset=utf-8"))
        code = answer.get("errcode")
        if code == 0:
            return
        words = str(answer.get("errmsg", ""))[:300]
        if code in (130101, 130102, 90018):
            raise OutsideError("throttled", str(code), words, BAN_S)
        if code in (310000, 300001, 300005):
            raise OutsideError("auth", str(code), words)
        raise OutsideError("transient" if code == -1 else "permanent", str(code), words)

    def _take_a_turn(self) -> None:
        with self._lock:
            now = self._now_s()
            while self._sent and self._sent[0] <= now - 60:
                self._sent.popleft()
            if len(self._sent) >= PER_MINUTE:
                raise OutsideError("throttled", "own_limit", f"{PER_MINUTE} a minute", self._sent[0] + 60 - now)
            self._sent.append(now)


def _form(message: RobotMessage) -> dict[str, Any]:
    at = {"atMobiles": list(message.at_mobiles), "isAtAll": message.at_all}
    text = message.text[:MAX_TEXT]
    if not message.markdown:
        return {"msgtype": "text", "text": {"content": text}, "at": at}
    named = "".join(f" @{mobile}" for mobile in message.at_mobiles)
    return {"msgtype": "markdown", "markdown": {"title": message.title, "text": text + named}, "at": at}
