"""Merging at work: fresh files become the files of their rows' days. Shared by the commands of D1.

Whoever reads sees the fresh files or the merged one, never both: the list changes with the commit.
"""

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from shopkeeper.flows.analytics.lake.commands.writing import Batch
from shopkeeper.flows.analytics.lake.records.engine import connect
from shopkeeper.flows.analytics.lake.records.files import HOME, schema_of
from shopkeeper.flows.analytics.lake.rules.tables import TABLES
from shopkeeper.flows.analytics.lake.sql import manifest as sql


def merge_fresh(batch: Batch) -> list[str]:
    """Merge every table's fresh files into its days, oldest day first; the files that are replaced by it."""
    replaced: list[str] = []
    listed = sql.VISIBLE.rows()
    for name in TABLES:
        own = [file for file in listed if file.table == name]
        if any(file.home is None for file in own):
            replaced += _merge_table(batch, name, own)
    return replaced


def _merge_table(batch: Batch, name: str, listed: Sequence[sql.FileRow]) -> list[str]:
    days = {file.home: file.name for file in listed if file.home is not None}
    replaced = [file.name for file in listed if file.home is None]
    with connect() as lake:
        rows = lake.table(name, with_set_aside=True, with_home=True)
        for home in lake.fresh_homes(name):
            content = lake.arrow(rows.filter(rows[HOME] == home))
            batch.merge(name, _sorted(name, content), home)
            if home in days:
                replaced.append(days[home])
    return replaced


def _sorted(name: str, content: pa.Table) -> pa.Table:
    """The rows in the order of their key: the same rows give the same file."""
    table = TABLES[name]
    keys = [("biz_date", "ascending"), *((column, "ascending") for column in table.key if column != "biz_date")]
    return content.select(schema_of(table).names).cast(schema_of(table)).take(pc.sort_indices(content, sort_keys=keys))
