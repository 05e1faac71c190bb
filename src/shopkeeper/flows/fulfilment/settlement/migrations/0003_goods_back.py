from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("settlement", "0002_entries")]

    operations = [
        migrations.AddField(
            model_name="settlement",
            name="are_goods_back",
            field=models.BooleanField(default=False),
        ),
    ]
