"""The timers of quarantines leave the leases' index and become rows of their own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("supply", "0002_past_leases"),
    ]

    operations = [
        migrations.CreateModel(
            name="Rest",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "until",
                        "activation_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("until", models.DateTimeField()),
                ("activation_id", models.BigIntegerField()),
            ],
        ),
        migrations.RunSQL(
            "insert into supply_rest (until, activation_id) select blocked_until, activation_id from supply_lease"
            " where blocking and blocked_until < 'infinity'",
            "delete from supply_rest",
        ),
        migrations.RemoveIndex(model_name="lease", name="lease_quarantine"),
    ]
