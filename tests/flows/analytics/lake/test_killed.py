"""D1.1: a writer that is killed between its files' rename and the commit writes again, and each row is there once."""

import shutil
import signal
import subprocess
import sys
from collections import Counter

import pytest

from shopkeeper.flows.analytics.lake.commands.write_lake import WriteLake, write_lake
from shopkeeper.flows.analytics.lake.models import LakeFile
from shopkeeper.flows.analytics.lake.records.files import lake_folder
from shopkeeper.foundation.actor import SYSTEM
from tests import factories as make
from tests.databases import FreshDatabase
from tests.flows.analytics.lake import stage

KILLED = """
import os, signal
os.environ["DJANGO_SETTINGS_MODULE"] = "shopkeeper.config.settings"
import django
django.setup()
from shopkeeper.flows.analytics.lake.commands.write_lake import WriteLake, write_lake
from shopkeeper.flows.analytics.lake.commands.writing import Batch
from shopkeeper.foundation.actor import SYSTEM
Batch.list_files = lambda self, instead_of=(): os.kill(os.getpid(), signal.SIGKILL)
write_lake(SYSTEM, [WriteLake()])
"""


@pytest.mark.clause("D1.1")
def test_killed_between_rename_and_commit_nothing_is_lost_or_doubled(fresh_db: FreshDatabase) -> None:
    shutil.rmtree(lake_folder(), ignore_errors=True)
    shop = make.make_shop()
    orders = {stage.order(shop) for _ in range(3)}
    ended = subprocess.run([sys.executable, "-c", KILLED], env=fresh_db.env, timeout=60, check=False)
    assert ended.returncode == -signal.SIGKILL
    left = sorted(path.name for path in lake_folder().glob("orders/fresh/*"))
    assert left == ["000000000001-0000.parquet"]
    assert stage.rows("orders") == []
    assert not LakeFile.objects.exists()

    orders.add(stage.order(shop))
    assert write_lake.one(SYSTEM, WriteLake()).changed
    assert write_lake.one(SYSTEM, WriteLake()).changed is False

    assert Counter(row["order_id"] for row in stage.rows("orders")) == dict.fromkeys(orders, 1)
    positions = Counter(row["position"] for row in stage.rows("events"))
    assert set(positions.values()) == {1}
