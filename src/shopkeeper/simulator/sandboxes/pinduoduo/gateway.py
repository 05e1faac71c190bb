"""The platform's one door `/api/router`: age, signature, token, call limit, then the method named by `type`."""

import asyncio
import hashlib
import hmac
import time
from collections import deque
from collections.abc import Callable

from shopkeeper.simulator.sandboxes import accounts
from shopkeeper.simulator.sandboxes.misbehaviour import Faults
from shopkeeper.simulator.sandboxes.outbox import Outbox
from shopkeeper.simulator.sandboxes.pinduoduo.errors import PddError, missing, server_error, throttled
from shopkeeper.simulator.sandboxes.pinduoduo.goods import Goods
from shopkeeper.simulator.sandboxes.pinduoduo.messages import Messages
from shopkeeper.simulator.sandboxes.pinduoduo.orders import Orders
from shopkeeper.simulator.sandboxes.pinduoduo.reading import Params, Reading
from shopkeeper.simulator.sandboxes.pinduoduo.shipping import Shipping
from shopkeeper.simulator.sandboxes.serving import CUT, Answer, Request, json_answer
from shopkeeper.simulator.sandboxes.shelf import Names, Shelf
from shopkeeper.simulator.sandboxes.store import Doc
from shopkeeper.simulator.sandboxes.world import World, machine_now

PATH = "/api/router"
MAX_AGE_S = 600
_UNSTABLE = frozenset({"timestamp", "sign"})
# Answers that are not named after their method.
_NAMED = {
    "pdd.order.number.list.increment.get": "order_sn_increment_get_response",
    "pdd.order.information.get": "order_info_get_response",
    "pdd.goods.information.update": "goods_update_response",
}
# The limits the platform publishes per method and shop, by the name of our limit.
_LIMITED = {
    "pdd.order.number.list.increment.get": "pdd_increment_per_minute",
    "pdd.goods.list.get": "pdd_goods_list_per_minute",
}


def pdd_sign(params: Params, secret: str) -> str:
    """The platform's signature over every parameter but `sign`: MD5, upper-case hex."""
    text = "".join(k + v for k, v in sorted(params.items()) if k != "sign")
    return hashlib.md5((secret + text + secret).encode(), usedforsecurity=False).hexdigest().upper()


class PinduoduoSandbox:
    """The platform."""

    def __init__(self, world: World, outbox: Outbox, picture_url: Callable[[str], str] = str) -> None:
        self.world = world
        self.shelf = Shelf(world, Names("pinduoduo", first_item=620_000_000_000, first_sku=1_620_000_000_000))
        self.orders = Orders(world)
        self.messages = Messages(world, outbox)
        reading = Reading(self.orders)
        shipping = Shipping(world, reading, self.messages.tell)
        goods = Goods(self.shelf, picture_url)
        self.methods: dict[str, Callable[[Doc, Params, Faults], Doc]] = (
            reading.methods | shipping.methods | goods.methods
        )
        self._calls: dict[tuple[str, str], deque[float]] = {}
        if world.store.get("mall", accounts.PINDUODUO_TOKEN) is None:
            self.open_mall({})

    def open_mall(self, form: dict[str, object]) -> Doc:
        """A mall that has authorised a client; what the form leaves out is the default mall's."""
        token = str(form.get("session", accounts.PINDUODUO_TOKEN))
        old = self.mall(token)
        mall: Doc = {
            "client_id": str(form.get("app_key", accounts.PINDUODUO_CLIENT_ID)),
            "client_secret": str(form.get("app_secret", accounts.PINDUODUO_CLIENT_SECRET)),
            "access_token": token,
            "mall_name": str(form.get("nick", accounts.PINDUODUO_MALL)),
            "mall_id": old["mall_id"] if old else 900_000 + self.world.number("mall"),
            "message_url": str(form.get("message_url", "")),
        }
        self.world.store.put("mall", token, mall)
        return mall

    def mall(self, token: str) -> Doc | None:
        """The mall behind a token."""
        return self.world.store.get("mall", token)

    async def handle(self, request: Request) -> Answer:
        """One call."""
        params = request.query | request.form()
        method = params.get("type", "")
        key = "&".join(f"{k}={v}" for k, v in sorted(params.items()) if k not in _UNSTABLE)
        faults = self.world.misbehaviour.faults("platform", method, key)
        if faults.has("slow"):
            await asyncio.sleep(faults.number("slow", "delay_ms", 500) / 1000)
        if faults.has("cut"):
            return CUT
        if faults.has("down"):
            return Answer(b"Service Unavailable", 503, "text/plain")
        answer = self._answer(method, params, faults)
        if faults.has("lost_answer"):
            return CUT
        if faults.has("half_json"):
            return Answer(answer.body[: len(answer.body) // 2])
        return answer

    def _answer(self, method: str, params: Params, faults: Faults) -> Answer:
        try:
            if faults.has("throttle"):
                raise throttled()
            if faults.has("server_error"):
                raise server_error()
            mall = self._admit(method, params)
            inside = self.methods[method](mall, params, faults)
        except PddError as error:
            return self._wrapped("error_response", error.body)
        name = _NAMED.get(method, method.removeprefix("pdd.").replace(".", "_") + "_response")
        return self._wrapped(name, inside)

    @staticmethod
    def _wrapped(name: str, inside: Doc) -> Answer:
        """The answer's envelope. The request id follows from the content, so that like answers are equal."""
        digest = hashlib.sha256(repr(inside).encode()).hexdigest()[:12]
        return json_answer({name: inside | {"request_id": digest}})

    def _admit(self, method: str, params: Params) -> Doc:
        for name in ("type", "client_id", "timestamp", "sign"):
            if not params.get(name):
                raise missing(name)
        if method not in self.methods:
            raise PddError(10001, "公共参数错误:type", method[:100])
        malls = [mall for _, mall in self.world.store.all("mall") if mall["client_id"] == params["client_id"]]
        if not malls:
            raise PddError(10002, "公共参数错误:client_id", "client_id 不存在")
        self._check_age(params["timestamp"])
        secrets = {mall["client_secret"] for mall in malls}
        if not any(hmac.compare_digest(pdd_sign(params, s).encode(), params["sign"].encode()) for s in secrets):
            raise PddError(20004, "签名sign校验失败")
        mall = self.mall(params.get("access_token", ""))
        if mall is None or mall["client_id"] != params["client_id"]:
            raise PddError(10019, "access_token已过期")
        self._count_call(method, mall)
        return mall

    @staticmethod
    def _check_age(text: str) -> None:
        if not text.isdecimal() or abs(machine_now().timestamp() - int(text[:12])) > MAX_AGE_S:
            raise PddError(10000, "参数错误", "timestamp 与服务器相差超过 10 分钟")

    def _count_call(self, method: str, mall: Doc) -> None:
        if method not in _LIMITED:
            return
        now = time.monotonic()
        calls = self._calls.setdefault((method, mall["access_token"]), deque())
        while calls and calls[0] <= now - 60:
            calls.popleft()
        if len(calls) >= self.world.limit(_LIMITED[method]):
            raise throttled()
        calls.append(now)
