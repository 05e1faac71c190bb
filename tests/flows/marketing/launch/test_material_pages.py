"""A material's page (M2.1): what is said after handing in, the brand's colours, what a person has to look for."""

import re

import pytest
from django.urls import reverse

from shopkeeper.flows.marketing.launch.commands.add_version import AddVersion, add_version
from shopkeeper.flows.marketing.launch.commands.set_brand import SetBrand, set_brands
from shopkeeper.flows.marketing.launch.models import MaterialVersion
from shopkeeper.sop.roles import Role
from tests import factories as make
from tests.flows.marketing.launch import stage
from tests.flows.marketing.launch.test_pages import signed_in, text

pytestmark = [pytest.mark.django_db, pytest.mark.clause("M2.1")]


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, stage.NOON)


@pytest.mark.parametrize(
    ("copy", "said"), [("全网最低价", "检查不合格，请按检查结果修改后再交"), ("夏日清凉", "检查合格，等待审核")]
)
def test_a_text_is_answered_with_its_verdict(copy: str, said: str) -> None:
    material_id = stage.briefed(stage.campaign(make.make_shop()))
    client = signed_in(Role.DESIGN)
    answer = client.post(reverse("launch-add-version", args=[material_id]), {"text": copy})
    assert answer["Location"] == reverse("launch-material", args=[material_id])
    shown = text(client, "launch-material", material_id)
    assert f"第 1 版{said}" in shown
    assert "正在检查" not in shown


def test_the_last_text_stands_in_the_box_to_be_changed() -> None:
    material_id = stage.briefed(stage.campaign(make.make_shop()))
    client = signed_in(Role.DESIGN)
    assert re.search(r'<textarea[^>]*name="text"[^>]*></textarea>', text(client, "launch-material", material_id))
    add_version.one(stage.designer(), AddVersion(material_id, text="全网最低价，三天"))
    shown = text(client, "launch-material", material_id)
    assert re.search(r'<textarea[^>]*name="text"[^>]*>\s*全网最低价，三天</textarea>', shown)


def test_the_brands_colours_stand_where_they_are_asked_for() -> None:
    one = stage.campaign(make.make_shop())
    poster = stage.briefed(one, "poster", "主视觉")
    client = signed_in(Role.DESIGN)
    assert "没有设置，不核对颜色" in text(client, "launch-material", poster)
    set_brands.one(stage.planner(), SetBrand(one.shop_id, ("#E1251B", "#102030")))
    brief = text(client, "launch-material", poster)
    assert brief.count('fill="#102030"') == 1
    assert f"{reverse('launch-brand')}?shop={one.shop_id}" in brief
    add_version.one(stage.designer(), AddVersion(poster, stage.picture("#00ff00")))
    stage.perform()
    refused = text(client, "launch-material", poster)
    assert "品牌色只占" in refused
    assert refused.count('fill="#102030"') == 2  # once more below what was found
    assert reverse("launch-brand") in text(signed_in(Role.DESIGN), "web-palette")


@pytest.mark.parametrize(
    ("must_say", "said"),
    [(("满300减50", "前100名"), "请确认写出了“满300减50”“前100名”"), ((), "请确认没有违禁词，优惠与活动规则一致")],
)
def test_what_nobody_could_read_is_said_in_full(must_say: tuple[str, ...], said: str) -> None:
    poster = stage.briefed(stage.campaign(make.make_shop()), "poster", "主视觉", must_say=must_say)
    add_version.one(stage.designer(), AddVersion(poster, stage.picture()))
    stage.perform()
    version = MaterialVersion.objects.get()
    if version.measures["text_share"] is not None:
        finding = {"code": "picture_text_not_checked", "place": "file", "level": "advice", "facts": {}}
        MaterialVersion.objects.update(findings=[finding])  # the reading is installed here
    shown = text(signed_in(Role.DESIGN), "launch-material", poster)
    assert "没有安装文字识别，图中文字请人工看一遍" in shown
    assert said in shown
    assert "个提醒" in shown
    assert "vision" not in shown


def test_of_two_happenings_at_one_moment_the_later_stands_first() -> None:
    material_id = stage.approved(stage.campaign(make.make_shop()))
    shown = text(signed_in(Role.DESIGN), "launch-material", material_id)
    line = shown[shown.index("sk-timeline") :]
    places = [line.index(f"<strong>{what}</strong>") for what in ("通过", "检查合格", "交第 1 版", "提出要求")]
    assert places == sorted(places)
