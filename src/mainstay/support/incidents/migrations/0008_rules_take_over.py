"""Rows that gave incidents their team become rules, which can do the same and more."""

import json

from django.db import migrations


def take_over(apps, schema_editor):
    rule = apps.get_model("automation", "Rule")
    for row in apps.get_model("incidents", "AssignmentRule").objects.select_related("category", "organisation", "team"):
        asked = ['team == ""', "!assigned"]
        if row.category:
            asked.append(f"{json.dumps(row.category.slug)} in categories")
        if row.organisation:
            asked.append(f"{json.dumps(row.organisation.slug)} in organisations")
        if row.source:
            asked.append(f"source == {json.dumps(row.source)}")
        rule.objects.create(
            uuid=row.uuid,
            kind="incident",
            slug=row.slug,
            name=row.name,
            position=row.position,
            occasions=["category", "created"],
            condition=" && ".join(asked),
            does={"team": row.team.slug},
            retired=row.retired,
        )


class Migration(migrations.Migration):
    dependencies = [("incidents", "0007_sources"), ("automation", "0002_version")]
    operations = [migrations.RunPython(take_over, migrations.RunPython.noop)]
