"""A shop behind a real web server, one for a module that asks."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from shopkeeper.config.hosting import hosted
from shopkeeper.foundation import personal
from shopkeeper.sop.models import PolicyValue
from shopkeeper.sop.roles import Role
from tests import factories as make
from tests.databases import Databases, FreshDatabase
from tests.flows.service.conversations import stage
from tests.flows.service.conversations.site import Site


@pytest.fixture(scope="module")
def site(
    databases: Databases, django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """Two agents on duty round the clock, a supervisor, an open shop; web and worker run."""
    var = tmp_path_factory.mktemp("chat")
    with django_db_blocker.unblock(), databases.fresh() as fresh:
        yield from _site(fresh, var)


def _site(fresh: FreshDatabase, var: Path) -> Iterator[Site]:
    # The shop's own keys: what is sealed here is opened by the web server.
    key_file = settings.SHOPKEEPER_MASTER_KEY_FILE
    settings.SHOPKEEPER_MASTER_KEY_FILE = var / "keys" / "master.key"
    _forget_keys()
    try:
        shop = stage.open_shop(code="chat-shop", name="掌柜旗舰店")
        agents = [stage.agent(shop), stage.agent(shop)]
        supervisor = make.make_person(Role.OPERATIONS_SUPERVISOR)
        PolicyValue.objects.create(
            key="service_duty_hours", value="00:00,00:00", set_at=make.NOON, set_by=0, reason="全天"
        )
        PolicyValue.objects.create(key="customer_lines_per_minute", value=600, set_at=make.NOON, set_by=0, reason="试")
        with hosted(fresh.url, var, {"SHOPKEEPER_DEMO": "1", **_keys(var)}) as running:
            site = Site(running, shop, agents, supervisor)
            yield site
            site.close()
            log = (var / "log" / "web.log").read_text()
        assert "Traceback" not in log, log[-4_000:]
    finally:
        settings.SHOPKEEPER_MASTER_KEY_FILE = key_file
        _forget_keys()


def _keys(var: Path) -> dict[str, str]:
    """What web server and tests share: master key, and the key sessions and tokens are signed with."""
    return {
        "SHOPKEEPER_MASTER_KEY_FILE": str(var / "keys" / "master.key"),
        "SHOPKEEPER_SECRET_KEY": settings.SECRET_KEY,
    }


def _forget_keys() -> None:
    personal.master_key.cache_clear()
    personal._derived.cache_clear()
