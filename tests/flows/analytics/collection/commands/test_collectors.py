"""A shop's collector: opened, closed, given another key; and imports begun, stopped, ended."""

import pytest

from shopkeeper.flows.analytics.collection.commands.import_figures import (
    NoteFigureImport,
    StartFigureImport,
    StopFigureImport,
    note_figure_imports,
    start_figure_imports,
    stop_figure_imports,
)
from shopkeeper.flows.analytics.collection.commands.open_collectors import (
    CloseCollector,
    OpenCollector,
    RenewCollectorKey,
    close_collectors,
    open_collectors,
    renew_collector_keys,
)
from shopkeeper.flows.analytics.collection.models import CollectorKey, FigureImport
from shopkeeper.flows.analytics.collection.queries.keys import open_keys
from shopkeeper.flows.analytics.collection.states import FigureImportState
from shopkeeper.foundation.actor import SYSTEM
from tests import factories as make
from tests.flows.analytics.collection import stage

pytestmark = [pytest.mark.django_db, pytest.mark.clause("D1.1")]


def test_a_collector_opens_once_and_takes_new_origins() -> None:
    shop, key = stage.shop_with_collector()
    assert open_collectors.one(SYSTEM, OpenCollector(shop.pk, (stage.ORIGIN,))).code == "unchanged"
    assert open_collectors.one(SYSTEM, OpenCollector(shop.pk, ("https://other.example:8443",))).changed
    found = CollectorKey.objects.get(shop=shop)
    assert (found.key, found.origins) == (key, "https://other.example:8443")
    known = open_keys()[key]
    assert known.allows("https://other.example:8443")
    assert known.allows("")
    assert not known.allows(stage.ORIGIN)
    wrong = open_collectors.one(SYSTEM, OpenCollector(shop.pk, ("https://a.example/path",)))
    assert (wrong.code, wrong.facts["origin"]) == ("page_origin_unreadable", "https://a.example/path")


def test_a_closed_collector_is_known_to_nobody_and_opens_again_with_its_key() -> None:
    shop, key = stage.shop_with_collector()
    assert close_collectors.one(SYSTEM, CloseCollector(shop.pk)).changed
    assert close_collectors.one(SYSTEM, CloseCollector(shop.pk)).code == "unchanged"
    assert key not in open_keys()
    assert close_collectors.one(SYSTEM, CloseCollector(make.make_shop().pk)).code == "collector_not_open"
    assert renew_collector_keys.one(SYSTEM, RenewCollectorKey(shop.pk, 1)).code == "collector_not_open"
    assert open_collectors.one(SYSTEM, OpenCollector(shop.pk, (stage.ORIGIN,))).changed
    assert key in open_keys()


def test_two_who_renew_a_key_at_once_do_it_once() -> None:
    shop, key = stage.shop_with_collector()
    assert renew_collector_keys.one(SYSTEM, RenewCollectorKey(shop.pk, 1)).changed
    assert renew_collector_keys.one(SYSTEM, RenewCollectorKey(shop.pk, 1)).code == "key_renewed_meanwhile"
    assert CollectorKey.objects.get(shop=shop).key != key


def started() -> int:
    item = StartFigureImport(make.make_shop().pk, "sycm_shop", "a" * 64, "表.csv")
    outcome = start_figure_imports.one(SYSTEM, item)
    assert outcome.changed
    assert start_figure_imports.one(SYSTEM, item).code == "unchanged"
    return outcome.id or 0


def test_an_import_that_waits_is_stopped_at_once() -> None:
    import_id = started()
    assert stop_figure_imports.one(SYSTEM, StopFigureImport(import_id)).changed
    assert stop_figure_imports.one(SYSTEM, StopFigureImport(import_id)).code == "unchanged"
    assert FigureImport.objects.get().state == "stopped"
    assert note_figure_imports.one(SYSTEM, NoteFigureImport(import_id, 1)).code == "figure_import_ended"


def test_an_import_that_runs_is_told_to_stop_and_one_that_ended_cannot_be() -> None:
    import_id = started()
    assert note_figure_imports.one(SYSTEM, NoteFigureImport(import_id, 1, 10)).facts == {"stop": False}
    assert stop_figure_imports.one(SYSTEM, StopFigureImport(import_id)).changed
    assert note_figure_imports.one(SYSTEM, NoteFigureImport(import_id, 2)).facts == {"stop": True}
    note_figure_imports.one(SYSTEM, NoteFigureImport(import_id, 10, 0, FigureImportState.DONE, {"rows": 10}))
    assert FigureImport.objects.get().result == {"rows": 10}
    other = started()
    note_figure_imports.one(SYSTEM, NoteFigureImport(other, 1, 1))
    note_figure_imports.one(SYSTEM, NoteFigureImport(other, 1, 1, FigureImportState.DONE))
    assert stop_figure_imports.one(SYSTEM, StopFigureImport(other)).code == "figure_import_ended"


def test_a_profile_nobody_knows_is_refused() -> None:
    item = StartFigureImport(make.make_shop().pk, "excel", "a" * 64)
    assert start_figure_imports.one(SYSTEM, item).code == "profile_unknown"
