"""Reading a mailbox (IMAP4rev1, RFC 3501): new mails, the mark that we have them, and waiting for more (RFC 2177).

No UID is remembered beyond a connection: what is new is what the server itself does not mark, so that neither a new
UIDVALIDITY nor a UID used again hides a mail.
"""

import imaplib
import re
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from imap_tools import BaseMailBox
from imap_tools.errors import ImapToolsError, UnexpectedCommandStatusError
from imap_tools.utils import check_command_status, encode_folder

from mainstay.kernel.practice import outbound

#: Seconds to wait for an answer of the server.
PATIENCE = 60.0
#: A larger mail stays where it is. Bytes.
LARGEST = 200 * 1024 * 1024
#: What marks a mail that we have and that stays in its folder: a keyword (RFC 3501, section 2.3.2).
MARK = "$MainstayTaken"
#: How many sizes are asked for at once.
ASKED_AT_ONCE = 500
#: How long a server is waited for in silence; routers forget connections on which nothing is said. Seconds.
LONGEST_SILENCE = 240.0
#: How often a server that does not tell of new mail is asked. Seconds.
POLLING = 30.0
#: How often somebody who waits looks whether they are to stop. Seconds.
GLANCE = 0.5

SIZE = re.compile(rb"UID (\d+) RFC822\.SIZE (\d+)|RFC822\.SIZE (\d+) UID (\d+)")


class Failure(Exception):
    """The mailbox cannot be read; the message says why, in the server's words where it said any."""


@dataclass(frozen=True)
class Place:
    """Where a mailbox is, and as whom it is entered: with a password, or with an access token (XOAUTH2)."""

    host: str
    port: int
    encryption: str
    user: str
    password: str = ""
    token: str = ""
    folder: str = "INBOX"
    done_folder: str = ""


class _Client(imaplib.IMAP4):
    """A connection that goes only to an address that may be called."""

    def __init__(self, place: Place) -> None:
        self.trust = ssl.create_default_context() if place.encryption == "tls" else None
        super().__init__(place.host, place.port, PATIENCE)

    def _create_socket(self, timeout: float) -> socket.socket:
        plain = outbound.connect(self.host, self.port, timeout)
        return self.trust.wrap_socket(plain, server_hostname=self.host) if self.trust else plain


class _MailBox(BaseMailBox):
    def __init__(self, place: Place) -> None:
        self.place = place
        super().__init__()

    def _get_mailbox_client(self) -> imaplib.IMAP4:
        client = _Client(self.place)
        if self.place.encryption == "starttls":
            client.starttls(ssl.create_default_context())
        return client


@contextmanager
def opened(place: Place) -> Iterator["Session"]:
    """Enter a mailbox. Raises Failure when that cannot be done, or when the connection breaks within the block."""
    box = None
    try:
        box = _MailBox(place)
        yield Session(box, place)
    except (imaplib.IMAP4.error, ImapToolsError, OSError, ValueError) as error:
        raise Failure(_words(error)) from error
    finally:
        if box is not None:
            with suppress(Exception):
                box.client.shutdown()


def _words(error: Exception) -> str:
    """Return what a server said, without the commands that a library quotes with it."""
    said = getattr(error, "command_result", None)
    if isinstance(said, tuple) and len(said) == 2:
        status, lines = said
        parts = lines if isinstance(lines, list) else [lines]
        written = " ".join(part.decode(errors="replace") for part in parts if isinstance(part, bytes))
        return f"{status} {written}".strip()
    return str(error) or type(error).__name__


class Session:
    """A mailbox that was entered, with its folder open."""

    def __init__(self, box: BaseMailBox, place: Place) -> None:
        self.box, self.done_folder = box, place.done_folder
        #: How many mails were left where they are in the last round.
        self.too_large = 0
        if place.token:
            box.xoauth2(place.user, place.token, initial_folder=None)
        elif place.user.isascii() and place.password.isascii():
            box.login(place.user, place.password, initial_folder=None)
        else:
            box.login_utf8(place.user, place.password, initial_folder=None)
        # The server may do more for whom it knows (RFC 3501, section 6.1.1).
        _ok, lines = box.client.capability()
        self.abilities = frozenset(b" ".join(line for line in lines if line).decode(errors="replace").upper().split())
        if self.done_folder and not box.folder.exists(self.done_folder):
            box.folder.create(self.done_folder)
        box.folder.set(place.folder)
        if not self.done_folder:
            self._require_marks()

    def _require_marks(self) -> None:
        """Refuse a folder that forgets marks: every mail would be new again each time."""
        _ok, lines = self.box.client.response("PERMANENTFLAGS")
        flags = b" ".join(line for line in lines if line).lower()
        if b"\\*" not in flags and MARK.lower().encode() not in flags:
            raise Failure(_("This server keeps no marks of ours: name a folder to which mails are moved."))

    def mails(self) -> Iterator[tuple[str, bytes]]:
        """Yield every mail that is not marked yet, the oldest first, with what `done` knows it by."""
        wanted = "UNDELETED" if self.done_folder else f"UNDELETED UNKEYWORD {MARK}"
        uids = self.box.uids(wanted, charset=None)
        self.too_large = 0
        for start in range(0, len(uids), ASKED_AT_ONCE):
            for uid in self._readable(uids[start : start + ASKED_AT_ONCE]):
                raw = self._raw(uid)
                if raw is not None:
                    yield uid, raw

    def _readable(self, uids: list[str]) -> list[str]:
        """Return those that are not too large to be held."""
        answer = self._uid("FETCH", ",".join(uids), "(UID RFC822.SIZE)")
        found = (SIZE.search(line) for line in answer if isinstance(line, bytes))
        sizes = {int(each[1] or each[4]): int(each[2] or each[3]) for each in found if each}
        readable = [uid for uid in uids if sizes.get(int(uid), 0) <= LARGEST]
        self.too_large += len(uids) - len(readable)
        return readable

    def _raw(self, uid: str) -> bytes | None:
        """Return a mail as it is, unread as it was; None when somebody took it away meanwhile."""
        answer = self._uid("FETCH", uid, "(BODY.PEEK[])")
        return next((bytes(part[1]) for part in answer if isinstance(part, tuple)), None)

    def done(self, uid: str) -> None:
        """Let the server know for good that we have a mail: it is moved, or marked."""
        if not self.done_folder:
            self._uid("STORE", uid, "+FLAGS.SILENT", f"({MARK})")
        elif "MOVE" in self.abilities:
            self._uid("MOVE", uid, encode_folder(self.done_folder))
        else:
            self._uid("COPY", uid, encode_folder(self.done_folder))
            self._uid("STORE", uid, "+FLAGS.SILENT", r"(\Deleted)")
            if "UIDPLUS" in self.abilities:  # without it EXPUNGE would also take what others deleted
                self._uid("EXPUNGE", uid)

    def _uid(self, command: str, *arguments: Any) -> list[Any]:
        result = self.box.client.uid(command, *arguments)
        check_command_status(result, UnexpectedCommandStatusError)
        return result[1] or []

    def wait(self, stop: Callable[[], bool]) -> None:
        """Return when there may be new mail, when it is time to look anyway, or when `stop` says so."""
        if "IDLE" not in self.abilities:
            _until(time.monotonic() + POLLING, stop)
            self.box.client.noop()
            return
        self.box.idle.start()
        until = time.monotonic() + LONGEST_SILENCE
        try:
            while (began := time.monotonic()) < until and not stop():
                lines = self.box.idle.poll(GLANCE)
                # Nothing, and at once: the connection has ended, which the next command says.
                if any(b"EXISTS" in line for line in lines) or (not lines and time.monotonic() - began < GLANCE / 2):
                    return
        finally:
            self.box.idle.stop()


def _until(moment: float, stop: Callable[[], bool]) -> None:
    while time.monotonic() < moment and not stop():
        time.sleep(GLANCE)
