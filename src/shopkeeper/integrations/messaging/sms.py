"""`MessageSender` for text messages through a provider that speaks Aliyun's SMS protocol (RPC, HMAC-SHA1, 2017-05-25).

The provider does not recognise a message said twice: after a lost answer its record of the number's day is asked.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from shopkeeper.flows.marketing.outreach.ports import DeliveryReport, ForgedMessage, Letter, OutsideError, Reply
from shopkeeper.integrations.outside_http import OutsideHttp, json_object
from shopkeeper.shared.clock import SHOP_ZONE, machine_now

SMS_URL = "https://dysmsapi.aliyuncs.com/"
VERSION = "2017-05-25"
DAYS_ASKED = 3
LIMIT_RETRY_S = 3_600.0
MOST_REPORTS = 1_000
BAD_ADDRESS = frozenset({"isv.MOBILE_NUMBER_ILLEGAL", "isv.MOBILE_COUNT_OVER_LIMIT"})
# What a person has to set right at the provider: money, keys, the registered signature or text.
ACCOUNT = frozenset(
    {
        "isv.AMOUNT_NOT_ENOUGH",
        "isv.OUT_OF_SERVICE",
        "isv.PRODUCT_UN_SUBSCRIPT",
        "isv.ACCOUNT_NOT_EXISTS",
        "isv.ACCOUNT_ABNORMAL",
        "isv.SMS_TEMPLATE_ILLEGAL",
        "isv.SMS_SIGNATURE_ILLEGAL",
        "isv.TEMPLATE_MISSING_PARAMETERS",
        "SignatureDoesNotMatch",
        "InvalidAccessKeyId.NotFound",
    }
)
TRANSIENT = frozenset({"isp.SYSTEM_ERROR", "isp.RAM_PERMISSION_DENY", "ServiceUnavailable", "InternalError"})
LIMITS = frozenset({"isv.BUSINESS_LIMIT_CONTROL", "Throttling.User", "Throttling"})
GONE = frozenset({"MOBILE_NOT_ON_SERVICE", "MOBILE_CANCELLED", "UNKNOWN_NUMBER"})


@dataclass(frozen=True, slots=True)
class SmsAccess:
    """One account. `push_key` is the secret part of the address to which reports and answers are pushed."""

    key_id: str
    secret: str = field(repr=False)
    push_key: str = field(default="", repr=False)
    url: str = SMS_URL


def percent(text: str) -> str:
    """Encoded as the signature wants it: RFC 3986."""
    return quote(text, safe="-_.~")


def sms_sign(parameters: Mapping[str, str], secret: str) -> str:
    """The signature of a POST's parameters."""
    query = "&".join(f"{percent(name)}={percent(parameters[name])}" for name in sorted(parameters))
    digest = hmac.new(f"{secret}&".encode(), f"POST&%2F&{percent(query)}".encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


class SmsSender:
    """See the ports. `now` is business time, by which the provider's days are asked for; signatures always go by
    machine time."""

    def __init__(
        self, access: SmsAccess, http: OutsideHttp | None = None, now: Callable[[], datetime] = machine_now
    ) -> None:
        self._access = access
        self._http = http or OutsideHttp(connections=4)
        self._now = now

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()

    def send(self, letter: Letter) -> str:
        """See the port. Not retried here: a message whose answer was lost may have been sent."""
        answer = self._call(
            "SendSms",
            PhoneNumbers=letter.address,
            SignName=letter.signature,
            TemplateCode=letter.template,
            TemplateParam=json.dumps(dict(letter.parameters), ensure_ascii=False, sort_keys=True),
            OutId=letter.key,
        )
        return str(answer.get("BizId") or letter.key)

    def sent_before(self, letter: Letter, on: datetime) -> str | None:
        """See the port: looks through the number's record of the days since, three at most."""
        today = self._now().astimezone(SHOP_ZONE).date()
        first = max(on.astimezone(SHOP_ZONE).date(), today - timedelta(days=DAYS_ASKED - 1))
        for n in range((today - first).days + 1):
            answer = self._call(
                "QuerySendDetails",
                PhoneNumber=letter.address,
                SendDate=f"{first + timedelta(days=n):%Y%m%d}",
                PageSize="50",
                CurrentPage="1",
            )
            details = (answer.get("SmsSendDetailDTOs") or {}).get("SmsSendDetailDTO") or []
            if any(detail.get("OutId") == letter.key for detail in details):
                return letter.key
        return None

    def reports(self, key: str, body: bytes) -> list[DeliveryReport]:
        """See the port: pushed as an array of {"out_id", "success", "err_code"}."""
        return [
            DeliveryReport(
                str(row.get("out_id", "")),
                row.get("success") is True,
                "" if row.get("success") is True else str(row.get("err_code", ""))[:80],
                str(row.get("err_code", "")) in GONE,
            )
            for row in self._pushed(key, body)
        ]

    def replies(self, key: str, body: bytes) -> list[Reply]:
        """See the port: pushed as an array of {"phone_number", "content"}."""
        return [Reply(str(row.get("phone_number", "")), str(row.get("content", ""))) for row in self._pushed(key, body)]

    def _pushed(self, key: str, body: bytes) -> list[dict[str, Any]]:
        ours = self._access.push_key
        if not ours or not hmac.compare_digest(key.encode("utf-8", "replace"), ours.encode()):
            raise ForgedMessage("bad_signature")
        try:
            rows = json.loads(body)
        except (ValueError, RecursionError):
            raise ForgedMessage("unreadable") from None
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise ForgedMessage("unreadable")
        if len(rows) > MOST_REPORTS:
            raise ForgedMessage("too_large")
        return rows

    def _call(self, action: str, **parameters: str) -> dict[str, Any]:
        form = {
            "Action": action,
            "Version": VERSION,
            "Format": "JSON",
            "AccessKeyId": self._access.key_id,
            "SignatureMethod": "HMAC-SHA1",
            "SignatureVersion": "1.0",
            "SignatureNonce": uuid4().hex,
            "Timestamp": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
            **parameters,
        }
        form["Signature"] = sms_sign(form, self._access.secret)
        try:
            answer = json_object(self._http.post(self._access.url, form))
        except OutsideError as error:
            # The whole request was refused, not this message: keys, time or address are wrong.
            if error.kind == "permanent" and error.code.startswith("http_4"):
                raise OutsideError("auth", error.code) from None
            raise
        code = str(answer.get("Code", ""))
        if code == "OK":
            return answer
        raise _classed(code)


def _classed(code: str) -> OutsideError:
    if code in BAD_ADDRESS:
        return OutsideError("permanent", "bad_address", code)
    if code in LIMITS:
        return OutsideError("throttled", code, "", LIMIT_RETRY_S)
    if code in ACCOUNT:
        return OutsideError("auth", code)
    return OutsideError("transient" if code in TRANSIENT or not code else "permanent", code or "bad_answer")
