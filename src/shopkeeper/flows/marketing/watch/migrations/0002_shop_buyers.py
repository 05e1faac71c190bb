from django.db import migrations, models

# Hours closed before are counted as they would have been.
COUNT = """
    UPDATE watch_hourreading AS r SET shop_buyers = (
        SELECT count(DISTINCT o.subject_id) FROM intake_order AS o
        WHERE o.shop_id = r.shop_id AND o.paid_at >= r.hour AND o.paid_at < r.hour + interval '1 hour'
          AND NOT o.is_history)
"""


class Migration(migrations.Migration):
    dependencies = [
        ("watch", "0001_initial"),
        ("intake", "0006_paid_orders"),
    ]

    operations = [
        migrations.AddField(
            model_name="hourreading",
            name="shop_buyers",
            field=models.IntegerField(default=0),
            preserve_default=False,
        ),
        migrations.RunSQL(COUNT, migrations.RunSQL.noop),
    ]
