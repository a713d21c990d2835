"""The sequence that numbers incidents."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("incidents", "0002_initial")]
    operations = [
        migrations.RunSQL("CREATE SEQUENCE record_number_incident", "DROP SEQUENCE record_number_incident")
    ]
