"""D1.1: the same file is handed in by two people at the same moment."""

import pytest

from shopkeeper.flows.analytics.collection.commands.import_figures import StartFigureImport, start_figure_imports
from shopkeeper.flows.analytics.collection.models import FigureImport
from shopkeeper.foundation.actor import SYSTEM
from tests import factories as make
from tests.at_once import while_held
from tests.databases import FreshDatabase

pytestmark = pytest.mark.clause("D1.1")


def test_the_same_file_is_taken_in_once(fresh_db: FreshDatabase) -> None:
    item = StartFigureImport(make.make_shop().pk, "sycm_shop", "0" * 64)
    first, second = while_held(
        lambda: start_figure_imports.one(SYSTEM, item), lambda: start_figure_imports.one(SYSTEM, item)
    )
    assert (first.code, second.code, second.id) == ("done", "unchanged", first.id)
    assert FigureImport.objects.count() == 1
