"""`Courier` and `CourierInterception` through 快递100. Signatures and `t` go by machine time; whatever is
refused keeps its return code."""

import hmac
import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from shopkeeper.flows.fulfilment.parcels.ports import (
    Contact,
    ForgedMessage,
    TrackResult,
    Waybill,
    WaybillRequest,
)
from shopkeeper.flows.service.tickets.ports import Intercepted, InterceptRequest
from shopkeeper.integrations.couriers.kuaidi100.reading import track_result
from shopkeeper.integrations.couriers.kuaidi100.signing import label_sign, push_sign, query_sign
from shopkeeper.integrations.outside_http import OutsideHttp, json_object, retrying
from shopkeeper.integrations.texts import clean_text
from shopkeeper.shared.outside import OutsideError

_AUTH = frozenset({"503", "600", "601"})
_AGAIN = frozenset({"501", "500", "502"})
_INTERCEPT_REFUSALS = {"701": "not_supported", "702": "delivered_already", "703": "out_for_delivery"}
_NOTHING_YET = "查询无结果"
_TOO_OFTEN = re.compile(r"请于\s*(\d{1,7})\s*秒")
MAX_PUSH = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Kuaidi100Access:
    """One account. `salt` signs what is pushed to us; it must not be guessable. The URLs differ for a
    sandbox."""

    customer: str
    key: str = field(repr=False)
    secret: str = field(repr=False)
    salt: str = field(repr=False)
    poll_url: str = "https://poll.kuaidi100.com"
    label_url: str = "https://api.kuaidi100.com"


def _compact(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _person(contact: Contact) -> dict[str, str]:
    return {
        "name": contact.name,
        "mobile": contact.phone,
        "printAddr": f"{contact.province}{contact.city}{contact.district}{contact.address}",
        "company": contact.company,
    }


class Kuaidi100Courier:
    """See the port."""

    def __init__(
        self,
        access: Kuaidi100Access,
        http: OutsideHttp | None = None,
        now_s: Callable[[], float] = time.time,
    ) -> None:
        self._access = access
        self._http = http or OutsideHttp()
        self._now_s = now_s

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()

    def order_waybill(self, request: WaybillRequest) -> Waybill:
        """See the port. `reorder` is off, so the order reference makes the call safe to repeat (48 hours
        there)."""
        param: dict[str, Any] = {
            "kuaidicom": request.courier_code,
            "partnerId": request.account_no,
            "partnerKey": request.account_key,
            "net": request.net,
            "recMan": _person(request.receiver),
            "sendMan": _person(request.sender),
            "cargo": request.cargo,
            "count": request.count,
            "weight": round(request.weight_g / 1000, 3),
            "payType": request.pay_type,
            "remark": request.remark,
            "printType": "NON",
            "orderId": request.order_ref,
            "reorder": False,
        }
        if request.receiver_token:
            param |= {
                "oaid": request.receiver_token,
                "thirdOrderId": request.platform_no,
                "printType": "CLOUD",
            }
        data = self._label("order", param).get("data")
        number = clean_text(data.get("kuaidinum"), 64) if isinstance(data, dict) else ""
        if not isinstance(data, dict) or not number:
            raise OutsideError("transient", "bad_answer", "no number in the answer")
        return Waybill(
            order_ref=request.order_ref,
            courier_code=request.courier_code,
            number=number,
            routing_code=clean_text(data.get("bulkpen"), 100),
            hub=clean_text(data.get("pkgName"), 100),
            print_data=clean_text(data.get("label"), 100_000) or None,
        )

    def cancel_waybill(self, order_ref: str, courier_code: str, number: str, reason: str) -> None:
        """See the port."""
        param = {"kuaidicom": courier_code, "kuaidinum": number, "orderId": order_ref, "reason": reason}
        self._label("cancel", param)

    def intercept(self, request: InterceptRequest) -> Intercepted:
        """See the port of service. Our reference makes the call safe to repeat."""
        param: dict[str, Any] = {
            "kuaidicom": request.courier_code,
            "kuaidinum": request.number,
            "orderId": request.ref,
            "orderRole": 1,  # we are the sender
            "interceptType": "MODIFY_ADDR" if request.type == "redirect" else "RETURN_SEND_ADDR",
            "interceptPayType": "SHIPPER",
            "reason": request.reason,
        }
        if request.receiver is not None:
            param["recManInfo"] = _person(request.receiver)
        try:
            data = self._label("interceptOrder", param).get("data")
        except OutsideError as error:
            named = _INTERCEPT_REFUSALS.get(error.code)
            raise OutsideError("permanent", named, error.message) if named else error from None
        return Intercepted(clean_text(data.get("interceptId"), 60) if isinstance(data, dict) else "")

    def _label(self, method: str, param: Mapping[str, Any]) -> dict[str, Any]:
        text = _compact(param)

        def ask() -> dict[str, Any]:
            t = str(int(self._now_s() * 1000))
            sign = label_sign(text, t, self._access.key, self._access.secret)
            form = {"method": method, "key": self._access.key, "t": t, "sign": sign, "param": text}
            return self._ask(f"{self._access.label_url}/label/order", form)

        return retrying(ask)

    def subscribe(self, number: str, courier_code: str, callback_url: str, phone_tail: str = "") -> None:
        """See the port."""
        wishes = {
            "callbackurl": callback_url,
            "salt": self._access.salt,
            "resultv2": "4",
            "phone": phone_tail,
        }
        param = {"company": courier_code, "number": number, "key": self._access.key, "parameters": wishes}
        form = {"schema": "json", "param": _compact(param)}
        retrying(lambda: self._ask(f"{self._access.poll_url}/poll", form, fine=("501",)))

    def query(self, number: str, courier_code: str, phone_tail: str = "") -> TrackResult:
        """See the port."""
        asked = {
            "com": courier_code,
            "num": number,
            "phone": phone_tail,
            "resultv2": "4",
            "show": "0",
            "order": "desc",
        }
        text = _compact(asked)
        sign = query_sign(text, self._access.key, self._access.customer)
        form = {"customer": self._access.customer, "sign": sign, "param": text}
        try:
            answer = self._ask(f"{self._access.poll_url}/poll/query.do", form)
        except OutsideError as error:
            if error.code == "no_record":
                return TrackResult(number, courier_code, "ordered", "0", (), "")
            raise
        return self._read(answer, number)

    @staticmethod
    def _read(answer: dict[str, Any], number: str) -> TrackResult:
        try:
            result = track_result(answer)
        except (ValueError, KeyError, TypeError, AttributeError):
            raise OutsideError("transient", "bad_answer", "tracking without a form") from None
        if result.number != number:
            raise OutsideError("transient", "bad_answer", "tracking of another number")
        return result

    def parse_push(self, form: Mapping[str, str]) -> TrackResult:
        """See the port. The form has no time in it: an old one repeated only tells old events again."""
        param, sign = form.get("param", ""), form.get("sign", "")
        if len(param) > MAX_PUSH:
            raise ForgedMessage("too_large")
        if not param or not sign or not self._access.salt:  # without a secret nothing can be believed
            raise ForgedMessage("unsigned")
        expected = push_sign(param, self._access.salt)
        if not hmac.compare_digest(sign.upper().encode("utf-8", "replace"), expected.encode()):
            raise ForgedMessage("bad_signature")
        try:
            push = json.loads(param)
            corrected = push.get("comNew") if str(push.get("autoCheck")) == "1" else ""
            return track_result(push["lastResult"], str(push.get("status", "")), corrected or "")
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise ForgedMessage("unreadable") from None

    def _ask(self, url: str, form: dict[str, str], fine: tuple[str, ...] = ()) -> dict[str, Any]:
        """An answer that says yes, or the refusal in our classes. A query's yes has `status` 200 and no
        `result`."""
        answer = json_object(self._http.post(url, form=form))
        code = clean_text(answer.get("returnCode") or answer.get("status"), 20)
        if answer.get("result") is not False and code == "200":
            return answer
        if code in fine:
            return answer
        words = clean_text(answer.get("message"), 300)
        wait = _TOO_OFTEN.search(words)
        if wait:
            raise OutsideError("throttled", code, words, float(wait[1]))
        if words.startswith(_NOTHING_YET):
            raise OutsideError("permanent", "no_record", words)
        if code in _AUTH:
            raise OutsideError("auth", code, words)
        raise OutsideError("transient" if code in _AGAIN else "permanent", code or "bad_answer", words)
