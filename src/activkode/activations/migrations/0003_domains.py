"""Prices get ledger's types, whose checks cost less than a table's."""

from django.db import migrations, models

_TYPES = (
    "alter table activations_activation alter price_micros type micros_moved, alter promo_micros type micros"
)


class Migration(migrations.Migration):
    dependencies = [("activations", "0002_delay"), ("ledger", "0002_domains")]
    operations = [
        migrations.RemoveConstraint("activation", "activation_price"),
        migrations.RunSQL(_TYPES, migrations.RunSQL.noop),
        migrations.AddConstraint(
            "activation",
            models.CheckConstraint(
                condition=models.Q(("promo_micros__lte", models.F("price_micros"))),
                name="activation_promo_within_price",
            ),
        ),
    ]
