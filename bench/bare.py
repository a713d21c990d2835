"""The same questions, asked of PostgreSQL alone by pgbench: what the floor below us can do.

What a request reads is what the product itself asks, captured while it answers once: the rows with the conditions under
which this person may see them, and the names they show. Who asks (session, token, rights) is left out. What a create
writes is written by hand, for the product's own statements cannot be repeated.
"""

import os
import re
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from bench.client import Request
from mainstay.site.operations import instance, processes
from mainstay.site.operations.postgres import Cluster

#: Tables that tell who asks, not what they ask for.
WHO = ("django_session", "access_", "accounts_", '"people_person"."id" = (', "SAVEPOINT")

CREATE = """\\set requester random(1, 50)
BEGIN;
INSERT INTO records_record (kind, number, title, state, state_category, access, priority, requester_id,
    organisation_id, opened, updated, attention, version, attributes)
SELECT 'incident', 'BARE-' || nextval('record_number_incident'), 'Bench', 'new', 'open', 'public', 5, id,
    organisation_id, now(), now(), '', 1, '{}' FROM people_person ORDER BY id OFFSET :requester LIMIT 1
RETURNING id \\gset
INSERT INTO incidents_incident (record_ptr_id, description, impact, urgency, priority_reason, source, solution,
    hand_overs, reopenings) VALUES (:id, 'Bench', 3, 3, '', 'api', '', 0, 0);
INSERT INTO events_event (uuid, name, record_id, subject, door, reason, changes, data, public, request_id, occurred)
    VALUES (gen_random_uuid(), 'incident.created', :id, '', 'api', '', '{}', '{}', true, '', now());
COMMIT;
"""


def script_for(request: Request) -> str:
    """Return what pgbench is to send for `request`."""
    return CREATE if request.method == "POST" else ";\n".join(_asked(request)) + ";\n"


def _asked(request: Request) -> list[str]:
    """Answer `request` in this process, and return the statements it took with their values in place.

    It is asked twice, for what the product remembers between requests it does not ask for the second time.
    """
    from django.db import connection
    from django.test import Client
    from psycopg import ClientCursor

    asked: list[str] = []

    def note(execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
        if not any(mark in sql for mark in WHO):
            asked.append(ClientCursor(connection.connection).mogrify(sql, parameters))
        return execute(sql, parameters, many, context)

    headers = {name: value for name, value in request.headers.items() if name != "Content-Type"}
    for _time in ("first", "second"):
        asked.clear()
        with connection.execute_wrapper(note):
            response = Client().get(request.path, headers={"Host": "localhost", **headers})
    if response.status_code != request.status:
        raise RuntimeError(f"{request.name}: {response.status_code}")
    connection.close()
    return asked


def per_second(cluster: Cluster, script: str, *, connections: int, seconds: int) -> float:
    """Run a script with pgbench over prepared statements; return how often a second."""
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(script)
        file.flush()
        Path(file.name).chmod(0o644)
        printed = subprocess.run(
            [
                cluster.binaries.program("pgbench"),
                *("--no-vacuum", "--protocol=prepared", f"--client={connections}", "--jobs=2", f"--time={seconds}"),
                f"--file={file.name}",
                *_address(),
            ],
            check=True,
            capture_output=True,
            text=True,
            env={**os.environ, "PGPASSWORD": cluster.passwords["owner"]},
            **processes.credentials(cluster.account),
        ).stdout
    found = re.search(r"tps = ([0-9.]+)", printed)
    if found is None:
        raise RuntimeError(f"pgbench said nothing of its speed: {printed}")
    return float(found[1])


def _address() -> tuple[str, ...]:
    database = instance.database("owner")
    return ("-h", str(database["HOST"]), "-p", str(database["PORT"]), "-U", str(database["USER"]), database["NAME"])
