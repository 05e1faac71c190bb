from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("stock", "0004_restocking"),
    ]

    operations = [
        migrations.AddField(model_name="reminder", name="ordered_at", field=models.DateTimeField(null=True)),
        migrations.AddField(model_name="reminder", name="ordered_by", field=models.BigIntegerField(null=True)),
        migrations.AddField(model_name="reminder", name="ordered_quantity", field=models.IntegerField(null=True)),
        migrations.AddField(model_name="reminder", name="expected_on", field=models.DateField(null=True)),
        migrations.AddField(
            model_name="reminder",
            name="order_note",
            field=models.CharField(blank=True, db_default="", max_length=300),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.CheckConstraint(
                condition=models.Q(ordered_at__isnull=True)
                | models.Q(ordered_quantity__gt=0, expected_on__isnull=False),
                name="reminder_ordered_pieces_and_day",
            ),
        ),
    ]
