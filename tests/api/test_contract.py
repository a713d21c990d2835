"""Schemathesis tries every operation with good and bad data: no failure, no answer that is not described."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from mainstay.site.api import description
from tests.api.stage import Stage, set_up
from tests.sizes import size

PARTS = {
    "get_comment": ("comment", "comment"),
    "get_attachment": ("attachment", "attachment"),
    "get_link": ("link", "link"),
    "get_task": ("task", "open_task"),
    "complete_task": ("task", "open_task"),
    "reopen_task": ("task", "done_task"),
    "get_work": ("entry", "entry"),
    "resend_mail": ("mail", "mail"),
    "get_broadcast": ("broadcast", "broadcast"),
    "apply_macro": ("macro", "prepared"),
    "attach_checklist": ("checklist", "prepared"),
    "start_runbook": ("runbook", "prepared"),
    "get_run": ("run", "run"),
    "answer_runbook": ("run", "run"),
    "take_back_in_runbook": ("run", "run"),
    "get_announcement": ("announcement", "announcement"),
    "change_announcement": ("announcement", "announcement"),
    "cancel_announcement": ("announcement", "to_cancel"),
    "get_coverage": ("announcement", "announcement"),
    "get_scheduled_reply": ("reply", "reply"),
    "change_scheduled_reply": ("reply", "reply"),
    "get_replay": ("replay", "replay"),
    "get_document": ("document", "document"),
    "get_document_content": ("document", "document"),
}


def configuration(stage: Stage) -> str:
    """Return what schemathesis must know of the stage, as TOML."""
    lines = [
        f'hooks = "{Path(__file__).with_name("contract_hooks.py")}"',
        "[checks]",
        # A well-formed reference may lead nowhere (422), a version may be old (412).
        'positive_data_acceptance.expected-statuses = ["2xx", "403", "404", "409", "412", "422"]',
        'negative_data_rejection.expected-statuses = ["400", "401", "403", "404", "412", "415", "422", "428"]',
        'missing_required_header.expected-statuses = ["401", "422", "428"]',
        "[parameters]",
        f'"path.number" = "{stage.number}"',
        '"path.report" = "volume"',
        '"path.kind" = "incident"',
        '"header.If-Match" = "*"',
    ]
    for name, values in {
        "links": stage.links_to_remove,
        "merged": stage.merged,
        "splits": stage.splits,
        "replies": stage.replies,
        "absences": stage.absences,
    }.items():
        lines += [f"[dictionaries.{name}]", f"values = {values!r}"]
    lines += [
        "[[operations]]",
        'include-operation-id = "remove_link"',
        "[operations.parameters]",
        '"path.link" = { dictionary = "links" }',
    ]
    lines += ["[[operations]]", 'include-operation-id = "unmerge"', "[operations.parameters]"]
    lines += ['"path.merged" = { dictionary = "merged" }']
    lines += ["[[operations]]", 'include-operation-id = "unsplit"', "[operations.parameters]"]
    lines += ['"path.made" = { dictionary = "splits" }']
    lines += ["[[operations]]", 'include-operation-id = "take_back_reply"', "[operations.parameters]"]
    lines += ['"path.reply" = { dictionary = "replies" }']
    lines += ["[[operations]]", 'include-operation-id = "end_leave"', "[operations.parameters]"]
    lines += ['"path.absence" = { dictionary = "absences" }']
    for operation, (parameter, name) in PARTS.items():
        lines += ["[[operations]]", f'include-operation-id = "{operation}"', "[operations.parameters]"]
        lines.append(f'"path.{parameter}" = "{getattr(stage, name)}"')
    return "\n".join(lines) + "\n"


def test_every_operation_answers_as_it_is_described(server: str, tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    stage = set_up(each=12)
    description()  # made once and kept, so that loading it does not wait
    (tmp_path / "schemathesis.toml").write_text(configuration(stage))
    run = subprocess.run(
        [
            str(Path(sys.executable).with_name("schemathesis")),
            *("--config-file", str(tmp_path / "schemathesis.toml"), "run", f"{server}/api/openapi.json"),
            *("--header", f"Authorization: Bearer {stage.token}", "--checks", "all"),
            # To link again what is linked answers with the same link, which another scenario may have removed by then.
            *("--exclude-checks", "ensure_resource_availability"),
            *("--max-examples", str(size("examples per API operation")), "--continue-on-failure"),
            *("--request-timeout", "60"),
            "--generation-deterministic",
        ],
        check=False,
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={
            **os.environ,
            "CONTRACT_TARGET": stage.other,
            "CONTRACT_NUMBER": stage.number,
            "CONTRACT_NUMBERS": json.dumps(stage.numbers),
            "CONTRACT_COMMENT": stage.comment,
            "CONTRACT_TO_MERGE": json.dumps(stage.to_merge),
        },
    )
    report = re.sub(r"\x1b\[[0-9;]*m", "", run.stdout)
    assert run.returncode == 0, report[-20_000:] + run.stderr[-2000:]
    assert "WARNINGS" not in report, report[-20_000:]
