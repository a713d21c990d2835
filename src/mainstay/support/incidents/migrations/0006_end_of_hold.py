"""Holds end by a look at them each minute; the jobs that waited for one each are no longer needed."""

from django.db import migrations, models

DROP_JOBS = "DELETE FROM procrastinate_jobs WHERE task_name = 'incidents.wake' AND status = 'todo'"


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0005_assignment_rules_and_call_back"),
        ("procrastinate", "__first__"),
    ]
    operations = [
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(
                condition=models.Q(("resume_at__isnull", False)),
                fields=["resume_at"],
                name="incidents_by_end_of_hold",
            ),
        ),
        migrations.RunSQL(DROP_JOBS, migrations.RunSQL.noop),
    ]
