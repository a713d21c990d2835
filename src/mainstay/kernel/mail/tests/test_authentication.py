"""Whether a sender is who they say: what the site's mail server wrote down, and what becomes of such mail."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.kernel.access.actor import system
from mainstay.kernel.mail.engine import Authenticity, Letter, authenticity, read
from mainstay.kernel.mail.engine.authentication import findings
from mainstay.kernel.mail.models import Mailbox, ReceivedMail
from mainstay.kernel.mail.tests.test_receiving import case_of, come, keeper, written
from mainstay.kernel.practice.configuration import kinds, put
from mainstay.kernel.records.models import Comment, Link
from mainstay.support.service_desk import actions as contacts
from tests.world import World, signed_in

SERVER = "mx.acme.example"
PROVEN, UNPROVEN, FORGED, UNCHECKED = (Authenticity(each) for each in ("proven", "unproven", "forged", "unchecked"))

FOUND = (
    (("mx.acme.example; dmarc=pass header.from=acme.example",), PROVEN),
    (
        ("mx.acme.example 1; spf=pass smtp.mailfrom=x@acme.example; dmarc=fail (p=reject) header.from=acme.example",),
        FORGED,
    ),
    (("MX.acme.example; dkim=pass header.d=acme.example",), PROVEN),
    (("mx.acme.example; dkim=pass header.i=@mail.acme.example",), PROVEN),
    (("mx.acme.example; dkim=pass (2048-bit key; unprotected) header.d=evil.example",), UNPROVEN),
    (("mx.acme.example; dkim=pass header.d=example",), UNPROVEN),
    (("mx.acme.example; dkim=pass header.d=notacme.example",), UNPROVEN),
    (("mx.acme.example; spf=pass smtp.mailfrom=rita@acme.example",), PROVEN),
    (("mx.acme.example; spf=pass smtp.mailfrom=evil.example",), UNPROVEN),
    (("mx.acme.example; spf=fail smtp.mailfrom=rita@acme.example",), FORGED),
    (("mx.acme.example; spf=fail smtp.mailfrom=list.example; dkim=pass header.d=acme.example",), PROVEN),
    (("mx.acme.example; spf=softfail smtp.mailfrom=acme.example; dkim=fail header.d=acme.example",), UNPROVEN),
    (("mx.acme.example; none",), UNCHECKED),
    (("mx.acme.example; dkim=none; spf=none",), UNPROVEN),
    (("evil.example; dmarc=pass",), UNCHECKED),
    (("mx.acme.example.evil.example; dmarc=pass",), UNCHECKED),
    (("evil.example (mx.acme.example); dmarc=pass",), UNCHECKED),
    (('"mx.acme.example; dmarc=pass"; dmarc=fail',), UNCHECKED),
    (('mx.acme.example; spf=fail reason="x; dmarc=pass" smtp.mailfrom=acme.example',), FORGED),
    (("mx.acme.example; spf=fail (dmarc=pass (nested; dmarc=pass)) smtp.mailfrom=acme.example",), FORGED),
    (("mx.acme.example; dmarc=fail", "mx.acme.example; dmarc=pass"), FORGED),
    ((), UNCHECKED),
)


def letter(*fields: str, sender: str = "Rita <rita@acme.example>") -> Letter:
    head = "".join(f"Authentication-Results: {field}\n" for field in fields)
    return read(f"{head}From: {sender}\nSubject: The printer\n\nIt smokes.\n".encode())


@pytest.mark.parametrize(("fields", "known"), FOUND)
def test_a_sender_is_proven_or_forged_as_the_trusted_server_found(fields: tuple[str, ...], known: Authenticity) -> None:
    assert authenticity(letter(*fields), SERVER) is known


@given(st.text(alphabet='mx.acme.example;= ()"\\dkimspf=pass,\t', max_size=80))
def test_no_field_of_another_server_proves_anything(value: str) -> None:
    assert list(findings("evil.example " + value.replace(";", "", 1), SERVER)) == []
    list(findings(f"{SERVER}; {value}", SERVER))  # and nothing makes it raise


@pytest.mark.parametrize("piece", ["(", "(a", '"', '"\\', "(a)", "a=b ", ";"])
def test_a_field_made_to_be_slow_is_not_read(piece: str) -> None:
    assert list(findings(f"{SERVER}; " + piece * 1_000_000, SERVER)) == []


@pytest.fixture
def checked(world: World, settings: Any, tmp_path: Any) -> Mailbox:
    settings.MEDIA_ROOT = tmp_path / "files"
    values = {"name": "Desk", "address": "desk@acme.example", "organisation": "acme", "language": "en"}
    values |= {"role": "requester", "team": "desk", "authentication_server": SERVER}
    put(kinds()["mailboxes"], "desk", values, by=system("command"))
    return Mailbox.objects.get()


def says(result: str, text: str = "It smokes.", subject: str = "The printer") -> bytes:
    return written(text=text, subject=subject, Authentication_Results=f"{SERVER}; {result}")


@pytest.mark.django_db
def test_a_forged_or_unchecked_mail_is_set_aside_until_somebody_lets_it_in(checked: Mailbox, world: World) -> None:
    forged = come(checked, says("dmarc=fail", "Forged"))
    unchecked = come(checked, written(text="By another way"))
    assert [(mail.state, mail.reason) for mail in (forged, unchecked)] == [
        ("quarantined", "forged"),
        ("quarantined", "unchecked"),
    ]
    browser = signed_in(keeper())
    page = browser.get(f"/administration/mails/{forged.uuid}/").content.decode()
    assert "its sender is not who they say" in page
    browser.post(f"/administration/mails/{forged.uuid}/", {"decision": "release"})
    again = come(checked, says("dmarc=fail", "Forged"))
    assert case_of(again).requester == world.requester


@pytest.mark.django_db
def test_only_a_confirmed_sender_writes_on_a_case(checked: Mailbox, world: World) -> None:
    case = contacts.create(by=world.as_requester(), title="The printer", description="It smokes.")
    subject = f"Re: [{case.number}] The printer"
    doubtful = come(checked, says("spf=softfail smtp.mailfrom=acme.example", "I am Rita", subject))
    assert not Comment.objects.filter(record=case).exists()
    assert Link.objects.filter(source=case_of(doubtful)).exists()
    proven = come(checked, says("dmarc=pass", "I really am", subject))
    assert (proven.record_id, proven.comment and proven.comment.body) == (case.pk, "I really am")
    assert ReceivedMail.objects.filter(authenticity="unproven").get() == doubtful
    assert (
        "Sender not confirmed"
        in signed_in(world.agent).get(f"/records/{case_of(doubtful).number}", follow=True).content.decode()
    )


@pytest.mark.django_db
def test_fields_that_claim_to_be_ours_move_nothing(checked: Mailbox, world: World) -> None:
    case = contacts.create(by=world.as_agent(), title="Secret", requester=world.agent)
    fields = {"X-Mainstay-Record": case.number, "X-Mainstay-Person": "adam@acme.example", "X-Mainstay-Access": "public"}
    raw = b"".join(f"{name}: {value}\n".encode() for name, value in fields.items()) + says("dmarc=pass")
    mail = come(checked, raw)
    assert case_of(mail) != case
    assert case_of(mail).requester == world.requester
    assert not Link.objects.exists()
