"""The index for an offer's quality holds only what was decided: renting writes one index less."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("activations", "0003_domains")]
    operations = [
        migrations.RemoveIndex(model_name="activation", name="activation_offer"),
        migrations.AddIndex(
            model_name="activation",
            index=models.Index(
                condition=models.Q(("state__in", ["requesting", "waiting"]), _negated=True),
                fields=["offer_id", "id"],
                name="activation_offer_decided",
            ),
        ),
    ]
