from django.db import migrations

#: The table Django's database cache expects. Unlogged: counts of attempts may be lost with a crash.
CREATE = """
CREATE UNLOGGED TABLE accounts_attempts (
    cache_key varchar(255) NOT NULL PRIMARY KEY,
    value text NOT NULL,
    expires timestamp with time zone NOT NULL
);
CREATE INDEX accounts_attempts_expires ON accounts_attempts (expires);
"""


class Migration(migrations.Migration):
    dependencies = []
    operations = [migrations.RunSQL(CREATE, "DROP TABLE accounts_attempts")]
