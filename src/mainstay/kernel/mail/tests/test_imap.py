"""Reading mailboxes by IMAP, on a real server: what is new, the mark that we have it, and what goes wrong."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from imap_tools import MailBox
from imap_tools.errors import MailboxLoginError

from mainstay.kernel.access.actions import give
from mainstay.kernel.access.actor import system
from mainstay.kernel.access.models import Role
from mainstay.kernel.events.models import Event
from mainstay.kernel.mail import actions, intake, queries
from mainstay.kernel.mail.gateways import imap
from mainstay.kernel.mail.intake import reader
from mainstay.kernel.mail.models import Mailbox, MailboxReading, ReceivedMail
from mainstay.kernel.mail.tests.dovecot import PASSWORD, TOKEN, Dovecot, dovecot, token_giver, wait_for
from mainstay.kernel.notify.tests.jobs import run
from mainstay.kernel.people.models import Organisation, Person
from mainstay.kernel.practice.configuration import checked, kinds, put
from mainstay.kernel.practice.errors import Invalid
from mainstay.kernel.records.models import Record
from mainstay.site.configuration.files import text_of
from mainstay.site.operations.doctor import _mail as look_at_mail
from tests.world import World, signed_in

BY = system("command")


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with dovecot() as server:
        yield server


def mail(number: int, more: str = "") -> bytes:
    return (
        f"From: Nina <nina@home.example>\r\nSubject: Printer {number}\r\n"
        f"Message-ID: <{number}@home.example>\r\n{more}\r\nIt smokes, {number}.\r\n"
    ).encode()


def place(server: Dovecot, user: str, **other: Any) -> imap.Place:
    values = {"host": "127.0.0.1", "port": server.imap, "encryption": "none", "user": user, "password": PASSWORD}
    return imap.Place(**{**values, **other})


def read(where: imap.Place) -> list[bytes]:
    """Read what is new and mark it as ours."""
    found = []
    with imap.opened(where) as session:
        for uid, raw in session.mails():
            found.append(raw)
            session.done(uid)
    return found


# --- The gateway


@pytest.mark.parametrize("done_folder", ["", "Taken in/Übernommen"])
def test_each_mail_is_new_once_and_as_it_was(server: Dovecot, done_folder: str) -> None:
    user = f"once{len(done_folder)}"
    server.deliver(user, mail(1), mail(2))
    where = place(server, user, done_folder=done_folder.replace("/", "."))
    first, second = read(where)
    assert first.endswith(mail(1))
    assert second.endswith(mail(2))
    server.deliver(user, mail(3))
    (third,) = read(where)
    assert third.endswith(mail(3))
    assert server.count(user) == (0 if done_folder else 3)


def test_a_mail_stays_unread_for_people_who_look_into_the_mailbox(server: Dovecot) -> None:
    server.deliver("unread", mail(1))
    read(place(server, "unread"))
    with server.box("unread") as box:
        (message,) = box.fetch(mark_seen=False)
    assert message.flags == (imap.MARK,)


def test_what_others_deleted_is_not_taken_and_not_expunged_by_us() -> None:
    """On a server that cannot move: copying and deleting must not take along what is not ours."""
    with dovecot(capability="IMAP4rev1 UIDPLUS IDLE") as old:
        old.deliver("desk", mail(1), mail(2))
        with old.box("desk") as box:
            box.client.uid("STORE", "1", "+FLAGS", r"(\Deleted)")
        (raw,) = read(place(old, "desk", done_folder="Done"))
        assert raw.endswith(mail(2))
        assert (old.count("desk"), old.count("desk", "Done")) == (1, 1)
    with dovecot(capability="IMAP4rev1") as older:
        older.deliver("desk", mail(1))
        where = place(older, "desk", done_folder="Done")
        assert (len(read(where)), len(read(where)), older.count("desk", "Done")) == (1, 0, 1)


def test_neither_a_new_uidvalidity_nor_a_uid_used_again_hides_a_mail(server: Dovecot) -> None:
    def only(number: int) -> list[str]:
        with server.box("again") as box:
            if box.folder.exists("New"):
                box.folder.delete("New")
            box.folder.create("New")
            box.append(mail(number), "New")
            box.folder.set("New")
            return box.uids()

    where = place(server, "again", folder="New")
    assert (only(1), len(read(where))) == (["1"], 1)
    assert (only(2), [raw == mail(2) for raw in read(where)]) == (["1"], [True])


def test_a_mail_that_is_too_large_stays_and_is_counted(server: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    server.deliver("large", mail(1), mail(2, "X: " + "x" * 5000 + "\r\n"))
    monkeypatch.setattr(imap, "LARGEST", 5000)
    with imap.opened(place(server, "large")) as session:
        assert ([raw.endswith(mail(1)) for _, raw in session.mails()], session.too_large) == ([True], 1)


@pytest.mark.parametrize("encryption", ["tls", "starttls"])
def test_a_connection_is_encrypted_and_the_server_proven(
    server: Dovecot, encryption: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.deliver(encryption, mail(1))
    port = server.imaps if encryption == "tls" else server.imap
    where = place(server, encryption, host="localhost", port=port, encryption=encryption)
    with pytest.raises(imap.Failure, match="certificate"):
        read(where)
    monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))
    assert len(read(where)) == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"password": "wrong"}, "AUTHENTICATIONFAILED"),
        ({"folder": "Nowhere"}, "doesn't exist"),
        ({"encryption": "tls"}, "SSL"),
        ({"host": "no-such-host.invalid"}, "no address"),
    ],
)
def test_what_is_wrong_is_said_in_the_words_of_the_server_without_the_password(
    server: Dovecot, wrong: dict[str, str], said: str
) -> None:
    with pytest.raises(imap.Failure, match=said) as failure:
        read(place(server, "wrong", **wrong))
    assert PASSWORD not in str(failure.value)


def test_names_and_passwords_need_not_be_english(server: Dovecot) -> None:
    assert read(place(server, "größe")) == []
    with pytest.raises(imap.Failure, match="AUTHENTICATIONFAILED"):
        read(place(server, "größe", password="falsch, natürlich"))


def test_waiting_ends_when_a_mail_comes_and_when_it_is_to_stop(server: Dovecot) -> None:
    server.deliver("waits", mail(1))
    read(place(server, "waits"))
    with imap.opened(place(server, "waits")) as session:
        threading.Timer(0.2, server.deliver, ("waits", mail(2))).start()
        session.wait(lambda: False)
        assert len(list(session.mails())) == 1
        session.wait(lambda: True)


def test_a_server_that_tells_nothing_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imap, "POLLING", 0.1)
    with dovecot(capability="IMAP4rev1") as old, imap.opened(place(old, "desk")) as session:
        old.deliver("desk", mail(1))
        session.wait(lambda: False)
        assert len(list(session.mails())) == 1


def test_a_mailbox_is_entered_by_a_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with token_giver(tmp_path, "desk@acme.example") as giver, dovecot(tokens_at=giver.tokeninfo) as server:
        server.deliver("desk@acme.example", mail(1))
        where = place(server, "desk@acme.example", password="", token=TOKEN)
        assert len(read(where)) == 1
        with pytest.raises(imap.Failure):
            read(place(server, "desk@acme.example", password="", token="another"))


# --- The mailbox as a row


@pytest.fixture
def desk(world: World) -> Mailbox:
    return mailbox("desk", 993, organisation="acme")


def mailbox(name: str, port: int, **other: Any) -> Mailbox:
    values = {"name": name, "address": f"{name}@acme.example", "language": "en", "imap_host": "127.0.0.1"}
    values |= {"imap_port": port, "encryption": "none", "user": name, "secret": PASSWORD}
    if "organisation" not in other:
        values["organisation"] = Organisation.objects.get(parent=None).slug
    put(kinds()["mailboxes"], name, {**values, **other}, by=BY)
    return Mailbox.objects.get(slug=name)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change", [{"imap_host": "evil.example"}, {"imap_port": 994}, {"user": "x"}, {"encryption": "tls"}]
)
def test_a_secret_is_forgotten_when_it_would_be_sent_elsewhere(desk: Mailbox, change: dict[str, Any]) -> None:
    """D44."""
    put(kinds()["mailboxes"], "desk", {"name": "Another", "folder": "New"}, by=BY)
    desk.refresh_from_db()
    assert queries.secrets_of(desk) == (PASSWORD, "")
    put(kinds()["mailboxes"], "desk", change, by=BY)
    desk.refresh_from_db()
    assert queries.secrets_of(desk) == ("", "")


@pytest.mark.django_db
def test_a_token_endpoint_gets_the_secret_it_was_given_for_and_no_other(desk: Mailbox) -> None:
    values = {"sign_in": "refresh", "token_endpoint": "https://one.example/t", "client": "us", "encryption": "tls"}
    put(kinds()["mailboxes"], "desk", {**values, "secret": "s", "refresh_token": "r"}, by=BY)
    desk.refresh_from_db()
    assert queries.secrets_of(desk) == ("s", "r")
    put(kinds()["mailboxes"], "desk", {"token_endpoint": "https://two.example/t"}, by=BY)
    desk.refresh_from_db()
    assert queries.secrets_of(desk) == ("", "")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"user": ""}, "user"),
        ({"sign_in": "client", "encryption": "tls"}, "token_endpoint"),
        ({"sign_in": "client", "encryption": "tls", "token_endpoint": "http://x/", "client": "c"}, "token_endpoint"),
        ({"sign_in": "client", "token_endpoint": "https://x/", "client": "c"}, "encryption"),
        ({"done_folder": "INBOX"}, "done_folder"),
    ],
)
def test_a_mailbox_says_what_is_missing(desk: Mailbox, values: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        put(kinds()["mailboxes"], "desk", values, by=BY)
    assert field in refused.value.errors


@pytest.mark.django_db
def test_a_secret_is_seen_on_no_screen_in_no_file_and_in_no_trail(desk: Mailbox, world: World) -> None:
    keeper = Person.objects.create(name="Keeper", email="keeper@acme.example", organisation=world.organisation)
    for place_ in Organisation.objects.filter(parent=None):
        give(Role.objects.get(slug="administrator"), by=BY, organisation=place_, person=keeper)
    browser = signed_in(keeper)
    pages = [f"/administration/mailboxes/{rest}" for rest in ("", "desk/", "desk/history/")]
    written = "".join(browser.get(page).content.decode() for page in pages)
    assert 'type="password" name="secret"' in written
    trail = str([*Event.objects.filter(subject="mailbox:desk").values()])
    assert "secret" in trail
    for text in (PASSWORD, desk.secret):
        assert text not in written + trail + text_of(kinds()["mailboxes"]) + str(vars(desk.history.model))
    assert not {"secret", "refresh_token"} & {field.name for field in desk.history.model._meta.fields}
    with pytest.raises(Invalid):
        checked(kinds()["mailboxes"], {"secret": "x"}, complete=False, shape_only=True)


@pytest.mark.django_db
def test_what_keeps_a_mailbox_from_being_read_is_said_to_whoever_looks_after_it(desk: Mailbox, world: World) -> None:
    actions.note_failure(desk, "NO [AUTHENTICATIONFAILED]")
    since = MailboxReading.objects.get().failing
    actions.note_failure(desk, "NO again")
    assert MailboxReading.objects.get().failing == since
    keeper = Person.objects.create(name="Keeper", email="keeper@acme.example", organisation=world.organisation)
    for place_ in Organisation.objects.filter(parent=None):
        give(Role.objects.get(slug="administrator"), by=BY, organisation=place_, person=keeper)
    browser = signed_in(keeper)
    assert "It cannot be read: NO again" in browser.get("/administration/mailboxes/").content.decode()
    assert 'mainstay_mailbox_failing_seconds{mailbox="desk"}' in browser.get("/metrics").content.decode()
    actions.note_success(desk)
    assert "NO again" not in browser.get("/administration/mailboxes/").content.decode()


# --- The process


@pytest.fixture
def running(
    fresh_database: str, django_db_blocker: Any, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Any]:
    """An intake that can be started on a database whose transactions are real."""
    settings.MEDIA_ROOT = tmp_path / "files"
    monkeypatch.setattr(intake, "INTERVAL", 0.05)
    monkeypatch.setattr(reader, "FIRST_PAUSE", 0.1)

    @contextmanager
    def runs() -> Iterator[None]:
        stop = threading.Event()
        thread = threading.Thread(target=intake.Intake().run, args=(stop,))
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()

    with django_db_blocker.unblock():
        yield runs


def test_mails_of_several_mailboxes_come_in_once_each_and_a_broken_one_stops_nobody(
    server: Dovecot, running: Any
) -> None:
    broken = mailbox("broken", server.imap, secret="wrong")
    for name in ("one", "two"):
        mailbox(name, server.imap, done_folder="Taken")
        server.deliver(name, mail(1), mail(1, "X-Way: another\r\n"))
    with running():
        wait_for(lambda: ReceivedMail.objects.count() == 2 and server.count("two", "Taken") == 2)
        server.deliver("one", mail(2))
        wait_for(lambda: server.count("one", "Taken") == 3)
        wait_for(lambda: MailboxReading.objects.filter(mailbox=broken).exclude(error="").exists())
        put(kinds()["mailboxes"], "broken", {"secret": PASSWORD}, by=BY)
        server.deliver("broken", mail(3))
        wait_for(lambda: ReceivedMail.objects.filter(mailbox__slug="broken").exists())
        wait_for(lambda: MailboxReading.objects.get(mailbox=broken).failing is None)
    run("mail.handle")
    titles = Record.objects.order_by("title", "pk").values_list("title", flat=True)
    assert list(titles) == ["Printer 1", "Printer 1", "Printer 2", "Printer 3"]
    assert server.count("broken") == 1


def test_a_mail_that_cannot_be_kept_stays_and_holds_up_no_other(
    server: Dovecot, running: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailbox("keeps", server.imap, done_folder="Taken")
    server.deliver("keeps", mail(1), mail(2))
    keep = actions.take_in

    def take_in(box: Mailbox, raw: bytes) -> ReceivedMail:
        if b"Printer 1" in raw:
            raise OSError("the disk is full")
        return keep(box, raw)

    with monkeypatch.context() as failing:
        failing.setattr(actions, "take_in", take_in)
        with running():
            wait_for(lambda: MailboxReading.objects.filter(error="the disk is full").exists())
            wait_for(lambda: (server.count("keeps"), server.count("keeps", "Taken")) == (1, 1))
            failing.undo()
            wait_for(lambda: server.count("keeps", "Taken") == 2)
    assert ReceivedMail.objects.count() == 2


def test_the_doctor_and_the_supervisor_know_of_mailboxes(running: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = mailbox("desk", 993)
    monkeypatch.setattr("mainstay.site.operations.database.wants_intake", lambda: True)
    actions.note_failure(desk, "NO")
    words = [finding.words for finding in look_at_mail() if finding.level == "problem"]
    assert words == ["Mailbox desk has failed for 0 minutes: NO"]
    actions.note_success(desk, "2 mails are too large and stay where they are.")
    assert [finding.level for finding in look_at_mail()] == ["ok", "notice"]


def test_pauses_grow_and_end() -> None:
    pauses = [reader.pause(number) for number in range(1, 2000)]
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[1], pauses[-1]) == (5, 10, 600)


def test_the_password_of_the_fixture_is_one(server: Dovecot) -> None:
    """Else every test here would sign in with anything."""
    with pytest.raises(MailboxLoginError):
        MailBox("localhost", server.imaps, ssl_context=_trusting(server)).login("any", "thing")


def _trusting(server: Dovecot) -> Any:
    import ssl

    return ssl.create_default_context(cafile=str(server.certificate))


def test_a_token_is_used_until_it_ends_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    given = iter([reader.oauth.Access("first", 3600), reader.oauth.Access("second", 30)])
    monkeypatch.setattr(reader.oauth, "access", lambda *a, **b: next(given))
    one = reader.Reader(Mailbox(sign_in="client", slug="x"))
    assert [one._token("", ""), one._token("", "")] == ["first", "first"]
    one.token_ends = time.monotonic() + 10
    assert one._token("", "") == "second"
