import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("foundation", "0003_answers_with_their_effect"),
        ("sop", "0003_claimed_index"),
    ]

    operations = [
        migrations.CreateModel(
            name="FirstVisit",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("ended_at", models.DateTimeField()),
            ],
        ),
    ]
