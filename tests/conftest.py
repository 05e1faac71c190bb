"""What every test may use: `db` (rolled back), `fresh_db` (a database of its own), a private var folder."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

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


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What needs a shop running beside it is run one after the other (tools/run_tests.py), not among the others."""
    # The longest proofs begin first, so that nobody waits for them at the end.
    items.sort(key=lambda item: "simulator" not in item.path.parts)
    for item in items:
        if item.get_closest_marker("browser") or "site" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.alone)
