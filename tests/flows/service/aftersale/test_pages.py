"""The doors of S2.3: every page opens for who may, in both languages; forms reach their command; others get 403."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shopkeeper.flows.service.aftersale.commands.ask_evidence import AskEvidence, ask_evidence
from shopkeeper.flows.service.aftersale.commands.receive_return import ReceiveReturn, receive_return
from shopkeeper.flows.service.aftersale.models import (
    AfterSaleCase,
    AfterSalePolicy,
    Evidence,
    EvidenceLink,
    Refund,
    ReturnParcel,
)
from shopkeeper.flows.service.aftersale.permissions import Permission
from shopkeeper.flows.service.aftersale.queries.links import link_token
from shopkeeper.flows.service.aftersale.states import Reason, Shot, Solution
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.models import Shop
from shopkeeper.foundation.personal import destroy_keys
from shopkeeper.sop.roles import Role
from tests import factories as make
from tests.flows.service.aftersale import stage
from tests.flows.service.tickets.stage import events_of

pytestmark = [pytest.mark.django_db, pytest.mark.clause("S2.3")]
BOTH = pytest.mark.parametrize("language", ["zh", "en"])


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, make.NOON)


def signed_in(*roles: str, shops: list[Shop] | None = None, language: str = "zh") -> Client:
    person = make.make_person(*roles, shops=shops)
    client = Client()
    client.cookies["sk_lang"] = language
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def agent(**more: object) -> Client:
    return signed_in(Role.CUSTOMER_SERVICE, **more)  # type: ignore[arg-type]


def page_of(client: Client, name: str, *args: object, **query: str) -> str:
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200, (name, answer.status_code)
    return answer.content.decode()


@BOTH
def test_the_list_shows_what_is_owed_with_its_clock(language: str) -> None:
    case = stage.opened()
    client = agent(language=language)
    page = page_of(client, "aftersale-list")
    assert case.number in page
    assert "data-due=" in page
    assert ("七天无理由" if language == "zh" else "No reason (7 days)") in page
    assert "13812341234" not in page
    assert client.get(reverse("aftersale-list"), {"counts": "1"}).status_code == 200
    assert case.number not in page_of(client, "aftersale-list", tab="settled")
    assert case.number in page_of(client, "aftersale-list", tab="all", q=f"JY{case.order_id:010d}")
    assert case.number not in page_of(client, "aftersale-list", tab="all", q="SH0000000000")


@BOTH
def test_the_record_says_what_the_policy_says_and_why(language: str) -> None:
    case = stage.opened(words="不想要了 13812341234")
    page = page_of(agent(language=language), "aftersale-case", case.pk)
    assert ("政策支持" if language == "zh" else "Owed by the policy") in page
    assert ("最后一天是 2026-06-08" if language == "zh" else "the last one is 2026-06-08") in page
    assert 'name="solution"' in page
    assert "13812341234" not in page


def test_a_case_is_opened_from_an_orders_number() -> None:
    order = stage.signed_order()
    line = stage.lines_of(order)[0]
    client = agent()
    assert "没有找到这个订单" in page_of(client, "aftersale-new", order="NOPE")
    assert f'name="pieces-{line.pk}"' in page_of(client, "aftersale-new", order=order.platform_no)
    form = {"order": order.platform_no, "reason": "quality", f"pieces-{line.pk}": "1", "words": "开线"}
    wrong = client.post(reverse("aftersale-new"), {**form, "reason": "", f"pieces-{line.pk}": "0"})
    assert wrong.status_code == 422
    assert "请选择原因" in wrong.content.decode()
    assert client.post(reverse("aftersale-new"), form).status_code == 302
    case = AfterSaleCase.objects.get()
    assert (case.reason, case.lines.get().quantity) == ("quality", 1)


def test_the_whole_way_through_the_pages() -> None:
    case = stage.opened()
    client, packer = agent(), signed_in(Role.WAREHOUSE)
    ask = client.post(reverse("aftersale-ask", args=[case.pk]), {"shots": ["tags"]})
    assert ask.status_code == 302
    link = EvidenceLink.objects.get()
    assert link_token(link.pk) in page_of(client, "aftersale-case", case.pk)
    upload = SimpleUploadedFile("a.png", stage.a_png(), "image/png")
    added = client.post(reverse("aftersale-add-evidence", args=[case.pk]), {"file": upload, "shot": "tags"})
    assert added.status_code == 302
    evidence = Evidence.objects.get()
    assert client.post(reverse("aftersale-judge", args=[evidence.pk]), {"verdict": "good"}).status_code == 302
    offer = {"number": "1", "solution": "return_refund", "refund_minor": "100.00", "pay_way": "by_hand"}
    assert client.post(reverse("aftersale-offer", args=[case.pk]), offer).status_code == 302
    answer = {"number": "1", "answer": "accepted"}
    assert client.post(reverse("aftersale-answer", args=[case.pk]), answer).status_code == 302
    number = client.post(reverse("aftersale-number", args=[case.pk]), {"number": "YT1234567890123"})
    assert number.status_code == 302
    parcel = ReturnParcel.objects.get()
    assert receive_return.one(SYSTEM, ReceiveReturn(parcel.warehouse_id, "YT1234567890123")).changed
    make.make_bin(parcel.warehouse)
    line = stage.lines_of(case.order)[0]
    grading = {f"{line.pk}-good": "2", "bin_code": "A-01-01"}
    assert "待质检" in page_of(packer, "aftersale-return", parcel.pk)
    assert packer.post(reverse("aftersale-grade", args=[parcel.pk]), grading).status_code == 302
    refund = Refund.objects.get()
    assert (refund.amount_minor, refund.state) == (10_000, "approved")
    boss = signed_in(Role.OPERATIONS_SUPERVISOR)
    confirm = boss.post(reverse("aftersale-confirm", args=[refund.pk]), {"evidence": "千牛已退"})
    assert confirm.status_code == 302
    case.refresh_from_db()
    assert case.state == "settled"
    for name, args in (("aftersale-case", case.pk), ("aftersale-return", parcel.pk), ("aftersale-refund", refund.pk)):
        page_of(boss, name, args)


def test_a_refused_offer_shows_the_page_again_with_what_was_entered() -> None:
    case = stage.opened()
    form = {"number": "1", "solution": "return_refund", "refund_minor": "88.00", "pay_way": "by_hand"}
    answer = agent().post(reverse("aftersale-offer", args=[case.pk]), form)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "还缺 1 项有效凭证" in page
    assert 'value="88.00"' in page


@BOTH
def test_a_supervisor_approves_and_never_their_own(language: str) -> None:
    case = stage.opened()
    own = make.make_person(Role.OPERATIONS_SUPERVISOR)
    client = Client()
    client.cookies["sk_lang"] = language
    client.force_login(own, backend="django.contrib.auth.backends.ModelBackend")
    form = {"number": "1", "solution": "refund_only", "refund_minor": "50.00", "pay_way": "by_hand", "why": "老客户"}
    assert client.post(reverse("aftersale-offer", args=[case.pk]), form).status_code == 302
    client.post(reverse("aftersale-answer", args=[case.pk]), {"number": "1", "answer": "accepted"})
    refund = Refund.objects.get()
    page = page_of(client, "aftersale-refund", refund.pk)
    assert ("需要另一位主管审批" if language == "zh" else "another supervisor must approve") in page
    mine = client.post(reverse("aftersale-approve", args=[refund.pk]), {"amount_minor": "50.00"})
    assert mine.status_code == 422
    other = signed_in(Role.OPERATIONS_SUPERVISOR)
    assert "SH" in page_of(other, "aftersale-refunds")
    assert other.post(reverse("aftersale-approve", args=[refund.pk]), {"amount_minor": "50.00"}).status_code == 302
    refund.refresh_from_db()
    assert refund.state == "approved"


def test_a_refund_is_turned_down_from_the_page() -> None:
    supervisor = stage.agent(Permission.OUTSIDE_POLICY)
    stage.accepted(stage.opened(), Solution.REFUND_ONLY, supervisor, refund_minor=100, why="老客户")
    refund = Refund.objects.get()
    boss = signed_in(Role.OPERATIONS_SUPERVISOR)
    assert boss.post(reverse("aftersale-reject", args=[refund.pk]), {"reason": "金额不对"}).status_code == 302
    refund.refresh_from_db()
    assert refund.state == "rejected"
    assert boss.post(reverse("aftersale-retry", args=[refund.pk])).status_code == 422


def test_refusing_and_closing_from_the_record() -> None:
    late, other = stage.opened(reason=Reason.LATE), stage.opened()
    client = agent()
    assert client.post(reverse("aftersale-refuse", args=[late.pk]), {"reason": "按时发货"}).status_code == 302
    assert client.post(reverse("aftersale-close", args=[other.pk]), {"cause": "withdrawn"}).status_code == 302
    states = set(AfterSaleCase.objects.values_list("state", flat=True))
    assert states == {"refused", "closed"}
    for case in (late, other):
        page_of(client, "aftersale-case", case.pk)


def scan(client: Client, code: str, place: int, key: str, last: str = "") -> dict[str, object]:
    body = {"key": key, "code": code, "context": {"place": str(place), "last": last}}
    answer = client.post(reverse("aftersale-station-scan"), body, content_type="application/json")
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_the_station_receives_by_scan_and_shouts_at_what_it_does_not_know() -> None:
    case = stage.accepted()
    place = case.warehouse_id or 0
    packer = signed_in(Role.WAREHOUSE)
    assert "退货收货" in page_of(packer, "aftersale-station", warehouse=str(place))
    good = scan(packer, case.number, place, "key-00001")
    assert (good["verdict"], good["title"]) == ("good", "已收货")
    assert case.number in str(good["panel"])
    again = scan(packer, case.number, place, "key-00002")
    assert again["verdict"] == "warn"
    parcel = ReturnParcel.objects.get(case=case)
    opened = scan(packer, "CMD:GRADE", place, "key-00003", last=str(parcel.pk))
    assert opened["open_url"] == reverse("aftersale-return", args=[parcel.pk])
    unknown = scan(packer, "YT9999999999999", place, "key-00004")
    assert (unknown["title"], unknown["repeat"]) == ("无头件", True)
    assert scan(packer, "12", place, "key-00005")["verdict"] == "bad"
    kept = ReturnParcel.objects.get(state="unknown")
    assert "认领" in page_of(packer, "aftersale-return", kept.pk)
    url = reverse("aftersale-match", args=[kept.pk])
    assert packer.post(url, {"case": "x"}).status_code == 422
    other = stage.accepted()
    assert packer.post(url, {"case": other.number}).status_code == 302
    assert "YT9999999999999" in page_of(packer, "aftersale-returns")


def test_gradings_that_do_not_add_up_are_said_on_the_page() -> None:
    parcel = stage.received()
    assert parcel.case is not None
    packer = signed_in(Role.WAREHOUSE)
    url = reverse("aftersale-grade", args=[parcel.pk])
    assert packer.post(url, {}).status_code == 422
    line = stage.lines_of(parcel.case.order)[0]
    wrong = packer.post(url, {f"{line.pk}-good": "1"})
    assert "质检数量与应退数量不符" in wrong.content.decode()


@BOTH
def test_the_policy_is_read_by_agents_and_published_by_supervisors(language: str) -> None:
    stage.opened()
    page = page_of(agent(language=language), "aftersale-policy", platform="taobao")
    assert ("各原因怎么处理" if language == "zh" else "What each reason is owed") in page
    assert 'name="no_reason-days"' not in page
    boss = signed_in(Role.OPERATIONS_SUPERVISOR, language=language)
    assert 'name="no_reason-days"' in page_of(boss, "aftersale-policy", platform="taobao", edit="1")
    form: dict[str, object] = {"platform": "taobao", "note": "大促"}
    for reason in Reason:
        is_return = reason not in (Reason.LATE, Reason.PRICE_PROTECTION)
        form |= {
            f"{reason}-days": "10",
            f"{reason}-freight": "buyer" if is_return else "none",
            f"{reason}-percent": "10",
            f"{reason}-cap": "50.00",
            f"{reason}-solutions": ["return_refund"] if is_return else ["compensation"],
        }
    broken = boss.post(reverse("aftersale-policy"), {**form, "no_reason-days": "x"})
    assert broken.status_code == 422
    below = boss.post(reverse("aftersale-policy"), {**form, "no_reason-days": "3"})
    assert below.status_code == 422
    assert boss.post(reverse("aftersale-policy"), form).status_code == 302
    assert AfterSalePolicy.objects.get(platform="taobao").version == 1
    assert agent().post(reverse("aftersale-policy"), form).status_code == 404


def test_evidence_is_shown_as_what_it_is_and_to_who_may() -> None:
    case = stage.proven(stage.opened())
    evidence = Evidence.objects.get()
    answer = agent().get(url := reverse("aftersale-evidence", args=[evidence.pk]))
    assert b"".join(answer.streaming_content) == stage.a_png()  # type: ignore[attr-defined]
    assert answer["Content-Type"] == "image/png"
    assert answer["X-Content-Type-Options"] == "nosniff" and "sandbox" in answer["Content-Security-Policy"]
    assert signed_in(Role.WAREHOUSE).get(url).status_code == 403
    assert agent(shops=[make.make_shop()]).get(url).status_code == 404
    assert [seen["evidence_id"] for seen in events_of("aftersale.evidence_viewed")] == [evidence.pk]
    destroy_keys([case.subject_id], now=make.NOON)
    assert agent().get(url).status_code == 404


def test_who_may_not_gets_403_and_strangers_404() -> None:
    case = stage.graded()
    parcel, refund = ReturnParcel.objects.get(), Refund.objects.get()
    designer = signed_in(Role.DESIGN)
    addresses = [
        ("aftersale-list", []), ("aftersale-case", [case.pk]), ("aftersale-new", []), ("aftersale-refunds", []),
        ("aftersale-refund", [refund.pk]), ("aftersale-returns", []), ("aftersale-return", [parcel.pk]),
        ("aftersale-station", []), ("aftersale-policy", []),
    ]  # fmt: skip
    for name, args in addresses:
        assert designer.get(reverse(name, args=args)).status_code == 403, name
    stranger = signed_in(Role.CUSTOMER_SERVICE, Role.WAREHOUSE, shops=[make.make_shop()])
    for name, args in (("aftersale-case", case.pk), ("aftersale-refund", refund.pk), ("aftersale-return", parcel.pk)):
        assert stranger.get(reverse(name, args=[args])).status_code == 404, name
    assert case.number not in page_of(stranger, "aftersale-list", tab="all")


def test_lists_cost_the_same_for_one_and_many_rows() -> None:
    client, counts = agent(), []
    for _ in range(2):
        stage.opened()
        client.get(reverse("aftersale-list"))
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("aftersale-list"))
        counts.append(len(captured))
        for _ in range(3):
            stage.opened()
    assert counts[0] == counts[1]


# The buyer's own door


def a_link() -> EvidenceLink:
    outcome = ask_evidence.one(SYSTEM, AskEvidence(stage.opened().pk, (Shot.TAGS, Shot.FILM)))
    return EvidenceLink.objects.get(id=outcome.facts["link_id"])


def door(link: EvidenceLink) -> str:
    return reverse("aftersale-proof", args=[link_token(link.pk)])


def picture(name: str = "a.png", content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, stage.a_png() if content is None else content, "image/png")


@BOTH
def test_the_buyer_sends_pictures_without_an_account_and_once(language: str) -> None:
    link = a_link()
    buyer = Client()
    buyer.cookies["sk_lang"] = language
    page = buyer.get(door(link)).content.decode()
    assert ("吊牌与包装完好" if language == "zh" else "Tags and box intact") in page
    sent = buyer.post(door(link), {"shot-tags": picture()})
    assert sent.status_code == 200
    assert ("照片已收到" if language == "zh" else "We have your pictures") in sent.content.decode()
    assert Evidence.objects.get().added_by == 0
    used = buyer.get(door(link))
    assert used.status_code == 410
    assert ("已经使用过了" if language == "zh" else "used already") in used.content.decode()
    assert buyer.post(door(link), {"shot-tags": picture(content=stage.a_png(9))}).status_code == 410
    assert Evidence.objects.count() == 1


def test_an_expired_link_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    link = a_link()
    stage.at(monkeypatch, make.NOON + timedelta(hours=49))
    answer = Client().get(door(link))
    assert answer.status_code == 410
    assert "已过期" in answer.content.decode()


def test_another_customers_link_is_not_to_be_guessed() -> None:
    mine, theirs = a_link(), a_link()
    proof = link_token(mine.pk).partition("-")[2]
    for token in (f"{theirs.pk}-{proof}", f"{theirs.pk}-", str(theirs.pk), "x-y", f"{10**20}-{proof}"):
        assert Client().get(reverse("aftersale-proof", args=[token])).status_code == 404, token
    Client().post(door(mine), {"shot-tags": picture()})
    assert Evidence.objects.get().case_id == mine.case_id


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("照片.png", b"<script>alert(1)</script>", "内容不是可识别的文件"),
        ("无害.jpg", b"MZ" + b"\x00" * 500, "内容不是可识别的文件"),
        ("a.png", b"%PDF-1.7\n%%EOF", "这里只收"),
    ],
)
def test_the_wrong_type_under_an_innocent_name_is_refused_and_the_link_stays_good(
    name: str, content: bytes, words: str
) -> None:
    link = a_link()
    answer = Client().post(door(link), {"shot-tags": picture(name, content)})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Evidence.objects.exists()
    assert Client().post(door(link), {"shot-tags": picture()}).status_code == 200


def test_a_script_in_a_files_name_is_kept_nowhere() -> None:
    link = a_link()
    name = '"><script>alert(1)</script>.png'
    assert Client().post(door(link), {"shot-tags": picture(name)}).status_code == 200
    page = page_of(agent(), "aftersale-case", link.case_id)
    assert "alert(1)" not in page
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM aftersale_evidence AS e WHERE e::text LIKE %s", ["%script%"])
        assert cursor.fetchone() == (0,)


def test_nothing_chosen_and_too_much_chosen_are_said() -> None:
    link = a_link()
    assert Client().post(door(link), {}).status_code == 422
    many = {"shot-tags": [picture(content=stage.a_png(n)) for n in range(10)]}
    answer = Client().post(door(link), many)
    assert answer.status_code == 422
    assert "文件太多" in answer.content.decode()
    assert Client(enforce_csrf_checks=True).post(door(link), {"shot-tags": picture()}).status_code == 403


def test_the_buyers_door_is_bounded_and_its_address_goes_nowhere() -> None:
    url, buyer = door(a_link()), Client(REMOTE_ADDR="203.0.113.9")
    assert buyer.get(url)["Referrer-Policy"] == "same-origin"
    last = [buyer.get(url) for _ in range(60)][-1]
    assert last.status_code == 429 and "操作太频繁" in last.content.decode()
    assert Client(REMOTE_ADDR="203.0.113.10").get(url).status_code == 200
