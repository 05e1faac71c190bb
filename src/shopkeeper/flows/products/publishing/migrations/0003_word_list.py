"""The word list that comes with the house, as its version 1; the supervisor goes on from there."""

import csv
from datetime import UTC, datetime
from pathlib import Path

from django.db import migrations

from shopkeeper.flows.products.publishing.rules.word_list import folded_term

SEED = Path(__file__).parent.parent / "data" / "word_list.csv"


def seed(apps, schema_editor):
    """Terms of the file; made at the beginning of the installation's time."""
    versions, terms = apps.get_model("publishing", "WordVersion"), apps.get_model("publishing", "Term")
    with SEED.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    version = versions.objects.create(
        made_at=datetime(2026, 1, 1, tzinfo=UTC), made_by=0, reason="随系统提供的词库", added=len(rows), retired=0
    )
    terms.objects.bulk_create([terms(**row, folded=folded_term(row["text"]), added_in=version) for row in rows])


class Migration(migrations.Migration):
    dependencies = [("publishing", "0002_pushes")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
