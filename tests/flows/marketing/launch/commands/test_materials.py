"""M2.1: briefs, versions and their checks, review by another person, use."""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shopkeeper.flows.marketing.launch.commands.add_version import (
    AddVersion,
    RecordMaterialChecks,
    add_version,
    record_material_checks,
)
from shopkeeper.flows.marketing.launch.commands.decide_materials import (
    ApproveMaterial,
    ReturnMaterial,
    approve_materials,
    return_materials,
)
from shopkeeper.flows.marketing.launch.commands.set_brand import SetBrand, set_brands
from shopkeeper.flows.marketing.launch.commands.use_material import UseMaterial, use_materials
from shopkeeper.flows.marketing.launch.commands.write_brief import DropMaterial, WriteBrief, drop_materials, write_brief
from shopkeeper.flows.marketing.launch.models import Brand, Material, MaterialUse, MaterialVersion
from shopkeeper.flows.marketing.launch.states import MaterialKind
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.files import FILMS, kept_files
from shopkeeper.shared.errors import NotAllowed
from shopkeeper.sop.models import Deadline
from shopkeeper.sop.sweeper import sweep
from tests import factories as make
from tests.flows.marketing.launch import stage
from tests.flows.marketing.launch.rules.test_films import film
from tests.flows.marketing.launch.stage import NOON
from tests.flows.marketing.promotions import stage as promotions

pytestmark = [pytest.mark.clause("M2.1"), pytest.mark.django_db]


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, NOON)


def codes_of(material_id: int) -> set[str]:
    newest = MaterialVersion.objects.filter(material_id=material_id).latest("number")
    return {finding["code"] for finding in newest.findings}


def test_a_brief_is_due_with_design_and_written_once() -> None:
    one = stage.campaign(make.make_shop(), state="planned")
    due = NOON + timedelta(days=2)
    item = WriteBrief(one.pk, MaterialKind.POSTER, "主视觉", due, 1_200, 600, ("满300减50", " "))
    first = write_brief.one(stage.planner(), item)
    assert first.changed
    assert write_brief.one(stage.planner(), item) == replace(first, result="unchanged", code="unchanged")
    assert write_brief(stage.planner(), [replace(item, title="二"), replace(item, title="二")])[1].code == "unchanged"
    wrong = {
        "material_twice": replace(item, width=600),
        "brief_untitled": replace(item, title=" "),
        "brief_due_past": replace(item, title="迟", due_at=NOON),
        "brief_size": replace(item, title="无尺寸", height=0),
        "campaign_over": replace(item, campaign_id=stage.campaign(one.shop, "双11", state="ended").pk),
    }
    for code, other in wrong.items():
        assert write_brief.one(stage.planner(), other).code == code
    with pytest.raises(NotAllowed):
        write_brief(stage.designer(), [item])
    assert Material.objects.get(id=first.id).must_say == ["满300减50"]
    assert stage.due("material")[0] == (first.id, due)
    assert stage.told().count("material_briefed") == 2


def test_copy_is_checked_at_once_and_comes_back_with_what_is_wrong() -> None:
    one = stage.campaign(make.make_shop())
    stage.ruled(one, promotions.published(one.shop))
    material_id = stage.briefed(one, must_say=("满300减50",))
    first = add_version.one(stage.designer(), AddVersion(material_id, text="全网最低价，满300减80"))
    assert (first.code, first.facts) == ("done", {"number": 1})
    assert stage.state_of(material_id) == "returned"
    assert codes_of(material_id) == {"listed_word", "claim_unlike_rules", "offer_not_said"}
    assert Deadline.objects.filter(kind="material", subject_id=material_id).exists()
    assert add_version.one(stage.designer(), AddVersion(material_id, text="满300减50，早鸟先得")).facts["number"] == 2
    assert stage.state_of(material_id) == "in_review"
    assert stage.ended("material") == [("done", False)]
    assert stage.due("material_review") == [(material_id, NOON + timedelta(hours=24))]
    again = add_version.one(stage.designer(), AddVersion(material_id, text="满300减50，早鸟先得"))
    assert (again.code, again.id) == ("unchanged", material_id)
    assert stage.told()[1:] == ["material_version_added", "material_checked"] * 2


def test_a_poster_is_measured_by_an_errand(monkeypatch: pytest.MonkeyPatch) -> None:
    one = stage.campaign(make.make_shop())
    assert set_brands.one(stage.planner(), SetBrand(one.shop_id, ("#E1251B",))).changed
    material_id = stage.briefed(one, "poster", "主视觉")
    assert add_version.one(stage.designer(), AddVersion(material_id, stage.picture(), name="a.png")).changed
    assert stage.state_of(material_id) == "checking"
    other = AddVersion(material_id, stage.picture("#111111"))
    assert add_version.one(stage.designer(), other).code == "material_checking"
    assert stage.perform() == 1
    assert stage.state_of(material_id) == "in_review"
    version = MaterialVersion.objects.get()
    assert (version.verdict, version.measures["width"]) == ("passed", 500)
    assert version.measures["shades"][0]["share"] > 0.5
    assert add_version.one(stage.designer(), AddVersion(material_id, stage.picture("#0000ff"), name="b.jpg")).changed
    assert stage.ended("material_review") == [("cancelled", False)]
    assert stage.perform() == 1
    assert {"off_brand", "picture_mislabelled"} <= codes_of(material_id)
    assert stage.state_of(material_id) == "returned"


def test_a_film_is_read_and_too_long_a_one_comes_back() -> None:
    one = stage.campaign(make.make_shop())
    material_id = stage.briefed(one, "video", "短视频", width=1080, height=1920)
    digest = kept_files().keep(BytesIO(film(1080, 1920, 61)), "a.mp4", FILMS).digest
    assert add_version.one(stage.designer(), AddVersion(material_id, digest, name="a.mp4")).changed
    assert stage.perform() == 1
    assert codes_of(material_id) == {"film_long"}


def test_what_is_handed_in_has_to_be_what_was_asked_for() -> None:
    one = stage.campaign(make.make_shop())
    copy, poster = stage.briefed(one), stage.briefed(one, "poster", "主视觉")
    wrong = {
        "text_needed": AddVersion(copy, text=" "),
        "file_needed": AddVersion(poster, text="文字"),
        "file_missing": AddVersion(poster, stage.no_such_file()),
    }
    for code, item in wrong.items():
        assert add_version.one(stage.designer(), item).code == code
    video = stage.briefed(one, "video", "短视频")
    assert add_version.one(stage.designer(), AddVersion(video, stage.picture())).code == "file_unlike_kind"
    assert drop_materials.one(stage.planner(), DropMaterial(copy, "不做了")).changed
    assert add_version.one(stage.designer(), AddVersion(copy, text="文字")).code == "material_dropped"
    assert add_version.one(stage.designer(shops=[make.make_shop()]), AddVersion(poster, text="x")).code == "not_found"
    assert MaterialVersion.objects.count() == 0


def test_a_late_check_of_a_version_replaced_changes_nothing() -> None:
    one = stage.campaign(make.make_shop())
    material_id = stage.approved(one)
    outcome = record_material_checks.one(SYSTEM, RecordMaterialChecks(material_id, 1, {}))
    assert outcome.code == "unchanged"
    assert stage.state_of(material_id) == "approved"


def test_another_person_approves_and_advice_needs_a_reason() -> None:
    one = stage.campaign(make.make_shop())
    material_id = stage.briefed(one)
    both = make.actor_with(*stage.planner().permissions, *stage.designer().permissions)
    assert approve_materials.one(both, ApproveMaterial(material_id)).code == "material_not_in_review"
    add_version.one(both, AddVersion(material_id, text="原价299，好穿不贵"))
    assert approve_materials.one(both, ApproveMaterial(material_id)).code == "own_material"
    assert approve_materials.one(stage.planner(), ApproveMaterial(material_id)).code == "advice_needs_reason"
    done = approve_materials.one(stage.planner(), ApproveMaterial(material_id, "有成交记录"))
    assert (done.code, done.facts) == ("done", {"number": 1})
    assert approve_materials.one(stage.planner(), ApproveMaterial(material_id)).code == "unchanged"
    assert Material.objects.get().approved == 1
    assert stage.ended("material_review") == [("done", False)]
    with pytest.raises(NotAllowed):
        approve_materials(stage.designer(), [ApproveMaterial(material_id)])


def test_a_returned_version_is_due_again_with_time_to_change_it(monkeypatch: pytest.MonkeyPatch) -> None:
    one = stage.campaign(make.make_shop())
    material_id = stage.briefed(one)
    add_version.one(stage.designer(), AddVersion(material_id, text="夏日清凉"))
    later = NOON + timedelta(days=4)
    stage.at(monkeypatch, later)
    assert return_materials.one(stage.planner(), ReturnMaterial(material_id, " ")).code == "reason_needed"
    assert return_materials.one(stage.planner(), ReturnMaterial(material_id, "标题太平")).changed
    assert return_materials.one(stage.planner(), ReturnMaterial(material_id, "标题太平")).code == "unchanged"
    assert stage.due("material") == [(material_id, later + timedelta(hours=24))]
    assert stage.ended("material_review") == [("done", True)]
    assert MaterialVersion.objects.get().decision_reason == "标题太平"


def test_a_material_not_delivered_in_time_is_late(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.briefed(stage.campaign(make.make_shop()))
    stage.at(monkeypatch, NOON + timedelta(days=2))
    assert sweep() == 1
    assert Deadline.objects.get(kind="material").late_at


def test_only_an_approved_version_is_used_and_each_place_is_noted_once() -> None:
    one = stage.campaign(make.make_shop())
    item = UseMaterial(stage.briefed(one, title="未过"), "站内", "首页焦点图")
    assert use_materials.one(stage.planner(), item).code == "material_not_approved"
    item = replace(item, material_id=stage.approved(one))
    assert use_materials.one(stage.planner(), replace(item, place=" ")).code == "place_needed"
    assert [o.code for o in use_materials(stage.planner(), [item, item])] == ["done", "unchanged"]
    assert use_materials.one(stage.planner(), item).code == "unchanged"
    assert MaterialUse.objects.get().number == 1


def test_dropping_ends_what_was_due() -> None:
    material_id = stage.briefed(stage.campaign(make.make_shop()))
    assert drop_materials.one(stage.planner(), DropMaterial(material_id, "")).code == "reason_needed"
    outcomes = drop_materials(stage.planner(), [DropMaterial(material_id, "不做了")] * 2)
    assert [o.code for o in outcomes] == ["done", "unchanged"]
    assert stage.ended("material") == [("cancelled", False)]


def test_brand_colours_are_colours() -> None:
    shop = make.make_shop()
    assert set_brands.one(stage.planner(), SetBrand(shop.pk, ("红色",))).code == "colour_unknown"
    many = tuple(f"#{n:06x}" for n in range(9))
    assert set_brands.one(stage.planner(), SetBrand(shop.pk, many)).code == "colours_too_many"
    item = SetBrand(shop.pk, ("#E1251B", "ffffff"))
    assert [o.code for o in set_brands(stage.planner(), [item, item])] == ["done", "unchanged"]
    assert set_brands.one(stage.planner(), item).code == "unchanged"
    assert Brand.objects.get().colours == ["#e1251b", "#ffffff"]


def test_many_versions_cost_as_many_statements_as_one() -> None:
    one = stage.campaign(make.make_shop())
    ids = [stage.briefed(one, title=f"文案{n}") for n in range(5)]
    counts = []
    for some in (ids[:1], ids[1:]):
        with CaptureQueriesContext(connection) as queries:
            outcomes = add_version(stage.designer(), [AddVersion(id_, text=f"夏日清凉 {id_}") for id_ in some])
        assert all(outcome.changed for outcome in outcomes)
        counts.append(len(queries))
    assert counts[0] == counts[1]
