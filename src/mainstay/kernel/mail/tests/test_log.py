import pytest

from mainstay.kernel.access.actions import create_token
from mainstay.kernel.access.actor import system
from mainstay.kernel.events.models import Event
from mainstay.kernel.mail import actions as mail
from mainstay.kernel.mail.models import Delivery
from mainstay.kernel.mail.tests.server import Keeper
from mainstay.kernel.notify.tests.jobs import run
from mainstay.kernel.people.models import Person
from mainstay.kernel.practice.errors import NotPossible
from mainstay.kernel.records.actions import comment
from mainstay.support.incidents import actions as incidents
from mainstay.support.incidents.models import Incident
from tests.world import World, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident(world: World) -> Incident:
    return incidents.create(by=world.as_requester(), title="Printer does not print")


def say(world: World, incident: Incident) -> Delivery:
    comment(incident, by=world.as_agent(), body="Hello")
    run("notify.deliver", "mail.send")
    return Delivery.objects.latest("pk")


def test_agents_see_to_whom_a_mail_went_and_what_the_server_said(
    world: World, incident: Incident, keeper: Keeper
) -> None:
    say(world, incident)
    keeper.answer = "550 no such user"
    say(world, incident)
    address = f"/incidents/{incident.number}/mails/"
    page = signed_in(world.agent).get(address).content.decode()
    for words in ("rita@acme.example", "Adam Agent wrote to you.", "550 no such user", "Failed", "Sent"):
        assert words in page
    for other in (world.requester, world.stranger):
        assert signed_in(other).get(address).status_code == 404


def test_a_mail_that_failed_goes_out_again_to_the_address_its_reader_has_now(
    world: World, incident: Incident, keeper: Keeper
) -> None:
    keeper.answer = "550 no such user"
    delivery = say(world, incident)
    keeper.answer = "250 OK"
    Person.objects.filter(pk=world.requester.pk).update(email="rita.new@acme.example")
    page = signed_in(world.agent)
    page.post(f"/incidents/{incident.number}/mails/{delivery.uuid}/resend/")
    run("mail.send")
    assert keeper.recipients == [["rita.new@acme.example"]]
    delivery.refresh_from_db()
    assert (delivery.state, delivery.error, delivery.address) == ("sent", "", "rita.new@acme.example")
    event = Event.objects.get(name="incident.mail_resent")
    assert (event.actor_id, event.public, event.record_id) == (world.agent.pk, False, incident.pk)


def test_a_mail_sent_again_is_a_mail_of_its_own_that_answers_still_find(
    world: World, incident: Incident, keeper: Keeper
) -> None:
    from mainstay.kernel.mail.engine.marks import record_of
    from mainstay.kernel.mail.queries import tag

    delivery = say(world, incident)
    mail.resend(delivery, by=world.as_agent())
    run("mail.send")
    first, second = (message["Message-ID"].strip("<>") for message in keeper.messages)
    assert first != second
    assert (record_of(first, tag), record_of(second, tag)) == (incident.pk, incident.pk)


def test_what_waits_or_would_go_nowhere_is_not_sent_again(world: World, incident: Incident, keeper: Keeper) -> None:
    comment(incident, by=world.as_agent(), body="Hello")
    run("notify.deliver")
    with pytest.raises(NotPossible):
        mail.resend(Delivery.objects.get(), by=world.as_agent())


def test_whoever_lost_the_right_to_know_gets_nothing_again(world: World, incident: Incident, keeper: Keeper) -> None:
    delivery = say(world, incident)
    incidents.edit(incident, by=world.as_agent(), version=incident.version, values={"access": "internal"})
    mail.resend(delivery, by=world.as_agent())
    run("mail.send")
    delivery.refresh_from_db()
    assert (delivery.state, len(keeper.raw)) == ("dropped", 1)


def test_programs_read_the_log_and_send_again_as_far_as_their_person_may(
    world: World, incident: Incident, keeper: Keeper
) -> None:
    delivery = say(world, incident)
    address = f"/api/v1/records/{incident.number}/mails"

    def ask(person: Person, method: str, address: str) -> tuple[int, dict[str, object]]:
        token = create_token(person, by=system("command"), name="test", scopes=None)[1]
        answer = signed_in(person).generic(method, address, headers={"Authorization": f"Bearer {token}"})
        return answer.status_code, answer.json()

    status, shown = ask(world.agent, "GET", address)
    (row,) = shown["items"]
    assert (status, row["state"], row["address"], row["event"]) == (
        200,
        "sent",
        "rita@acme.example",
        "incident.commented",
    )
    assert ask(world.requester, "GET", address)[0] == 403
    assert ask(world.stranger, "GET", address)[0] == 404
    again = f"{address}/{delivery.uuid}/actions/resend"
    assert ask(world.stranger, "POST", again)[0] == 404
    assert ask(world.requester, "POST", again)[0] == 403
    status, shown = ask(world.agent, "POST", again)
    assert (status, shown["state"], shown["resends"]) == (200, "waiting", 1)
