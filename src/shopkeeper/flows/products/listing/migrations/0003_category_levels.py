"""A category's parent is of the level above, held by the database; products there before can be searched."""

from typing import Any

from django.db import migrations

from shopkeeper.flows.products.listing.rules.searching import search_fields

ONE_LEVEL_UP = """
ALTER TABLE listing_category ADD CONSTRAINT category_parent_one_level_up
    FOREIGN KEY (parent_id, parent_level) REFERENCES listing_category (id, level)
"""
PIECE = 2_000


def make_searchable(apps: Any, schema_editor: Any) -> None:
    product, sku = apps.get_model("listing", "Product"), apps.get_model("listing", "Sku")
    _fill(product, lambda row: (row.title, row.code))
    _fill(sku, lambda row: (row.name, row.spec, row.code, row.barcode))


def _fill(model: Any, texts: Any) -> None:
    rows = list(model.objects.order_by("id"))
    for row in rows:
        row.search_text, row.search_grams = search_fields(*texts(row))
    model.objects.bulk_update(rows, ["search_text", "search_grams"], batch_size=PIECE)


class Migration(migrations.Migration):
    dependencies = [("listing", "0002_product_entry")]

    operations = [
        migrations.RunSQL(ONE_LEVEL_UP, "ALTER TABLE listing_category DROP CONSTRAINT category_parent_one_level_up"),
        migrations.RunPython(make_searchable, migrations.RunPython.noop),
    ]
