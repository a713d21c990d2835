"""Reading one mailbox by IMAP for as long as it is wanted; whatever happens to it concerns no other."""

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from django.db import Error as DatabaseError
from django.utils.translation import gettext as _

from mainstay.kernel.mail import actions, queries
from mainstay.kernel.mail.gateways import imap, oauth
from mainstay.kernel.mail.intake.connections import with_connection
from mainstay.kernel.mail.models import Mailbox, SignIn

logger = logging.getLogger(__name__)

#: Seconds before a mailbox that failed is tried again; each failure in a row doubles them, up to the second figure.
FIRST_PAUSE, LONGEST_PAUSE = 5.0, 600.0
#: A token is renewed so many seconds before it ends.
AHEAD = 60


class Reader:
    """A thread that reads one mailbox as it is described now; who changes the description starts another one."""

    def __init__(self, mailbox: Mailbox) -> None:
        self.mailbox = mailbox
        self.stop = threading.Event()
        self.token, self.token_ends = "", 0.0
        self.thread = threading.Thread(target=self.run, name=f"mailbox {mailbox.slug}", daemon=True)

    def run(self) -> None:
        """Read until told to stop; after a failure pause, longer each time, and enter anew."""
        failures = 0
        while not self.stop.is_set():
            began = time.monotonic()
            try:
                self._read()
            except Exception as error:
                # A connection that held for long is no failure in a row.
                failures = 1 if time.monotonic() - began > LONGEST_PAUSE else failures + 1
                self._tell(error)
                self.stop.wait(pause(failures))

    def _read(self) -> None:
        """Enter the mailbox and take in what is new, and then what comes, until told to stop."""
        self.mailbox = with_connection(queries.mailboxes_to_read().get, pk=self.mailbox.pk)  # its token may be new
        with imap.opened(self._place()) as session:
            while not self.stop.is_set():
                self._take_in_all(session)
                if not self.stop.is_set():
                    session.wait(self.stop.is_set)

    def _take_in_all(self, session: imap.Session) -> None:
        """Take in every new mail. One that cannot be kept stays for the next time and holds up no other."""
        failure: Exception | None = None
        for uid, raw in session.mails():
            if self.stop.is_set():
                return
            try:
                with_connection(actions.take_in, self.mailbox, raw)
            except Exception as error:
                failure = error
                if isinstance(error, DatabaseError):
                    break  # no other will fare better
                continue
            session.done(uid)
        if failure is not None:
            raise failure
        remark = _("%(number)d mails are too large and stay where they are.") % {"number": session.too_large}
        with_connection(actions.note_success, self.mailbox, remark if session.too_large else "")

    def _tell(self, error: Exception) -> None:
        """Write down why the mailbox cannot be read, where that is possible."""
        expected = isinstance(error, (imap.Failure, OSError))
        logger.error("mailbox %s cannot be read: %s", self.mailbox.slug, error, exc_info=None if expected else error)
        words = str(error) if expected else type(error).__name__
        try:
            with_connection(actions.note_failure, self.mailbox, words)
        except Exception:
            logger.warning("mailbox %s: that could not be written down", self.mailbox.slug)

    def _place(self) -> imap.Place:
        mailbox = self.mailbox
        secret, refresh_token = queries.secrets_of(mailbox)
        uses_token = mailbox.sign_in != SignIn.PASSWORD
        return imap.Place(
            host=mailbox.imap_host,
            port=mailbox.imap_port,
            encryption=mailbox.encryption,
            user=mailbox.user,
            password="" if uses_token else secret,
            token=self._token(secret, refresh_token) if uses_token else "",
            folder=mailbox.folder,
            done_folder=mailbox.done_folder,
        )

    def _token(self, secret: str, refresh_token: str) -> str:
        """Return an access token, a new one where the last ends soon."""
        if time.monotonic() < self.token_ends - AHEAD:
            return self.token
        mailbox = self.mailbox
        asked: dict[str, Any] = {"client": mailbox.client, "secret": secret, "scope": mailbox.scope}
        if mailbox.sign_in == SignIn.REFRESH:
            asked["refresh_token"] = refresh_token
        given = oauth.access(mailbox.token_endpoint, **asked)
        if given.refresh_token:
            with_connection(actions.keep_refresh_token, mailbox, given.refresh_token)
        self.token, self.token_ends = given.token, time.monotonic() + given.seconds
        return self.token


def pause(failures: int) -> float:
    """Return the seconds to wait after so many failures in a row."""
    return min(FIRST_PAUSE * 2.0 ** min(failures - 1, 20), LONGEST_PAUSE)


class Readers:
    """The mailboxes that are read now."""

    def __init__(self, read: Callable[[Mailbox], Reader] = Reader) -> None:
        self.running: dict[int, tuple[str, Reader]] = {}
        self.read = read

    def adapt(self) -> None:
        """Stop reading what is no longer wanted so, and begin what is missing. Waits for nobody."""
        wanted = {mailbox.pk: (queries.way_to(mailbox), mailbox) for mailbox in queries.mailboxes_to_read()}
        for pk, (way, reader) in [*self.running.items()]:
            if pk not in wanted or wanted[pk][0] != way:
                reader.stop.set()
                del self.running[pk]
        for pk, (way, mailbox) in wanted.items():
            if pk not in self.running:
                reader = self.read(mailbox)
                self.running[pk] = (way, reader)
                reader.thread.start()
                logger.info("reads mailbox %s", mailbox.slug)

    def end(self, seconds: float) -> None:
        """Let all of them finish the mail they are at, within so many seconds altogether."""
        readers = [reader for _way, reader in self.running.values()]
        deadline = time.monotonic() + seconds
        for reader in readers:
            reader.stop.set()
        for reader in readers:
            reader.thread.join(max(0.0, deadline - time.monotonic()))
        self.running.clear()
