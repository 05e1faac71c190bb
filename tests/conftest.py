"""What every test may use: `db` (rolled back), `fresh_db` (a database of its own), a private var folder."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from pytest_django.plugin import DjangoDbBlocker

from shopkeeper.shared.words import activate
from tests.databases import Databases, FreshDatabase, TestServer, migrated_cluster


@pytest.fixture(scope="session")
def databases(request: pytest.FixtureRequest) -> Iterator[Databases]:
    """This worker's own server: what another worker's open transaction hides from log readers stays hidden there."""
    worker = getattr(request.config, "workerinput", {}).get("workerid", "main")
    server = TestServer(migrated_cluster())
    yield Databases(server.base, worker)
    server.stop()


@pytest.fixture(scope="session")
def django_db_setup(databases: Databases, django_db_blocker: DjangoDbBlocker, private_var: Path) -> Iterator[None]:
    """Point Django at this worker's copy of the migrated template, connected as the app role."""
    with django_db_blocker.unblock():
        own = f"test_{databases.worker}"
        databases.create(own)
        databases.point_django_at(own)
    yield
    with django_db_blocker.unblock():
        databases.point_django_at(own)
        databases.drop(own)


@pytest.fixture
def fresh_db(
    request: pytest.FixtureRequest,
    databases: Databases,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[FreshDatabase]:
    """A database of the test's own: for threads, commits and subprocesses. Dropped afterwards."""
    if {"db", "transactional_db"} & set(request.fixturenames) or request.node.get_closest_marker("django_db"):
        pytest.fail("fresh_db brings its own database: do not use it together with db", pytrace=False)
    with django_db_blocker.unblock(), databases.fresh() as fresh:
        yield fresh


@pytest.fixture(autouse=True)
def chinese() -> None:
    """Every test begins in the house's first language, whatever the one before spoke."""
    activate("zh")


@pytest.fixture(scope="session", autouse=True)
def private_var() -> Iterator[Path]:
    """Keys, files and logs of the tests go to a folder that ends with them."""
    from django.conf import settings

    with tempfile.TemporaryDirectory(prefix="sk-var-") as folder:
        var = Path(folder)
        before = os.environ.get("SHOPKEEPER_VAR")
        os.environ["SHOPKEEPER_VAR"] = folder
        settings.SHOPKEEPER_VAR = var
        settings.SHOPKEEPER_MASTER_KEY_FILE = var / "keys" / "master.key"
        yield var
        if before is None:
            del os.environ["SHOPKEEPER_VAR"]
        else:
            os.environ["SHOPKEEPER_VAR"] = before


@pytest.fixture(autouse=True)
def no_connection_of_before(request: pytest.FixtureRequest) -> Iterator[None]:
    """The browser's driver gives this thread a context, and so a connection, that outlives the shop before."""
    is_alone = request.node.get_closest_marker("alone") is not None
    if is_alone:
        connections.close_all()
    yield
    if is_alone:
        connections.close_all()


@pytest.fixture(scope="module")
def demo_shop(
    request: pytest.FixtureRequest,
    databases: Databases,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    """The address of a running demo shop with a manager in it, and what the module's `furnish` puts there."""
    from django.conf import settings

    from shopkeeper.config.hosting import hosted
    from shopkeeper.sop.roles import Role
    from tests.factories import make_person

    var = tmp_path_factory.mktemp("shop")
    before, settings.SHOPKEEPER_VAR = settings.SHOPKEEPER_VAR, var  # files that are furnished are the shop's
    try:
        with django_db_blocker.unblock(), databases.fresh() as fresh:
            make_person(Role.OPERATIONS_MANAGER)
            getattr(request.module, "furnish", lambda: None)()
            with hosted(fresh.url, var, {"SHOPKEEPER_DEMO": "1"}, worker=False) as running:
                yield running.address
                log = (var / "log" / "web.log").read_text()
            assert "Traceback" not in log, log[-4_000:]
    finally:
        settings.SHOPKEEPER_VAR = before


@pytest.fixture(scope="module")
def browser(demo_shop: str) -> Iterator[Any]:
    """A Chromium for the module's visits to the demo shop."""
    from tests.web.browser import chromium

    with chromium() as started:
        yield started


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What needs a shop running beside it is run apart (tools/run_tests.py), not among what reckons."""
    # The longest proofs begin first, so that nobody waits for them at the end.
    items.sort(key=lambda item: "simulator" not in item.path.parts)
    for item in items:
        if item.get_closest_marker("browser") or "site" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.alone)
