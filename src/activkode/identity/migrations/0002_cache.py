"""The table of Django's database cache: rate limits of sign-in and used one-time codes, shared by all processes."""

from django.db import migrations

_MAKE = """
create table identity_cache (
  cache_key varchar(255) primary key,
  value text not null,
  expires timestamptz not null
);
create index identity_cache_expires on identity_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("identity", "0001_initial")]

    operations = [migrations.RunSQL(_MAKE, "drop table identity_cache")]
