"""The sequence that numbers contacts."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("service_desk", "0001_initial")]
    operations = [migrations.RunSQL("CREATE SEQUENCE record_number_contact", "DROP SEQUENCE record_number_contact")]
