import re
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.kernel.access.actions import give
from mainstay.kernel.access.actor import system
from mainstay.kernel.access.models import Role
from mainstay.kernel.mail import actions as mail
from mainstay.kernel.mail.engine.wording import BODY, NAMES, Block, blocks
from mainstay.kernel.mail.models import MailTemplate
from mainstay.kernel.mail.tests.server import Keeper
from mainstay.kernel.notify.tests.jobs import run
from mainstay.kernel.people.actions import create_person
from mainstay.kernel.people.models import Organisation, Person
from mainstay.kernel.practice.configuration import kinds, put
from mainstay.kernel.practice.errors import Invalid
from mainstay.kernel.practice.placeholders import fill, unknown
from mainstay.kernel.records.actions import comment
from mainstay.support.incidents import actions as incidents
from mainstay.support.incidents.models import Incident
from tests.world import World, signed_in

#: What template engines of the world would run.
PAYLOADS = (
    "{{7*7}}",
    "{% debug %}",
    "{0.__class__}",
    "{title.__class__.__mro__}",
    "{title!r:>9}",
    "${7*7}",
    "#{7*7}",
    "<%= 7*7 %>",
    "%(title)s",
    "{{ cycler.__init__.__globals__ }}",
)
ABOUT_COMMENTS = {"event": "incident.commented", "audience": "requester", "language": "en"}


@pytest.fixture
def incident(world: World) -> Incident:
    return incidents.create(by=world.as_requester(), title="Printer does not print")


def write(subject: str = "{title}", body: str = BODY, **about: str) -> None:
    values = {**ABOUT_COMMENTS, **about, "subject": subject, "body": body}
    put(kinds()["mail-templates"], mail.slug_of(values), values, by=system("command"))


def say(world: World, incident: Incident, body: str = "Hello") -> None:
    comment(incident, by=world.as_agent(), body=body)
    run("notify.deliver", "mail.send")


def plain(message: Any) -> str:
    return str(message.get_body(("plain",)).get_content()).replace("\r\n", "\n")


@given(
    st.dictionaries(st.sampled_from(("title", "number", "text")), st.text(alphabet="{}title", max_size=8), max_size=3),
    st.text(alphabet="{}title x", max_size=20),
)
def test_a_value_is_put_in_once_whatever_it_looks_like(values: dict[str, str], text: str) -> None:
    assert fill("{title}", {"title": "{number}", "number": "1"}) == "{number}"
    for name, value in values.items():
        assert fill(f"<{{{name}}}>", values) == f"<{value}>"
    if not unknown(text, ()):
        assert fill(text, values) == text


@given(st.sampled_from(PAYLOADS), st.text(max_size=20))
def test_nothing_but_a_name_in_braces_is_understood(payload: str, around: str) -> None:
    values = dict.fromkeys(NAMES, "x")
    assert fill(around.replace("{", "") + payload, values).endswith(payload)


def test_what_people_wrote_alone_in_a_paragraph_is_set_apart_and_empty_paragraphs_go() -> None:
    body = "Hello {reader},\n\n{files}\n \n{text}\n\nBye"
    found = blocks(body, {"reader": "Rita", "files": ""}, ["One\n\nTwo", "{reader}"])
    assert found == [Block("Hello Rita,"), Block("One\n\nTwo", True), Block("{reader}", True), Block("Bye")]
    assert blocks("They say: {text}", {}, ["One", "Two"]) == [Block("They say: One\n\nTwo")]


@pytest.mark.django_db
def test_a_mail_says_what_an_administrator_wrote_for_its_event_audience_and_language(
    world: World, incident: Incident, keeper: Keeper
) -> None:
    write("News about {title}", "Dear {requester},\n\n{author} says in {number}, which is “{state}”:\n\n{text}")
    write(language="de", body="Hallo {reader}")
    write(event="incident.resolved", body="Never said here")
    say(world, incident, "The fuser is broken.")
    (message,) = keeper.messages
    assert message["Subject"] == f"[{incident.number}] News about Printer does not print"
    said = f"Dear Rita Requester,\n\nAdam Agent says in {incident.number}, which is “We have received it”:"
    assert plain(message).startswith(f"{said}\n\n> The fuser is broken.\n\n{incident.number}: Printer")
    Person.objects.filter(pk=world.requester.pk).update(language="de")
    say(world, incident)
    assert plain(keeper.messages[-1]).startswith("Hallo Rita Requester\n")


@pytest.mark.django_db
def test_a_text_that_is_retired_or_written_for_others_is_not_used(
    world: World, incident: Incident, keeper: Keeper
) -> None:
    write(body="For agents", audience="staff")
    write(body="Not any more")
    MailTemplate.objects.filter(audience="requester").update(retired="2026-01-01T00:00Z")
    say(world, incident)
    assert plain(keeper.messages[0]).startswith("Adam Agent wrote to you.")


@pytest.mark.django_db
@pytest.mark.parametrize("payload", PAYLOADS)
def test_payloads_of_template_engines_arrive_as_they_were_written(
    world: World, incident: Incident, keeper: Keeper, payload: str
) -> None:
    write("x " + payload, f"{payload}\n\n{{title}} {{text}}")
    Person.objects.filter(pk=world.requester.pk).update(name=payload)
    type(incident).objects.filter(pk=incident.pk).update(solution=payload)
    say(world, incident, payload)
    (message,) = keeper.messages
    assert message["Subject"] == f"[{incident.number}] x {payload}"
    assert plain(message).count(payload) == 2
    assert "49" not in message["Subject"].replace(incident.number, "")


@pytest.mark.django_db
def test_the_subject_of_a_text_adds_no_header_and_no_recipient(
    world: World, incident: Incident, keeper: Keeper
) -> None:
    write("{title}\nBcc: victim@evil.example\r\n\r\n=?utf-8?q?x=0d=0aBcc:_victim@evil.example?= {reader}")
    Person.objects.filter(pk=world.requester.pk).update(name="x\r\nBcc: victim@evil.example")
    say(world, incident)
    assert keeper.recipients == [["rita@acme.example"]]
    head = keeper.raw[0].partition(b"\r\n\r\n")[0].decode("ascii")
    assert not re.search(r"^bcc", head, re.IGNORECASE | re.MULTILINE)
    assert "<b>" not in head


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"subject": "{titel}"}, "subject"),
        ({"body": "{password} {text}"}, "body"),
        ({"event": "incident.assigned"}, "audience"),
        ({"event": "incident.edited"}, "event"),
        ({"language": "xx"}, "language"),
        ({"audience": "everybody"}, "audience"),
        ({"subject": ""}, "subject"),
    ],
)
def test_what_cannot_be_meant_is_refused_at_its_field(db: None, values: dict[str, str], field: str) -> None:
    whole = {**ABOUT_COMMENTS, "subject": "{title}", "body": BODY, **values}
    with pytest.raises(Invalid) as refused:
        put(kinds()["mail-templates"], mail.slug_of(whole), whole, by=system("command"))
    assert list(refused.value.errors) == [field]


@pytest.mark.django_db
def test_there_is_one_text_for_each_event_audience_and_language(db: None) -> None:
    write()
    values = {**ABOUT_COMMENTS, "subject": "x", "body": "y"}
    with pytest.raises(Invalid) as refused:
        put(kinds()["mail-templates"], "another", values, by=system("command"))
    assert "incident.commented.requester.en" in refused.value.errors["event"]


@pytest.fixture
def administrator(world: World) -> Person:
    """Somebody who administers everything and reads the cases of ACME as a requester's neighbour does not."""
    by = system("command")
    home = Organisation.objects.filter(parent=None).exclude(slug__in=("acme", "rival")).get()
    person = create_person(by=by, name="Ada Admin", email="ada@home.example", organisation=home)
    give(Role.objects.get(slug="administrator"), by=by, organisation=home, person=person)
    return person


@pytest.mark.django_db
def test_an_administrator_sees_a_text_with_a_case_they_may_see_and_no_more_of_it(
    world: World, incident: Incident, administrator: Person
) -> None:
    write("News: {title}", "Dear {reader}\n\n{text}")
    write(audience="staff", body="Note: {text}")
    comment(incident, by=world.as_agent(), body="Words for everybody")
    page = signed_in(administrator)
    address = "/administration/mail-templates/incident.commented.requester.en/preview/"
    answers = [page.get(address, {"number": number}) for number in (incident.number, "INC-999999")]
    assert [answer.status_code for answer in answers] == [422, 422]
    for answer in answers:
        assert b"There is no such case, or you may not see it." in answer.content
        assert b"Printer" not in answer.content

    give(Role.objects.get(slug="agent"), by=system("command"), organisation=world.organisation, person=administrator)
    seen = page.get(address, {"number": incident.number}).content.decode()
    assert f"[{incident.number}] News: Printer does not print" in seen
    assert "Dear Rita Requester" in seen
    assert "Words for everybody" in seen
    assert page.get("/administration/mail-templates/nothing/preview/").status_code == 404
    assert signed_in(world.agent).get(address).status_code == 404


@pytest.mark.django_db
def test_a_preview_holds_no_internal_word_for_somebody_who_reads_none(
    world: World, incident: Incident, administrator: Person
) -> None:
    write(audience="staff", body="Note: {text}")
    comment(incident, by=world.as_agent(), body="Quite secret", visibility="internal")
    requester = Role.objects.get(slug="organisation-manager")
    grant = give(requester, by=system("command"), organisation=world.organisation, person=administrator)
    address = "/administration/mail-templates/incident.commented.staff.en/preview/"
    answer = signed_in(administrator).get(address, {"number": incident.number})
    assert (answer.status_code, b"Quite secret" in answer.content) == (200, False), grant
    give(Role.objects.get(slug="agent"), by=system("command"), organisation=world.organisation, person=administrator)
    assert b"Quite secret" in signed_in(administrator).get(address, {"number": incident.number}).content


@pytest.mark.django_db
def test_mails_are_forgotten_after_their_days_but_those_that_wait(
    world: World, incident: Incident, keeper: Keeper
) -> None:
    say(world, incident)
    comment(incident, by=world.as_agent(), body="Later")
    run("notify.deliver")
    from mainstay.kernel.mail.models import Delivery

    for delivery in Delivery.objects.all():
        Delivery.objects.filter(pk=delivery.pk).update(created=delivery.created - timedelta(days=366))
    assert mail.sweep() == 1
    assert Delivery.objects.get().state == "waiting"
