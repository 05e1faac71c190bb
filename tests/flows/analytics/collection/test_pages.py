"""The doors of D1.1: every page opens for who may, in both languages; files come in; others get 403 and 404."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from shopkeeper.flows.analytics.collection import tasks
from shopkeeper.flows.analytics.collection.commands.answer_disagreements import (
    AnswerDisagreement,
    answer_disagreements,
)
from shopkeeper.flows.analytics.collection.commands.compare_sources import CompareSources, compare_sources
from shopkeeper.flows.analytics.collection.commands.take_in_figures import take_in_figures
from shopkeeper.flows.analytics.collection.models import (
    CollectorKey,
    Delivery,
    Disagreement,
    Figure,
    FigureImport,
    FigureSet,
    FigureSource,
)
from shopkeeper.flows.analytics.collection.states import DisagreementReason
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.files import kept_files
from shopkeeper.sop.roles import Role
from shopkeeper.sop.sweeper import sweep
from tests import factories as make
from tests.flows.analytics.collection import stage
from tests.flows.analytics.collection.stage import DAY, closed_file, days_before, line, sheet, signed_in

own_spool = stage.own_spool
pytestmark = [pytest.mark.django_db, pytest.mark.clause("D1.1")]
TOMORROW = make.NOON + timedelta(days=1)
EXPORT = """统计日期,访客数,商品浏览量,下单买家数,支付买家数,支付金额,支付转化率,支付订单数,客单价,备注
2026-05-31,"2,133","5,120",101,96,"10,095.00",4.50%,98,105.16,
2026-05-30,"1,980","4,700",90,80,"8,000.00",4.50%,81,100.00,大促
2026-06-01,10,10,1,1,1.00,10.00%,1,1.00,
2026-05-29,-,-,-,-,-,-,-,-,
2026-05-28,多,1,1,1,1.00,1%,1,1.00,
2026-05-31,1,1,1,1,1.00,1%,1,1.00,
"""


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, make.NOON)


def upload(text: str = EXPORT, encoding: str = "gb18030") -> SimpleUploadedFile:
    return SimpleUploadedFile("生意参谋.csv", text.encode(encoding), "text/csv")


def a_disagreement(monkeypatch: pytest.MonkeyPatch) -> Disagreement:
    shop = make.make_shop()
    make.take_in(*[make.received_order(shop, make.received_line()) for _ in range(10)])
    stage.at(monkeypatch, TOMORROW)
    take_in_figures.one(SYSTEM, sheet(shop, DAY, orders=14, paid_minor=50_000, buyers=10, visitors=300))
    compare_sources.one(SYSTEM, CompareSources(shop.pk, DAY))
    return Disagreement.objects.get()


def test_a_file_is_looked_at_before_it_is_taken_in() -> None:
    shop = make.make_shop()
    client = signed_in(Role.DATA_SPECIALIST)
    form = {"shop_id": shop.pk, "profile": "sycm_shop"}
    seen = client.post(reverse("collection-import"), {**form, "file": upload()})
    page = seen.content.decode()
    assert seen.status_code == 200
    assert "读懂 2 行" in page
    assert "4 行有问题" in page
    assert "1 个比率与分子分母不符" in page
    assert "10,095.00" in page
    assert "没有用到的列" in page
    assert not FigureSet.objects.exists()
    digest = page.split('name="digest" value="')[1].split('"')[0]
    taken = client.post(reverse("collection-import"), {**form, "digest": digest, "shown_name": "x.csv", "step": "take"})
    job = FigureImport.objects.get()
    assert (taken.status_code, taken["Location"]) == (302, reverse("collection-import-job", args=[job.pk]))
    tasks.run_import(job.pk)
    tasks.run_import(job.pk)  # a worker that was killed begins again
    job.refresh_from_db()
    assert job.state == "done"
    assert job.result == {"rows": 6, "sets": 2, "replaced": 0, "unchanged": 0, "flagged": 1, "rejected": 4}
    values = dict(Figure.objects.filter(figure_set__starts_on="2026-05-31").values_list("figure", "value"))
    assert values == {
        "visitors": 2133, "page_views": 5120, "order_buyers": 101, "buyers": 96, "paid_minor": 1_009_500, "orders": 98,
    }  # fmt: skip
    shown = client.get(reverse("collection-import-job", args=[job.pk])).content.decode()
    assert "4.50%" in shown
    assert "4.04%" in shown
    assert "未导入清单" in shown
    failed = client.get(reverse("collection-import-failures", args=[job.pk]))
    rows = CalamineWorkbook.from_filelike(BytesIO(failed.getvalue())).get_sheet_by_index(0).to_python()
    assert [row[3] for row in rows[1:]] == ["period_not_over", "row_without_figures", "figure_wrong", "row_twice"]
    assert (
        "看文件" in client.get(reverse("collection-figures-set", args=[FigureSet.objects.first().pk])).content.decode()
    )


def test_the_same_file_again_changes_nothing_and_a_new_one_replaces() -> None:
    shop = make.make_shop()
    client = signed_in(Role.DATA_SPECIALIST)

    def take(text: str) -> FigureImport:
        form = {"shop_id": shop.pk, "profile": "sycm_shop", "file": upload(text), "step": "take"}
        assert client.post(reverse("collection-import"), form).status_code == 302
        job = FigureImport.objects.latest("id")
        tasks.run_import(job.pk)
        job.refresh_from_db()
        return job

    assert take(EXPORT).result["sets"] == 2
    again = take(EXPORT).result
    assert (again["sets"], again["unchanged"]) == (0, 2)
    newer = take(EXPORT.replace("2,133", "2,134")).result
    assert (newer["sets"], newer["replaced"]) == (2, 2)
    assert FigureSet.objects.filter(replaced_at__isnull=True).count() == 2


def test_a_channel_sheet_of_a_week_comes_in() -> None:
    shop = make.make_shop()
    client = signed_in(Role.DATA_SPECIALIST)
    week = "2026-05-25~2026-05-31"
    text = f'统计日期,流量来源,访客数,支付买家数\n{week},手淘搜索,"1,000",40\n{week},直通车,300,9\n'
    form = {"shop_id": shop.pk, "profile": "sycm_channels", "file": upload(text, "utf-8"), "step": "take"}
    assert client.post(reverse("collection-import"), form).status_code == 302
    tasks.run_import(FigureImport.objects.get().pk)
    found = FigureSet.objects.get()
    assert (found.period, found.breakdown) == ("week", "channel")
    assert "分渠道" in client.get(reverse("collection-figures")).content.decode()
    assert client.get(reverse("collection-import")).status_code == 200
    page = client.get(reverse("collection-figures-set", args=[found.pk])).content.decode()
    assert "手淘搜索" in page
    assert "1,000" in page


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "请选择文件"),
        ({"shop_id": "999999"}, "请选择店铺"),
        ({"profile": "nothing"}, "请选择文件类型"),
        ({"file": SimpleUploadedFile("x.csv", "名称,价格\n甲,1\n".encode())}, "统计日期"),
        ({"digest": "ab"}, "文件已不在"),
    ],
)
def test_a_file_that_cannot_be_read_says_what_to_do(fields: dict[str, object], words: str) -> None:
    shop = make.make_shop()
    client = signed_in(Role.DATA_SPECIALIST)
    answer = client.post(reverse("collection-import"), {"shop_id": shop.pk, "profile": "sycm_shop", **fields})
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_an_import_whose_file_is_gone_fails_with_words() -> None:
    shop = make.make_shop()
    client = signed_in(Role.DATA_SPECIALIST)
    form = {"shop_id": shop.pk, "profile": "sycm_shop", "file": upload(), "step": "take"}
    client.post(reverse("collection-import"), form)
    job = FigureImport.objects.get()
    kept_files().forget(job.digest)
    tasks.run_import(job.pk)
    assert "文件已不在" in client.get(reverse("collection-import-job", args=[job.pk])).content.decode()


def test_an_import_is_stopped_from_its_page() -> None:
    shop = make.make_shop()
    client = signed_in(Role.DATA_SPECIALIST)
    client.post(
        reverse("collection-import"), {"shop_id": shop.pk, "profile": "sycm_shop", "file": upload(), "step": "take"}
    )
    job = FigureImport.objects.get()
    assert "排队中" in client.get(reverse("collection-import")).content.decode()
    assert client.post(reverse("collection-import-stop", args=[job.pk])).status_code == 302
    tasks.run_import(job.pk)
    assert not FigureSet.objects.exists()
    assert "已按要求停止" in client.get(reverse("collection-import-job", args=[job.pk])).content.decode()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_sources_stand_side_by_side(monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    case = a_disagreement(monkeypatch)
    client = signed_in(Role.DATA_SPECIALIST, language=language)
    page = client.get(reverse("collection-sources")).content.decode()
    assert ("自有订单" if language == "zh" else "Own orders") in page
    assert reverse("collection-disagreement", args=[case.pk]) in page
    assert "40.0%" in page
    assert "500.00" in page
    again = client.post(reverse("collection-compare"), {"shop_id": case.shop_id, "day": "2026-06-01"})
    assert again.status_code == 302
    wild = client.get(reverse("collection-sources"), {"until": "2999-01-01", "shop": "x"})
    assert wild.status_code == 200


def test_a_disagreement_is_answered_from_its_page(monkeypatch: pytest.MonkeyPatch) -> None:
    case = a_disagreement(monkeypatch)
    client = signed_in(Role.DATA_SPECIALIST)
    assert "支付订单数" in client.get(reverse("collection-disagreements")).content.decode()
    assert 'title="1"' in client.get(reverse("collection-disagreements"), {"counts": "1"}).content.decode()
    assert "为什么不一致" in client.get(reverse("collection-disagreement", args=[case.pk])).content.decode()
    url = reverse("collection-disagreement-answer", args=[case.pk])
    form = {"reason": "other", "value": "10", "other_value": "14", "note": ""}
    refused = client.post(url, form)
    assert (refused.status_code, "请写明原因" in refused.content.decode()) == (422, True)
    assert client.post(url, {**form, "note": "平台按子订单计"}).status_code == 302
    case.refresh_from_db()
    assert (case.state, case.note) == ("answered", "平台按子订单计")
    assert "平台按子订单计" in client.get(reverse("collection-disagreement", args=[case.pk])).content.decode()
    assert "已说明" in client.get(reverse("collection-sources")).content.decode()


def test_a_disagreement_explains_its_own_figure_and_begins_with_what_was_said_last(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = a_disagreement(monkeypatch)
    client = signed_in(Role.DATA_SPECIALIST)
    page = client.get(reverse("collection-disagreement", args=[case.pk])).content.decode()
    assert "每个平台订单号计一单" in page and "支付订单数”一列" in page
    assert "访客含全部终端" not in page and "上次的说明" not in page
    answer = AnswerDisagreement(case.pk, DisagreementReason.RULE_DIFFERS, 10, 14, "表按子订单计")
    assert answer_disagreements.one(SYSTEM, answer).changed
    same = ("shop_id", "figure", "source", "other_source", "opened_at", "due_at", "state_at")
    after = {name: getattr(case, name) for name in same}
    two_days = [
        Disagreement.objects.create(**after, day=case.day + timedelta(days=n), value=46, other_value=50) for n in (1, 2)
    ]
    url = reverse("collection-disagreement", args=[two_days[0].pk])
    page = client.get(url).content.decode()
    assert "同 06-01：表按子订单计</textarea>" in page
    assert 'value="rule_differs" selected' in page
    assert reverse("collection-disagreement", args=[case.pk]) in page
    answer = AnswerDisagreement(two_days[0].pk, DisagreementReason.RULE_DIFFERS, 46, 50, "同 06-01：表按子订单计")
    assert answer_disagreements.one(SYSTEM, answer).changed
    page = client.get(reverse("collection-disagreement", args=[two_days[1].pk])).content.decode()
    assert "同 06-01：表按子订单计</textarea>" in page  # not "as the day before, as the first day"


def test_after_the_preview_the_file_is_named_and_one_button_is_the_next_step() -> None:
    shop = make.make_shop()
    client = signed_in(Role.DATA_SPECIALIST)
    url, form = reverse("collection-import"), {"shop_id": shop.pk, "profile": "sycm_shop"}
    main = client.get(url).content.decode().partition("<main")[2]
    assert "选填" not in main and main.count("btn-primary") == 1
    main = client.post(url, {**form, "file": upload()}).content.decode().partition("<main")[2]
    assert "已收到" in main and "换一个文件" in main
    assert main.count("btn-primary") == 1 and 'btn-primary" name="step" value="take"' in main
    seen = {"digest": main.split('name="digest" value="')[1].split('"')[0], "step": "take"}
    another = client.post(url, {**form, **seen, "file": upload(EXPORT + " ")})
    assert (another.status_code, FigureImport.objects.count()) == (200, 0)  # looked at first
    assert client.post(url, {**form, **seen, "file": upload()}).status_code == 302


def test_the_sources_of_all_days_stand_in_the_same_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    a_disagreement(monkeypatch)
    page = signed_in(Role.DATA_SPECIALIST).get(reverse("collection-sources")).content.decode()
    assert page.count('<th class="is-end w-25">') % 3 == 0 and '<th class="w-25">' in page


def test_a_day_is_excused_from_its_page_and_quality_shows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    shop, _ = stage.shop_with_source()
    stage.at(monkeypatch, TOMORROW)
    sweep()
    delivery = Delivery.objects.get()
    client = signed_in(Role.DATA_SPECIALIST)
    url = reverse("collection-delivery", args=[delivery.pk])
    assert "导入文件" in client.get(url).content.decode()
    assert url in client.get(reverse("collection-import")).content.decode()
    assert client.post(url, {"excuse": ""}).status_code == 422
    assert client.post(url, {"excuse": "平台维护"}).status_code == 302
    page = client.get(reverse("collection-quality")).content.decode()
    assert "平台维护" in page
    assert shop.name in page


def test_sources_are_asked_for_and_no_longer_from_the_quality_page() -> None:
    shop = make.make_shop()
    client = signed_in(Role.OPERATIONS_SUPERVISOR)
    assert client.post(reverse("collection-source-add"), {"shop_id": shop.pk, "source": "sycm"}).status_code == 302
    source = FigureSource.objects.get()
    assert "要求" in client.get(reverse("collection-quality")).content.decode()
    assert client.post(reverse("collection-source-retire"), {"source_id": source.pk}).status_code == 302
    source.refresh_from_db()
    assert source.retired_at is not None


@pytest.mark.usefixtures("own_spool")
def test_the_collector_is_opened_and_its_traffic_shown() -> None:
    shop = make.make_shop()
    client = signed_in(Role.ENGINEERING)
    url = reverse("collection-collector")
    assert "未开通" in client.get(url).content.decode()
    opened = client.post(reverse("collection-collector-open"), {"shop_id": shop.pk, "origins": "https://a.example"})
    assert opened.status_code == 302
    key = CollectorKey.objects.get(shop=shop)
    closed_file([line(shop, f"event-{n:02d}", v=f"v{n}") for n in range(7)])
    tasks.drain()
    page = client.get(url).content.decode()
    assert key.key in page
    assert "<svg" in page
    renewed = client.post(reverse("collection-collector-renew"), {"shop_id": shop.pk, "version": "1"})
    assert renewed.status_code == 302
    key.refresh_from_db()
    assert key.version == 2
    assert client.post(reverse("collection-collector-close"), {"shop_id": shop.pk}).status_code == 302
    key.refresh_from_db()
    assert not key.is_open


def test_who_may_not_gets_403_and_strangers_404(monkeypatch: pytest.MonkeyPatch) -> None:
    case = a_disagreement(monkeypatch)
    found = FigureSet.objects.get()
    packer = signed_in(Role.WAREHOUSE)
    pages: tuple[tuple[str, list[int]], ...] = (
        ("collection-sources", []),
        ("collection-disagreements", []),
        ("collection-disagreement", [case.pk]),
        ("collection-quality", []),
        ("collection-import", []),
        ("collection-figures", []),
        ("collection-figures-set", [found.pk]),
        ("collection-collector", []),
    )
    for name, args in pages:
        assert packer.get(reverse(name, args=args)).status_code == 403, name
    stranger = signed_in(Role.DATA_SPECIALIST, shops=[make.make_shop()])
    for name, args in pages:
        answer = stranger.get(reverse(name, args=args))
        assert answer.status_code == (404 if args else 200), name
        assert case.shop.name not in answer.content.decode().split("</nav>")[-1]


def test_pages_without_a_shop_say_what_to_do() -> None:
    nobody = signed_in(Role.DATA_SPECIALIST, shops=[])
    for name in ("collection-sources", "collection-quality", "collection-collector"):
        assert "请管理员为你分配店铺" in nobody.get(reverse(name)).content.decode(), name


def test_lists_cost_the_same_for_one_and_many_rows() -> None:
    shop, client = make.make_shop(), signed_in(Role.DATA_SPECIALIST)
    take_in_figures.one(SYSTEM, sheet(shop, days_before(1)))
    counts = []
    for n in (2, 8):
        client.get(reverse("collection-figures"))
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("collection-figures"))
            client.get(reverse("collection-sources"), {"shop": shop.pk})
            client.get(reverse("collection-quality"))
        counts.append(len(captured))
        take_in_figures(SYSTEM, [sheet(shop, days_before(n + i)) for i in range(4)])
    assert counts[0] == counts[1]
