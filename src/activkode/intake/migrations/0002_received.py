"""Originals of the last minutes are found without reading all."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("intake", "0001_initial")]
    operations = [
        migrations.AddIndex("original", BrinIndex(fields=["received_at"], name="original_received"))
    ]
