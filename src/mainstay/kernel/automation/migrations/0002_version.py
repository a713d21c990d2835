"""A mark that changes, in the same transaction, with anything that rules are made of.

It is random for the same reason as the mark of rights: no two states ever share one.
"""

from django.db import migrations

TABLES = ("automation_rule", "automation_skill", "records_category", "records_attributedefinition")

CREATE = """
CREATE TABLE automation_version (version uuid NOT NULL);
INSERT INTO automation_version VALUES (gen_random_uuid());

CREATE FUNCTION automation_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE automation_version SET version = gen_random_uuid();
    RETURN NULL;
END
$$;
""" + "".join(
    f"""
CREATE TRIGGER automation_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION automation_changed();
"""
    for table in TABLES
)

DROP = "DROP FUNCTION automation_changed() CASCADE; DROP TABLE automation_version;"


class Migration(migrations.Migration):
    dependencies = [
        ("automation", "0001_initial"),
        ("records", "0002_owner"),
    ]
    operations = [migrations.RunSQL(CREATE, DROP)]
