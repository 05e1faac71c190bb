"""M2.1: a material gets another version while somebody decides on it, or hands in the same."""

import pytest

from shopkeeper.flows.marketing.launch.commands.add_version import AddVersion, add_version
from shopkeeper.flows.marketing.launch.commands.decide_materials import ApproveMaterial, approve_materials
from shopkeeper.flows.marketing.launch.models import MaterialVersion
from shopkeeper.flows.marketing.launch.permissions import Permission
from tests import factories as make
from tests.at_once import while_held
from tests.databases import FreshDatabase
from tests.flows.marketing.launch import stage

pytestmark = pytest.mark.clause("M2.1")


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, stage.NOON)


def test_nobody_approves_their_own_version_though_it_came_a_moment_ago(fresh_db: FreshDatabase) -> None:
    both = make.actor_with(Permission.MATERIAL_MAKE, Permission.MATERIAL_APPROVE)
    material_id = stage.briefed(stage.campaign(make.make_shop()))
    assert add_version.one(stage.designer(), AddVersion(material_id, text="早鸟先得")).changed
    added, decided = while_held(
        lambda: add_version.one(both, AddVersion(material_id, text="我自己写的")),
        lambda: approve_materials.one(both, ApproveMaterial(material_id)),
    )
    assert (added.code, decided.code) == ("done", "own_material")


def test_the_same_words_at_once_are_one_version(fresh_db: FreshDatabase) -> None:
    material_id = stage.briefed(stage.campaign(make.make_shop()))
    item = AddVersion(material_id, text="早鸟先得")
    answers = while_held(
        lambda: add_version.one(stage.designer(), item), lambda: add_version.one(stage.designer(), item)
    )
    assert [answer.code for answer in answers] == ["done", "unchanged"]
    assert MaterialVersion.objects.count() == 1
