import subprocess
import sys

import psycopg
import pytest
from django.db import ProgrammingError, connection, transaction

from mainstay.site.operations import migration, testing


def one(statement: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


@pytest.mark.django_db
@pytest.mark.database
def test_tests_work_as_the_application_role_without_ddl():
    assert one("SELECT current_user") == "mainstay_application"
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        one("CREATE TABLE mine (id int)")


@pytest.mark.database
def test_a_fresh_database_is_another_one_and_its_transactions_are_real(fresh_database):
    assert one("SELECT current_database()") == fresh_database
    with transaction.atomic():
        assert one("SELECT pg_current_xact_id_if_assigned()") is None
    with testing.cluster().connect(fresh_database) as other:
        assert other.info.dbname == fresh_database


@pytest.mark.database
def test_the_cluster_accepts_no_login_without_a_password():
    cluster = testing.cluster()
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(f"host={cluster.socket} user=mainstay_owner dbname=postgres passfile=/dev/null")


@pytest.mark.django_db
@pytest.mark.database
def test_append_only_tables_take_inserts_and_refuse_changes():
    tables = migration.append_only_tables()
    assert "events_event" in tables
    for table in tables:
        rights = {
            right: one(f"SELECT has_table_privilege('{table}', '{right}')")
            for right in ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE")
        }
        assert rights == {"SELECT": True, "INSERT": True, "UPDATE": False, "DELETE": False, "TRUNCATE": False}


@pytest.mark.django_db
@pytest.mark.database
def test_other_tables_take_changes_but_no_truncate():
    assert one("SELECT has_table_privilege('django_session', 'DELETE')") is True
    assert one("SELECT has_table_privilege('django_session', 'TRUNCATE')") is False


def test_a_run_of_the_tests_sees_nothing_of_a_real_instance(tmp_path):
    program = (
        "from mainstay.site.operations import testing, instance; import os;"
        "assert 'MAINSTAY_DATABASE_URL' not in os.environ; print(instance.home())"
    )
    environment = {"MAINSTAY_HOME": str(tmp_path / "real"), "MAINSTAY_DATABASE_URL": "postgresql://real"}
    said = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert "mainstay-test-home-" in said.stdout
    assert not (tmp_path / "real").exists()
