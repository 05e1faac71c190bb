from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intake", "0004_leaner_indexes")]

    operations = [migrations.AddField("job", "stop_asked_at", models.DateTimeField(null=True))]
