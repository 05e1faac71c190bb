"""What every test may use: `db` (rolled back), `fresh_db` (a database of its own), a private var folder."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django.plugin import DjangoDbBlocker

from shopkeeper.shared.words import activate
from tests.databases import Databases, FreshDatabase, TestServer


@pytest.fixture(scope="session")
def databases(request: pytest.FixtureRequest) -> Iterator[Databases]:
    """This worker's own server: what another worker's open transaction hides from log readers stays hidden there."""
    worker = getattr(request.config, "workerinput", {}).get("workerid", "main")
    server = TestServer()
    yield Databases(server.base, worker)
    server.stop()


@pytest.fixture(scope="session")
def django_db_setup(databases: Databases, django_db_blocker: DjangoDbBlocker, private_var: Path) -> Iterator[None]:
    """Point Django at this worker's copy of the migrated template, connected as the app role."""
    with django_db_blocker.unblock():
        databases.make_template()
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


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What shares a running shop stays together on one worker: a test in between would take its database away."""
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        if item.get_closest_marker("browser") or "site" in fixtures:
            item.add_marker(pytest.mark.xdist_group(item.nodeid.split("::")[0]))
