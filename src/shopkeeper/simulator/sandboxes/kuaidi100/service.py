"""The courier service's doors: `/label/order`, `/poll` and `/poll/query.do`, each with its signature."""

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from typing import Any

from shopkeeper.simulator.sandboxes import accounts
from shopkeeper.simulator.sandboxes.kuaidi100.parcels import NUMBERS, Parcels
from shopkeeper.simulator.sandboxes.kuaidi100.pushes import Pushes, md5_upper, result_view
from shopkeeper.simulator.sandboxes.misbehaviour import Faults
from shopkeeper.simulator.sandboxes.outbox import Outbox
from shopkeeper.simulator.sandboxes.serving import CUT, Answer, Request, json_answer
from shopkeeper.simulator.sandboxes.store import Doc
from shopkeeper.simulator.sandboxes.world import World, iso_moment

MAX_AGE_S = 600
INTERCEPT_TYPES = ("RETURN_SEND_STATION", "RETURN_SEND_ADDR", "MODIFY_ADDR")
_NEEDS_PHONE = ("shunfeng", "zhongtong")


class _Refusal(Exception):
    """An answer that says no."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code)
        self.body: dict[str, Any] = {"result": False, "returnCode": code, "message": message}


class CourierSandbox:
    """The courier service. One customer account; `account` documents change it."""

    def __init__(self, world: World, outbox: Outbox) -> None:
        self.world = world
        self.parcels = Parcels(world)
        self.pushes = Pushes(world, outbox)
        self._doors: dict[str, Callable[[dict[str, str], Faults], dict[str, Any]]] = {
            "/label/order": self._label,
            "/poll": self._subscribe,
            "/poll/query.do": self._query,
        }

    def account(self) -> Doc:
        """The account that may call."""
        return self.world.store.get("meta", "courier_account") or {
            "customer": accounts.COURIER_CUSTOMER,
            "key": accounts.COURIER_KEY,
            "secret": accounts.COURIER_SECRET,
        }

    async def handle(self, request: Request) -> Answer:
        """One call."""
        door = self._doors.get(request.path)
        if door is None:
            return Answer(b"not found", 404, "text/plain")
        form = request.query | request.form()
        faults = self.world.misbehaviour.faults(
            "courier", request.path, f"{form.get('method', '')}|{form.get('param')}"
        )
        if faults.has("slow"):
            await asyncio.sleep(faults.number("slow", "delay_ms", 500) / 1000)
        if faults.has("cut"):
            return CUT
        if faults.has("down"):
            return Answer(b"Service Unavailable", 503, "text/plain")
        try:
            if faults.has("server_error"):
                raise _Refusal("500", "服务器错误")
            if faults.has("throttle"):
                raise _Refusal("502", "服务器繁忙，请于 1 秒后重试")
            answer = json_answer(door(form, faults))
        except _Refusal as refusal:
            answer = json_answer(refusal.body)
        if faults.has("lost_answer"):
            return CUT
        if faults.has("half_json"):
            return Answer(answer.body[: len(answer.body) // 2])
        return answer

    def happen(self) -> int:
        """Scripted things due by now happen and are pushed."""
        moved = self.parcels.happen()
        for parcel in moved:
            self.pushes.tell(parcel)
        return len(moved)

    @staticmethod
    def _param(form: dict[str, str], *needed: str) -> dict[str, Any]:
        try:
            param = json.loads(form.get("param", ""))
        except ValueError:
            raise _Refusal("400", "提交的数据不完整或者格式不正确") from None
        if not isinstance(param, dict) or not all(param.get(name) for name in needed):
            raise _Refusal("400", f"缺少参数，需要 {', '.join(needed)}")
        return param

    @staticmethod
    def _check(sign: str, expected: str) -> None:
        if not hmac.compare_digest(sign.encode(), expected.encode()):
            raise _Refusal("503", "验证签名失败")

    def _label(self, form: dict[str, str], faults: Faults) -> dict[str, Any]:
        account = self.account()
        t, param_text = form.get("t", ""), form.get("param", "")
        if form.get("key") != account["key"]:
            raise _Refusal("601", "key 不存在")
        self._check(form.get("sign", ""), md5_upper(param_text + t + account["key"] + account["secret"]))
        if not t.isdecimal() or abs(time.time() - int(t[:16]) / 1000) > MAX_AGE_S:
            raise _Refusal("400", "时间戳无效")
        if form.get("method") == "cancel":
            return self._cancel(self._param(form, "kuaidicom", "kuaidinum"))
        if form.get("method") == "interceptOrder":
            return self._intercept(self._param(form, "kuaidicom", "kuaidinum", "orderId", "interceptType", "orderRole"))
        if form.get("method") != "order":
            raise _Refusal("400", "method 不正确")
        return self._order(self._param(form, "kuaidicom", "partnerId", "recMan", "sendMan", "orderId"))

    def _order(self, param: dict[str, Any]) -> dict[str, Any]:
        company, order_id = str(param["kuaidicom"]), str(param["orderId"])
        if company not in NUMBERS:
            raise _Refusal("700", "不支持的快递公司")
        for who in ("recMan", "sendMan"):
            person = param[who]
            if not isinstance(person, dict) or not (
                person.get("name") and person.get("mobile") and person.get("printAddr")
            ):
                raise _Refusal("400", f"{who} 需要 name、mobile、printAddr")
        origin, target = (_city(str(param[who]["printAddr"])) for who in ("sendMan", "recMan"))
        parcel = self.parcels.issue(company, order_id, origin, target)
        digest = hashlib.sha256(f"{company}|{target}".encode()).digest()
        sorting = f"{100 + digest[0] % 900}-{digest[1] % 100:02d}-{digest[2] % 1000:03d}"
        self.world.note("waybill", f"{company}|{order_id}", number=parcel["number"], oaid=bool(param.get("oaid")))
        return {
            "result": True,
            "returnCode": "200",
            "message": "success",
            "data": {
                "taskId": hashlib.sha256(f"{self.world.seed}|{company}|{order_id}".encode()).hexdigest()[:32].upper(),
                "kuaidinum": parcel["number"],
                "bulkpen": sorting,
                "pkgName": f"{target}集",
                "orgName": f"{origin}分拨",
                "destName": f"{target}分拨",
                "label": f"encrypted:{parcel['number']}:{digest.hex()[:24]}" if param.get("oaid") else "",
            },
        }

    def _cancel(self, param: dict[str, Any]) -> dict[str, Any]:
        parcel = self.parcels.get(str(param["kuaidinum"]))
        if parcel is None:
            raise _Refusal("400", "单号不存在")
        if parcel["events"]:
            raise _Refusal("400", "快件已揽收，不能取消")
        parcel["cancelled"] = True
        self.world.store.put("parcel", parcel["number"], parcel)
        self.world.note("waybill_cancel", parcel["number"])
        return {"result": True, "returnCode": "200", "message": "success"}

    def _intercept(self, param: dict[str, Any]) -> dict[str, Any]:
        """Stop a parcel: back to the sender, or on to another address. The same order id again is one request."""
        parcel = self.parcels.get(str(param["kuaidinum"]))
        if parcel is None or parcel["company"] != param["kuaidicom"]:
            raise _Refusal("400", "单号不存在")
        if param["interceptType"] not in INTERCEPT_TYPES:
            raise _Refusal("400", "interceptType 不正确")
        if param["interceptType"] == "MODIFY_ADDR" and not isinstance(param.get("recManInfo"), dict):
            raise _Refusal("400", "改址需要 recManInfo")
        asked = self.world.store.get("intercept", str(param["orderId"]))
        if asked is None:
            self.parcels.intercept(parcel, redirect=param["interceptType"] == "MODIFY_ADDR", refuse=_Refusal)
            asked = {"number": parcel["number"], "ref": f"IC{self.world.number('intercept'):012d}"}
            self.world.store.put("intercept", str(param["orderId"]), asked)
        self.world.note("intercept", f"{parcel['number']}|{param['interceptType']}")
        return {"result": True, "returnCode": "200", "message": "success", "data": {"interceptId": asked["ref"]}}

    def _subscribe(self, form: dict[str, str], faults: Faults) -> dict[str, Any]:
        param = self._param(form, "company", "number", "key", "parameters")
        if param["key"] != self.account()["key"]:
            raise _Refusal("600", "您不是合法的订阅者（即授权 key 出错）")
        wishes = param["parameters"]
        if not isinstance(wishes, dict) or not wishes.get("callbackurl"):
            raise _Refusal("400", "缺少 callbackurl")
        if param["company"] not in NUMBERS:
            raise _Refusal("700", "不支持的快递公司")
        parcel = self.parcels.known(str(param["number"]), str(param["company"]))
        self.world.note("subscribe", f"{param['company']}|{param['number']}")
        if parcel["subscription"] is not None and parcel["watch"] != "abort":
            raise _Refusal("501", "重复订阅")
        parcel["subscription"] = {
            "callbackurl": str(wishes["callbackurl"]),
            "salt": str(wishes.get("salt", "")),
        }
        parcel["watch"] = "polling"
        self.world.store.put("parcel", parcel["number"], parcel)
        self.parcels.start(parcel)
        return {"result": True, "returnCode": "200", "message": "提交成功"}

    def _query(self, form: dict[str, str], faults: Faults) -> dict[str, Any]:
        account = self.account()
        if form.get("customer") != account["customer"]:
            raise _Refusal("601", "customer 不存在")
        self._check(form.get("sign", ""), md5_upper(form.get("param", "") + account["key"] + account["customer"]))
        param = self._param(form, "com", "num")
        if param["com"] in _NEEDS_PHONE and len(str(param.get("phone", ""))) < 4:
            raise _Refusal("408", "快递公司要求填写收、寄件人电话后四位")
        parcel = self.parcels.get(str(param["num"]))
        if parcel is None or parcel["company"] != param["com"]:
            raise _Refusal("500", "查询无结果，请隔段时间再查")
        self._guard_frequency(parcel)
        self.world.note("query", str(param["num"]))
        view = result_view(parcel)
        if faults.has("twice"):
            view["data"] = [row for row in view["data"] for _ in range(2)]
        if not view["data"]:
            raise _Refusal("500", "查询无结果，请隔段时间再查")
        return view

    def _guard_frequency(self, parcel: Doc) -> None:
        now = self.world.now()
        if parcel["queried_at"] is not None:
            wait = self.world.limit("query_interval_s") - (now - iso_moment(parcel["queried_at"])).total_seconds()
            if wait > 0:
                raise _Refusal("502", f"查询过于频繁，单号已锁定，请于 {int(wait) + 1} 秒后重试")
        parcel["queried_at"] = now.isoformat()
        self.world.store.put("parcel", parcel["number"], parcel)


def _city(address: str) -> str:
    """The city of an address for the words of tracking: what stands before its first 市, without the
    province."""
    head, sign, _ = address.partition("市")
    if not sign:
        return address[:3]
    for border in ("省", "自治区"):
        head = head.rpartition(border)[2]
    return head[-8:]
