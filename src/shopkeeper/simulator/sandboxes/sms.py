"""A provider of text messages that speaks Aliyun's protocol: signature, limits per number, reports and answers pushed.

A message said twice is sent twice, as outside; the record of a number's day can be asked for.
"""

import asyncio
import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from shopkeeper.simulator.sandboxes import accounts
from shopkeeper.simulator.sandboxes.misbehaviour import Faults
from shopkeeper.simulator.sandboxes.outbox import Delivery, Outbox
from shopkeeper.simulator.sandboxes.serving import CUT, Answer, Request, json_answer
from shopkeeper.simulator.sandboxes.store import Doc
from shopkeeper.simulator.sandboxes.world import CHINA, NotPossible, World, china_text, machine_now

PATH = "/sms/"
MAX_AGE_S = 900
FATES = ("arrives", "off", "gone", "illegal")
ERRORS = {"off": "MOBILE_TERMINAL_ERROR", "gone": "MOBILE_NOT_ON_SERVICE"}


def sms_sign(form: dict[str, str], secret: str) -> str:
    """The signature of a POST, from its parameters without the signature itself."""

    def enc(text: str) -> str:
        return quote(text, safe="-_.~")

    query = "&".join(f"{enc(name)}={enc(form[name])}" for name in sorted(form) if name != "Signature")
    digest = hmac.new(f"{secret}&".encode(), f"POST&%2F&{enc(query)}".encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


class SmsSandbox:
    """One account. Every message taken is in the ledger, kind `sms`, by its OutId."""

    def __init__(self, world: World, outbox: Outbox) -> None:
        self.world = world
        self._outbox = outbox

    def account(self) -> Doc:
        """Signatures and templates that are registered, and where reports and answers are pushed."""
        return self.world.store.get("meta", "sms_account") or {
            "callback": "",
            "signatures": [accounts.SMS_SIGNATURE],
            "templates": [accounts.SMS_TEMPLATE],
        }

    def set_account(self, form: dict[str, Any]) -> Doc:
        """Change the account: `callback`, `signatures`, `templates`."""
        account = {**self.account(), **{name: form[name] for name in self.account() if name in form}}
        self.world.store.put("meta", "sms_account", account)
        return account

    def set_fate(self, form: dict[str, Any]) -> Doc:
        """What becomes of messages to a number (`phone`): `arrives`, `off`, `gone` or `illegal`."""
        if form["fate"] not in FATES:
            raise ValueError(f"unknown fate {form['fate']!r}; known: {FATES}")
        self.world.store.put("sms_fate", str(form["phone"]), {"fate": form["fate"]})
        return {"phone": str(form["phone"]), "fate": form["fate"]}

    def answer(self, form: dict[str, Any]) -> Doc:
        """Somebody answers (`phone`, `text`) the last message they got; raises `NotPossible` where they got none."""
        phone = str(form["phone"])
        sent = [doc for _, doc in self.world.store.all("sms_sent") if doc["phone"] == phone]
        if not sent:
            raise NotPossible(f"{phone} got no message")
        said = {
            "phone_number": phone,
            "send_time": china_text(self.world.now()),
            "content": str(form["text"]),
            "sign_name": sent[-1]["signature"],
            "dest_code": "1069",
            "sequence_id": self.world.number("sms_answer"),
        }
        self._push("up", phone, said)
        return said

    async def handle(self, request: Request) -> Answer:
        """One call."""
        form = request.form()
        action = form.get("Action", "")
        faults = self.world.misbehaviour.faults("sms", action, form.get("OutId") or form.get("PhoneNumber", ""))
        if faults.has("slow"):
            await asyncio.sleep(faults.number("slow", "delay_ms", 500) / 1000)
        if faults.has("cut"):
            return CUT
        if faults.has("down"):
            return Answer(b"Service Unavailable", 503, "text/plain")
        if request.method != "POST" or not self._signed(form):
            return json_answer({"Code": "SignatureDoesNotMatch", "Message": "Specified signature is not matched."}, 400)
        actions = {"SendSms": self._send, "QuerySendDetails": self._details}
        said = actions[action](form, faults) if action in actions else {"Code": "InvalidAction.NotFound"}
        if faults.has("lost_answer"):
            return CUT
        answer = json_answer({"RequestId": f"R{self.world.number('sms_request'):08d}", "Message": said["Code"], **said})
        return Answer(answer.body[: len(answer.body) // 2]) if faults.has("half_json") else answer

    def _signed(self, form: dict[str, str]) -> bool:
        try:
            said = datetime.strptime(form.get("Timestamp", ""), "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        except ValueError:
            return False
        fresh = abs((machine_now() - said).total_seconds()) <= MAX_AGE_S
        right = hmac.compare_digest(sms_sign(form, accounts.SMS_SECRET).encode(), form.get("Signature", "").encode())
        return fresh and right and form.get("AccessKeyId") == accounts.SMS_KEY_ID

    def _send(self, form: dict[str, str], faults: Faults) -> Doc:
        phone, account = form.get("PhoneNumbers", ""), self.account()
        fate = (self.world.store.get("sms_fate", phone) or {"fate": "arrives"})["fate"]
        if faults.has("server_error"):
            return {"Code": "isp.SYSTEM_ERROR"}
        if form.get("SignName") not in account["signatures"]:
            return {"Code": "isv.SMS_SIGNATURE_ILLEGAL"}
        if form.get("TemplateCode") not in account["templates"]:
            return {"Code": "isv.SMS_TEMPLATE_ILLEGAL"}
        if fate == "illegal" or not (phone.isdecimal() and len(phone) == 11):
            return {"Code": "isv.MOBILE_NUMBER_ILLEGAL"}
        day = f"{self.world.now().astimezone(CHINA):%Y%m%d}"
        sent_today = [doc for _, doc in self.world.store.all("sms_sent") if (doc["phone"], doc["day"]) == (phone, day)]
        if faults.has("throttle") or len(sent_today) >= self.world.limit("sms_per_number_per_day"):
            return {"Code": "isv.BUSINESS_LIMIT_CONTROL"}
        number = self.world.number("sms")
        sent: Doc = {
            "phone": phone,
            "day": day,
            "at": china_text(self.world.now()),
            "out_id": form.get("OutId", ""),
            "signature": form["SignName"],
            "template": form["TemplateCode"],
            "parameters": json.loads(form.get("TemplateParam") or "{}"),
            "fate": fate,
        }
        self.world.store.put("sms_sent", f"{number:09d}", sent)
        lost = faults.has("lost_answer") or faults.has("half_json")
        self.world.note("sms", sent["out_id"], phone=phone, template=sent["template"], answer_lost=lost)
        self._report(number, sent)
        return {"Code": "OK", "BizId": f"B{number:09d}"}

    def _details(self, form: dict[str, str], faults: Faults) -> Doc:
        if faults.has("server_error"):
            return {"Code": "isp.SYSTEM_ERROR"}
        asked = (form.get("PhoneNumber"), form.get("SendDate"))
        found = [doc for _, doc in self.world.store.all("sms_sent") if (doc["phone"], doc["day"]) == asked]
        details = [
            {
                "PhoneNum": doc["phone"],
                "OutId": doc["out_id"],
                "SendDate": doc["at"],
                "TemplateCode": doc["template"],
                "SendStatus": 3 if doc["fate"] == "arrives" else 2,
            }
            for doc in found
        ]
        return {"Code": "OK", "TotalCount": len(details), "SmsSendDetailDTOs": {"SmsSendDetailDTO": details[:50]}}

    def _report(self, number: int, sent: Doc) -> None:
        arrived = sent["fate"] == "arrives"
        self._push(
            "report",
            sent["out_id"],
            {
                "phone_number": sent["phone"],
                "send_time": sent["at"],
                "report_time": sent["at"],
                "success": arrived,
                "err_code": "DELIVERED" if arrived else ERRORS[sent["fate"]],
                "err_msg": "",
                "sms_size": "1",
                "biz_id": f"B{number:09d}",
                "out_id": sent["out_id"],
            },
        )

    def _push(self, kind: str, subject: str, row: Doc) -> None:
        callback = self.account()["callback"]
        if callback:
            body = json.dumps([row], ensure_ascii=False)
            headers = {"content-type": "application/json;charset=utf-8"}
            push = Delivery(f"sms_{kind}", subject, f"{callback.rstrip('/')}/{kind}", body, headers)
            self._outbox.put(push, later=True)  # outside, too, a report comes after the answer
