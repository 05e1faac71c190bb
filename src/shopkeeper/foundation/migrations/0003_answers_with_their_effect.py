"""A request's key is written with what the request does: there is no more state in between."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("foundation", "0002_append_only_logs")]

    operations = [
        # Answers kept so far have another shape; they would have been forgotten within the week.
        migrations.RunSQL("DELETE FROM foundation_idempotencykey", migrations.RunSQL.noop),
        migrations.RemoveField("idempotencykey", "status"),
        migrations.AlterField("idempotencykey", "answer", models.JSONField(null=True)),
    ]
