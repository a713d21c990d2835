"""A mark that changes, in the same transaction, with anything that decides what somebody may do.

What was resolved from those tables can then be kept as long as the mark stays. It is random, so that no two states ever
share one: not after a rollback, not in another copy of the database.
"""

from django.db import migrations

TABLES = ("access_grant", "access_role", "people_membership", "people_team", "people_organisationdescent")

CREATE = """
CREATE TABLE access_rights (version uuid NOT NULL);
INSERT INTO access_rights VALUES (gen_random_uuid());

CREATE FUNCTION access_rights_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE access_rights SET version = gen_random_uuid();
    RETURN NULL;
END
$$;
""" + "".join(
    f"""
CREATE TRIGGER access_rights_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION access_rights_changed();
"""
    for table in TABLES
)

DROP = "DROP FUNCTION access_rights_changed() CASCADE; DROP TABLE access_rights;"


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0001_initial"),
        ("people", "0001_initial"),
    ]
    operations = [migrations.RunSQL(CREATE, DROP)]
