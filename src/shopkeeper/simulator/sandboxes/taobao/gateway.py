"""The platform's one door `/router/rest`: signature, age, session, call limit, then the method."""

import asyncio
import hashlib
import hmac
import time
from collections import deque
from collections.abc import Callable
from datetime import timedelta

from shopkeeper.simulator.sandboxes import accounts
from shopkeeper.simulator.sandboxes.misbehaviour import Faults
from shopkeeper.simulator.sandboxes.outbox import Outbox
from shopkeeper.simulator.sandboxes.serving import CUT, Answer, Request, json_answer
from shopkeeper.simulator.sandboxes.shelf import Names, Shelf
from shopkeeper.simulator.sandboxes.store import Doc
from shopkeeper.simulator.sandboxes.taobao.chat import Chat
from shopkeeper.simulator.sandboxes.taobao.errors import TopError, missing, server_error, throttled
from shopkeeper.simulator.sandboxes.taobao.items import Files, Items
from shopkeeper.simulator.sandboxes.taobao.messages import Messages
from shopkeeper.simulator.sandboxes.taobao.methods import Params, Reading
from shopkeeper.simulator.sandboxes.taobao.order_changes import OrderChanges
from shopkeeper.simulator.sandboxes.taobao.refunding import Refunding
from shopkeeper.simulator.sandboxes.taobao.refunds import Refunds
from shopkeeper.simulator.sandboxes.taobao.shipping import Shipping
from shopkeeper.simulator.sandboxes.taobao.trades import Trades
from shopkeeper.simulator.sandboxes.world import World, china_moment, machine_now

MAX_AGE = timedelta(minutes=10)
_UNSTABLE = frozenset({"timestamp", "sign"})


def top_sign(params: Params, secret: str, how: str) -> str:
    """The platform's signature over every parameter but `sign`."""
    text = "".join(k + v for k, v in sorted(params.items()) if k != "sign")
    if how == "md5":
        return hashlib.md5((secret + text + secret).encode(), usedforsecurity=False).hexdigest().upper()
    kind = hashlib.md5 if how == "hmac" else hashlib.sha256
    return hmac.new(secret.encode(), text.encode(), kind).hexdigest().upper()


class TaobaoSandbox:
    """The platform."""

    def __init__(self, world: World, outbox: Outbox, picture_url: Callable[[str], str] = str) -> None:
        self.world = world
        self.shelf = Shelf(world, Names("taobao", first_item=610_000_000_000, first_sku=5_010_000_000_000))
        self.items = Items(self.shelf, picture_url)
        self.trades = Trades(world)
        self.refunds = Refunds(world, self.trades)
        self.messages = Messages(world, outbox)
        self.chat = Chat(world, self.messages)
        reading = Reading(self.trades, self.refunds)
        shipping = Shipping(world, reading, self.messages.tell)
        refunding = Refunding(world, self.refunds, self.messages.tell)
        changes = OrderChanges(world, reading, self.messages.tell)
        self.methods: dict[str, Callable[[Doc, Params, Faults], Doc]] = (
            reading.methods
            | shipping.methods
            | refunding.methods
            | changes.methods
            | self.items.methods
            | self.chat.methods
        )
        self._calls: dict[str, deque[float]] = {}
        self._banned: dict[str, float] = {}
        if world.store.get("shop", accounts.SESSION) is None:
            self.open_shop({})

    def open_shop(self, form: dict[str, object]) -> Doc:
        """A shop that has authorised an app; what the form leaves out is the default shop's."""
        shop: Doc = {
            "app_key": str(form.get("app_key", accounts.APP_KEY)),
            "app_secret": str(form.get("app_secret", accounts.APP_SECRET)),
            "session": str(form.get("session", accounts.SESSION)),
            "nick": str(form.get("nick", accounts.SHOP_NICK)),
            "message_url": str(form.get("message_url", "")),
            "chat_url": str(form.get("chat_url", "")),
        }
        self.world.store.put("shop", shop["session"], shop)
        return shop

    def shop(self, session: str) -> Doc | None:
        """The shop behind a session."""
        return self.world.store.get("shop", session)

    async def handle(self, request: Request) -> Answer:
        """One call."""
        if request.path != "/router/rest":
            return Answer(b"not found", 404, "text/plain")
        params, files = request.query | request.form(), request.files()
        method = params.get("method", "")
        key = "&".join(f"{k}={v}" for k, v in sorted(params.items()) if k not in _UNSTABLE)
        faults = self.world.misbehaviour.faults("platform", method, key)
        if faults.has("slow"):
            await asyncio.sleep(faults.number("slow", "delay_ms", 500) / 1000)
        if faults.has("cut"):
            return CUT
        if faults.has("down"):
            return Answer(b"Service Unavailable", 503, "text/plain")
        answer = self._answer(method, params, files, faults)
        if faults.has("lost_answer"):
            return CUT
        if faults.has("half_json"):
            return Answer(answer.body[: len(answer.body) // 2])
        return answer

    def _answer(self, method: str, params: Params, files: Files, faults: Faults) -> Answer:
        try:
            if faults.has("throttle"):
                raise throttled(1)
            if faults.has("server_error"):
                raise server_error()
            shop = self._admit(method, params)
            if method in self.items.with_files:
                inside = self.items.with_files[method](shop, params, files)
            else:
                inside = self.methods[method](shop, params, faults)
        except TopError as error:
            return self._wrapped("error_response", error.body)
        name = method.removeprefix("taobao.").replace(".", "_") + "_response"
        return self._wrapped(name, inside)

    @staticmethod
    def _wrapped(name: str, inside: Doc) -> Answer:
        """The answer's envelope. The request id follows from the content, so that like answers are equal."""
        digest = hashlib.sha256(repr(inside).encode()).hexdigest()[:12]
        return json_answer({name: inside | {"request_id": digest}})

    def _admit(self, method: str, params: Params) -> Doc:
        if not method:
            raise TopError(21, "Missing Method")
        if method not in self.methods and method not in self.items.with_files:
            raise TopError(22, "Invalid Method", "isv.method-not-exist", method[:100])
        app_key = params.get("app_key")
        if not app_key:
            raise TopError(28, "Missing App Key")
        secrets = {shop["app_secret"] for _, shop in self.world.store.all("shop") if shop["app_key"] == app_key}
        if not secrets:
            raise TopError(29, "Invalid App Key", "isv.appkey-not-exists", "appkey 不存在")
        self._check_age(params)
        how = params.get("sign_method", "")
        if how not in ("md5", "hmac", "hmac-sha256"):
            raise missing("sign_method")
        if "sign" not in params:
            raise TopError(24, "Missing Signature")
        if not any(hmac.compare_digest(top_sign(params, secret, how), params["sign"]) for secret in secrets):
            raise TopError(25, "Invalid signature", "isv.invalid-signature", "签名错误")
        self._count_call(app_key)
        if "session" not in params:
            raise TopError(26, "Missing session")
        shop = self.shop(params["session"])
        if shop is None or shop["app_key"] != app_key:
            raise TopError(27, "Invalid session", "invalid-sessionkey", "SessionKey 非法或已过期")
        return shop

    @staticmethod
    def _check_age(params: Params) -> None:
        if "timestamp" not in params:
            raise TopError(30, "Missing Timestamp")
        try:
            age = machine_now() - china_moment(params["timestamp"])
        except ValueError:
            raise TopError(31, "Invalid Timestamp", "isv.invalid-timestamp", "时间戳格式错误") from None
        if abs(age) > MAX_AGE:
            raise TopError(31, "Invalid Timestamp", "isv.invalid-timestamp", "时间戳与服务器相差超过 10 分钟")

    def _count_call(self, app_key: str) -> None:
        now = time.monotonic()
        if now < self._banned.get(app_key, 0.0):
            raise throttled(int(self._banned[app_key] - now) + 1)
        calls = self._calls.setdefault(app_key, deque())
        while calls and calls[0] <= now - 60:
            calls.popleft()
        if len(calls) >= self.world.limit("app_calls_per_minute"):
            ban = self.world.limit("app_ban_s")
            self._banned[app_key] = now + ban
            calls.clear()
            raise throttled(ban)
        calls.append(now)
