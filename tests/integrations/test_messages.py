"""Text messages and mail against their sandboxes: signed, limited, reported on, not doubled by a lost answer."""

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from shopkeeper.flows.marketing.outreach.ports import ForgedMessage, Letter, OutsideError
from shopkeeper.integrations.messaging.sms import SmsAccess, SmsSender, sms_sign
from shopkeeper.integrations.messaging.smtp import SmtpAccess, SmtpSender
from shopkeeper.simulator.sandboxes import accounts
from shopkeeper.simulator.sandboxes.sms import sms_sign as sandbox_sign
from tests.outside import Outside

pytestmark = pytest.mark.clause("M1.2")
PUSH = "push-secret"


@pytest.fixture
def sms(outside: Outside) -> Iterator[SmsSender]:
    access = SmsAccess(accounts.SMS_KEY_ID, accounts.SMS_SECRET, PUSH, outside.sandboxes.sms_url)
    sender = SmsSender(access, now=lambda: outside.now)
    yield sender
    sender.close()


@pytest.fixture
def smtp(outside: Outside) -> SmtpSender:
    host, _, port = outside.sandboxes.mail_url.removeprefix("smtp://").partition(":")
    return SmtpSender(SmtpAccess(host, int(port), accounts.MAIL_SENDER, tls=False))


def a_text(key: str, address: str = "13812345678", **fields: Any) -> Letter:
    given = {"signature": accounts.SMS_SIGNATURE, "text": "今晚开抢", "template": accounts.SMS_TEMPLATE}
    return Letter(key, address, **{**given, **fields})


def a_mail(key: str, address: str) -> Letter:
    url = "https://shop.example/opt-out/1-x/"
    return Letter(key, address, "掌柜示范店", f"今晚开抢\n{url}", subject="好物节\n来了", opt_out_url=url)


def failure(sender: SmsSender | SmtpSender, letter: Letter) -> tuple[str, str]:
    with pytest.raises(OutsideError) as caught:
        sender.send(letter)
    assert letter.address not in str(caught.value)
    return caught.value.kind, caught.value.code


def taken(outside: Outside, kind: str, key: str) -> list[dict[str, Any]]:
    return [row for row in outside.control.ledger(kind) if key in row["identity"]]


def test_both_sides_sign_alike() -> None:
    form = {"Action": "SendSms", "TemplateParam": '{"a": "开抢 ~*"}', "SignatureNonce": "1"}
    assert sms_sign(form, "secret") == sandbox_sign({**form, "Signature": "ignored"}, "secret")


def test_a_text_message_arrives_with_its_parameters(outside: Outside, sms: SmsSender) -> None:
    letter = a_text("sk-arrives", "13800000001", parameters={"campaign": "好物节"})
    assert sms.send(letter).startswith("B")
    row = taken(outside, "sms", "sk-arrives")[0]
    assert (row["phone"], row["count"], row["template"]) == ("13800000001", 1, accounts.SMS_TEMPLATE)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"signature": "别人的店"}, ("auth", "isv.SMS_SIGNATURE_ILLEGAL")),
        ({"template": "SMS_0"}, ("auth", "isv.SMS_TEMPLATE_ILLEGAL")),
        ({"address": "12345"}, ("permanent", "bad_address")),
    ],
)
def test_what_the_provider_refuses(sms: SmsSender, fields: dict[str, str], expected: tuple[str, str]) -> None:
    assert failure(sms, a_text("sk-refused", **fields)) == expected


def test_a_wrong_key_is_a_matter_for_a_person(outside: Outside) -> None:
    sender = SmsSender(SmsAccess(accounts.SMS_KEY_ID, "wrong", PUSH, outside.sandboxes.sms_url))
    assert failure(sender, a_text("sk-key")) == ("auth", "http_400")
    sender.close()


def test_a_number_takes_so_many_a_day(outside: Outside, sms: SmsSender) -> None:
    number = "13800000002"
    for n in range(10):
        sms.send(a_text(f"sk-limit-{n}", number))
    assert failure(sms, a_text("sk-limit-more", number)) == ("throttled", "isv.BUSINESS_LIMIT_CONTROL")
    outside.clock(timedelta(days=1))
    sms.send(a_text("sk-limit-more", number))


@pytest.mark.parametrize("what", ["lost_answer", "half_json"])
def test_a_lost_answer_is_found_in_the_numbers_record(outside: Outside, sms: SmsSender, what: str) -> None:
    letter = a_text(f"sk-{what}", "13800000003")
    assert sms.sent_before(letter, outside.now) is None
    outside.control.post("/misbehave", {"where": "sms", "what": what, "method": "SendSms", "next": 1})
    assert failure(sms, letter)[0] == "transient"
    outside.clock(timedelta(hours=20))  # over midnight
    assert sms.sent_before(letter, outside.now - timedelta(hours=20)) == letter.key
    assert sms.sent_before(a_text("sk-other", "13800000003"), outside.now) is None
    assert [row["count"] for row in taken(outside, "sms", f"sk-{what}")] == [1]


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        ("down", ("transient", "http_503")),
        ("server_error", ("transient", "isp.SYSTEM_ERROR")),
        ("throttle", ("throttled", "isv.BUSINESS_LIMIT_CONTROL")),
        ("cut", ("transient", "connection")),
    ],
)
def test_a_bad_day_of_the_provider(outside: Outside, sms: SmsSender, what: str, expected: tuple[str, str]) -> None:
    outside.control.post("/misbehave", {"where": "sms", "what": what, "next": 1})
    letter = a_text(f"sk-bad-{what}", "13800000004")
    assert failure(sms, letter) == expected
    sms.send(letter)
    assert [row["count"] for row in taken(outside, "sms", f"sk-bad-{what}")] == [1]


class _House(BaseHTTPRequestHandler):
    heard: list[tuple[str, bytes]] = []

    def do_POST(self) -> None:
        self.heard.append((self.path, self.rfile.read(int(self.headers["content-length"]))))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Nothing: pytest shows what matters."""


@pytest.fixture
def house(outside: Outside) -> Iterator[list[tuple[str, bytes]]]:
    """A house that hears what the provider pushes."""
    _House.heard = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), _House)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    outside.control.post("/sms/account", {"callback": f"http://127.0.0.1:{server.server_port}/hooks/sms/{PUSH}"})
    yield _House.heard
    outside.control.post("/sms/account", {"callback": ""})
    server.shutdown()
    server.server_close()


def test_reports_and_answers_are_pushed_and_read(
    outside: Outside, sms: SmsSender, house: list[tuple[str, bytes]]
) -> None:
    outside.control.post("/sms/numbers", {"phone": "13800000006", "fate": "gone"})
    sms.send(a_text("sk-there", "13800000005"))
    sms.send(a_text("sk-gone", "13800000006"))
    outside.control.post("/sms/answers", {"phone": "13800000005", "text": "TD"})
    assert outside.control.post("/settle", {})["settled"]
    reports = [r for path, body in house if path.endswith("/report") for r in sms.reports(PUSH, body)]
    assert [(r.key, r.delivered, r.is_gone) for r in reports] == [("sk-there", True, False), ("sk-gone", False, True)]
    replies = [r for path, body in house if path.endswith("/up") for r in sms.replies(PUSH, body)]
    assert [(r.address, r.text) for r in replies] == [("13800000005", "TD")]


@pytest.mark.parametrize(
    ("key", "body", "code"),
    [
        ("wrong", b"[]", "bad_signature"),
        (PUSH, b"{", "unreadable"),
        (PUSH, b"{}", "unreadable"),
        (PUSH, b"[1]", "unreadable"),
        (PUSH, json.dumps([{}] * 1_001).encode(), "too_large"),
    ],
)
def test_what_cannot_be_believed_is_not_read(sms: SmsSender, key: str, body: bytes, code: str) -> None:
    with pytest.raises(ForgedMessage) as caught:
        sms.reports(key, body)
    assert caught.value.code == code


def test_a_report_of_another_shape_is_no_fault_of_ours(sms: SmsSender) -> None:
    (report,) = sms.reports(PUSH, b'[{"out_id": ["sk1"], "success": "true", "err_code": ["MOBILE_CANCELLED"]}]')
    assert (report.delivered, report.is_gone) == (False, False)


def test_a_mail_arrives_with_its_way_out(outside: Outside, smtp: SmtpSender) -> None:
    assert smtp.send(a_mail("sk-mail", "li@mail.example")) == "<sk-mail@shop.example>"
    row = taken(outside, "mail", "sk-mail@")[0]
    assert (row["to"], row["subject"], row["unsubscribe"]) == (
        "li@mail.example",
        "好物节 来了",
        "https://shop.example/opt-out/1-x/",
    )
    assert "掌柜示范店" in row["sender"]
    assert "今晚开抢" in row["text"]


def test_a_long_way_out_is_written_as_it_is(smtp: SmtpSender) -> None:
    url = f"https://shop.example/opt-out/123456-{'A' * 43}/"
    letter = Letter("sk-long", "li@mail.example", "掌柜示范店", "今晚开抢", subject="好物节" * 20, opt_out_url=url)
    lines = smtp._mail(letter).as_bytes().split(b"\n")
    assert f"List-Unsubscribe: <{url}>".encode() in lines
    assert max(map(len, lines)) < 998


def test_a_dead_mailbox_is_no_address(outside: Outside, smtp: SmtpSender) -> None:
    outside.control.post("/mail/mailboxes", {"address": "gone@mail.example"})
    assert failure(smtp, a_mail("sk-dead", "gone@mail.example")) == ("permanent", "bad_address")


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        ("down", ("transient", "smtp_451")),
        ("throttle", ("throttled", "smtp_450")),
        ("cut", ("transient", "connection")),
        ("lost_answer", ("transient", "connection")),
    ],
)
def test_a_bad_day_of_the_mail_server(outside: Outside, smtp: SmtpSender, what: str, expected: tuple[str, str]) -> None:
    outside.control.post("/misbehave", {"where": "mail", "what": what, "next": 1})
    letter = a_mail(f"sk-bad-mail-{what}", "li@mail.example")
    assert failure(smtp, letter) == expected
    smtp.send(letter)
    rows = taken(outside, "mail", f"sk-bad-mail-{what}@")
    assert [(row["count"], row["lost_answers"]) for row in rows] == [(2, 1) if what == "lost_answer" else (1, 0)]


def test_nobody_listening_is_transient() -> None:
    sender = SmtpSender(SmtpAccess("127.0.0.1", 9, accounts.MAIL_SENDER, tls=False))
    assert failure(sender, a_mail("sk-nobody", "li@mail.example")) == ("transient", "connection")
