"""Storage of hot tables: room on the page for updates, early vacuum, and the sequence of activation numbers."""

from django.db import migrations

_HOT = (
    "set (fillfactor = {fill}, autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.05)"
)
_TABLES = {
    "ledger_wallet": 50,
    "activations_activation": 80,
    "supply_lease": 80,
    "supply_free": 90,
    "intake_fate": 80,
}


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0001_initial"),
        ("ledger", "0001_initial"),
        ("activations", "0001_initial"),
        ("supply", "0001_initial"),
        ("intake", "0001_initial"),
        ("identity", "0001_initial"),
    ]
    operations = [
        migrations.RunSQL(
            "create sequence activations_number start 100001 cache 1", "drop sequence activations_number"
        ),
        *(
            migrations.RunSQL(f"alter table {table} {_HOT.format(fill=fill)}", migrations.RunSQL.noop)
            for table, fill in _TABLES.items()
        ),
    ]
