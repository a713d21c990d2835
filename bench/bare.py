"""The same data need, asked of PostgreSQL alone by pgbench: what the floor below us can do."""

import os
import re
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from mainstay.site.operations import instance, processes
from mainstay.site.operations.postgres import Cluster


@dataclass(frozen=True)
class Script:
    """Statements that fetch or write what one request needs, and no more."""

    name: str
    sql: str


SCRIPTS = {
    script.name: script
    for script in (
        Script(
            "create by API, durable",
            """\\set requester random(1, 50)
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
""",
        ),
        Script(
            "queue page, 50 rows",
            """SELECT r.number, r.title, r.state, r.priority, r.updated, t.name, p.name
FROM records_record r LEFT JOIN people_team t ON t.id = r.team_id LEFT JOIN people_person p ON p.id = r.assignee_id
WHERE r.kind = 'incident' ORDER BY r.updated DESC, r.id DESC LIMIT 50;
""",
        ),
        Script(
            "record page, 20 entries",
            """\\set id random(:lowest, :highest)
SELECT * FROM records_record r JOIN incidents_incident i ON i.record_ptr_id = r.id WHERE r.id = :id;
SELECT * FROM events_event WHERE record_id = :id ORDER BY occurred, id LIMIT 100;
SELECT * FROM records_comment WHERE record_id = :id;
""",
        ),
        Script(
            "API list of 50",
            """SELECT r.number, r.title, r.state, r.priority, r.opened, r.updated, t.slug, p.email
FROM records_record r LEFT JOIN people_team t ON t.id = r.team_id LEFT JOIN people_person p ON p.id = r.requester_id
WHERE r.kind = 'incident' ORDER BY r.updated DESC, r.id DESC LIMIT 50;
""",
        ),
        Script(
            "search for a rare word",
            """SELECT r.number, r.title, r.state, r.priority, r.updated, ts_headline('english', d.body, q.words)
FROM websearch_to_tsquery('simple', 'quuxzorptic') AS q (words), search_searchdocument d
JOIN records_record r ON r.id = d.record_id WHERE d.words @@ q.words LIMIT 20;
""",
        ),
    )
}


def per_second(cluster: Cluster, script: Script, *, connections: int, seconds: int) -> float:
    """Run a script with pgbench over prepared statements; return its transactions per second."""
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(script.sql)
        file.flush()
        Path(file.name).chmod(0o644)
        printed = subprocess.run(
            [
                cluster.binaries.program("pgbench"),
                *("--no-vacuum", "--protocol=prepared", f"--client={connections}", "--jobs=2", f"--time={seconds}"),
                *_variables(cluster),
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


def _variables(cluster: Cluster) -> tuple[str, str]:
    with cluster.connect(instance.database("owner")["NAME"]) as connection:
        lowest, highest = connection.execute("SELECT min(id), max(id) FROM records_record").fetchone() or (1, 1)
    return f"--define=lowest={lowest}", f"--define=highest={highest}"
