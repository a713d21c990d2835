"""Configuration as files, through the command line that administrators type."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from mainstay.kernel.access.actions import give, save_role
from mainstay.kernel.access.actor import system
from mainstay.kernel.access.models import Role
from mainstay.kernel.events.models import Event
from mainstay.kernel.people.actions import create_organisation, create_team, save_organisation
from mainstay.kernel.people.models import Organisation
from mainstay.kernel.practice import settings
from mainstay.kernel.practice.configuration import kinds, put
from mainstay.kernel.records.labels import forget, state_label
from mainstay.kernel.records.models import AttributeDefinition, Category
from mainstay.site.configuration.commands import config
from mainstay.site.operations import testing
from mainstay.support.incidents.queries import priority_for

BY = system("command")


def run(*arguments: object, says: str | None = None) -> Result:
    return CliRunner().invoke(config, [str(argument) for argument in arguments], input=says)


def configure_everything() -> None:
    """Leave no kind of row as it was shipped."""
    parent = create_organisation(by=BY, slug="zeta", name="Zeta & Söhne", zone="Europe/Berlin")
    create_organisation(by=BY, slug="acme", name="Acme", parent=parent)
    desk = create_team(by=BY, slug="desk", name="Desk: “first line”", organisation=parent)
    give(Role.objects.get(slug="agent"), by=BY, organisation=parent, team=desk)
    save_role(by=BY, slug="reader", name="Reader", capabilities=["incident.read:own", "audit.read"])
    for kind, key, values in (
        ("categories", "a-child", {"name": "A child", "parent": "hardware-printer", "closes": False}),
        ("categories", "e-mail", {"retired": True}),
        (
            "custom-fields",
            "incident.floor",
            {"label": "Floor", "kind": "incident", "type": "choice", "choices": ["2", "1"], "category": "a-child"},
        ),
        ("state-labels", "incident.new", {"agents_en": "Fresh", "requesters_de": "Ist da: ja"}),
        ("hold-reasons", "weather", {"name": "Weather", "position": 9}),
        ("skills", "networks", {"name": "Networks", "categories": ["network", "a-child"]}),
        (
            "incident-rules",
            "to-the-desk",
            {"name": "To the desk", "condition": 'category == "a-child"', "team": "desk", "impact": "1"},
        ),
        ("contact-rules", "called", {"name": "Called", "call": "desk", "assignee": "least_loaded", "stops": True}),
        ("calendars", "works", {"name": "Works", "zone": "Europe/Berlin"}),
        (
            "calendar-versions",
            "works.2027",
            {
                "calendar": "works",
                "valid_from": "2027-01-01",
                "mon": "8:00-12:00 13:00-18:00",
                "country": "DE",
                "region": "BY",
                "days_off": ["12-24 Christmas Eve", "2027-05-07 Bridge: closed"],
                "imported": ["2027-08-02..2027-08-13 Works holiday"],
            },
        ),
        ("priority-matrix", "1x1", {"priority": 2}),
        ("settings", "incidents.close_after_days", {"value": 14}),
    ):
        assert put(kinds()[kind], key, values, by=BY)


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_an_export_applied_to_an_empty_instance_exports_the_same_bytes(
    tmp_path: Path, django_db_setup: None, django_db_blocker: Any
) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    with django_db_blocker.unblock(), testing.database_copy():
        configure_everything()
        assert run("export", first).exit_code == 0
    with django_db_blocker.unblock(), testing.database_copy():
        assert not Organisation.objects.filter(slug="zeta").exists()
        applied = run("apply", first, "--yes")
        assert applied.exit_code == 0, applied.output
        forget()
        assert (state_label("incident", "new"), priority_for(1, 1)) == ("Fresh", 2)
        assert settings.value("incidents.close_after_days") == 14
        run("export", second)
        assert run("diff", first).exit_code == 0
    forget()
    assert bytes_of(first) == bytes_of(second)
    assert set(bytes_of(first)) == {f"{name}.yaml" for name in kinds()}


@pytest.mark.django_db
def test_one_refused_row_leaves_everything_as_it_was_and_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "categories.yaml").write_text("mine:\n  name: Mine\nother-one:\n  name: Other\n  parent: nowhere\n")
    refused = run("apply", tmp_path, "--yes")
    assert refused.exit_code == 1
    assert f"{tmp_path}/categories.yaml:5: other-one.parent:" in refused.output
    assert not Category.objects.filter(slug="mine").exists()
    (tmp_path / "categories.yaml").write_text("mine:\n  name: Mine\nother-one:\n  name: Other\n  parent: mine\n")
    assert run("apply", tmp_path, "--yes").exit_code == 0
    assert Category.objects.get(slug="other-one").parent == Category.objects.get(slug="mine")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        (
            "roles.yaml",
            "agent:\n  name: Agent\n  is_superuser: true\n",
            "roles.yaml:3: agent.is_superuser: There is no",
        ),
        ("roles.yaml", "agent:\n  name: Agent\n  name: Root\n", "roles.yaml:3: name stands here twice"),
        ("roles.yaml", "agent:\n  retired: maybe\n", "roles.yaml:2: agent.retired: Say true or false."),
        ("roles.yaml", "agent: [\n", "roles.yaml:2: not valid YAML"),
        ("roles.yaml", "agent: 1\n", "roles.yaml:1: expected rows by key"),
        ("roles.yaml", "x: !!python/object/apply:os.system [date]\n", "roles.yaml:1: not valid YAML"),
        ("roles.yaml", "Agent X:\n  name: Agent\n", "roles.yaml:1: Agent X.key: Use small letters"),
        (
            "roles.yaml",
            "mine:\n  name: M\n  capabilities: [all.things]\n",
            "roles.yaml:3: mine.capabilities: Not to be",
        ),
        ("people.yaml", "me:\n  name: Me\n", "people.yaml:1: there is no such kind"),
        ("settings.yaml", "incidents.close_after_days:\n  value: 999\n", "settings.yaml:1: incidents.close_after"),
        (
            "settings.yaml",
            "unknown.setting:\n  value: 1\n",
            "settings.yaml:1: unknown.setting.key: There is no such row",
        ),
    ],
)
def test_what_a_file_says_wrongly_is_refused_with_file_line_and_advice(
    tmp_path: Path, name: str, text: str, said: str
) -> None:
    (tmp_path / name).write_text(text)
    result = run("apply", tmp_path, "--yes")
    assert result.exit_code == 1
    assert said in result.output


@pytest.mark.django_db
def test_the_plan_is_shown_first_and_nothing_happens_without_a_yes(tmp_path: Path) -> None:
    (tmp_path / "hold-reasons.yaml").write_text("caller:\n  name: Waiting for you\n")
    declined = run("apply", tmp_path, says="n\n")
    assert "~ hold-reasons/caller\n    name: Awaiting caller -> Waiting for you" in declined.output
    assert run("diff", tmp_path).exit_code == 1
    assert run("apply", tmp_path, says="y\n").exit_code == 0
    assert run("diff", tmp_path).exit_code == 0
    told = Event.objects.get(name="hold_reason.edited")
    assert (told.door, told.changes) == ("command", {"name": ["Awaiting caller", "Waiting for you"]})


@pytest.mark.django_db
def test_a_tree_can_be_turned_over_in_one_go_but_never_into_a_circle(tmp_path: Path) -> None:
    top = create_organisation(by=BY, slug="a-top", name="Top")
    save_organisation(by=BY, slug="below", name="Below", parent=top)
    (tmp_path / "organisations.yaml").write_text("a-top:\n  parent: below\nbelow:\n  parent: null\n")
    assert run("apply", tmp_path, "--yes").exit_code == 0
    assert Organisation.objects.get(slug="a-top").parent == Organisation.objects.get(slug="below")
    (tmp_path / "organisations.yaml").write_text("a-top:\n  parent: below\nbelow:\n  parent: a-top\n")
    refused = run("apply", tmp_path, "--yes")
    assert "nothing was changed" in refused.output
    assert Organisation.objects.get(slug="below").parent is None


@pytest.mark.django_db
def test_a_secret_setting_is_in_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = settings.Declaration("mail.password", str, "", "Password", secret=True)
    monkeypatch.setitem(settings.DECLARED, "mail.password", secret)
    settings.Setting.objects.create(key="mail.password", value="hunter2-hunter2")
    run("export", tmp_path)
    assert not any(b"hunter2" in text or b"mail.password" in text for text in bytes_of(tmp_path).values())
    assert "incidents.close_after_days" in yaml.safe_load((tmp_path / "settings.yaml").read_text())


@pytest.mark.django_db
def test_a_custom_field_keeps_its_type_for_ever() -> None:
    kind = kinds()["custom-fields"]
    put(kind, "incident.floor", {"label": "Floor", "kind": "incident", "type": "number"}, by=BY)
    with pytest.raises(Exception, match="Retire this field"):
        put(kind, "incident.floor", {"type": "text"}, by=BY)
    assert AttributeDefinition.objects.get().type == "number"
