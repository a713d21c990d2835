"""Handing a mail to the configured server (SMTP, RFC 5321)."""

import smtplib
import socket
import ssl
from email.message import EmailMessage

from mainstay.kernel.mail.actions import Postponed, Refused
from mainstay.kernel.practice import outbound, settings

#: Seconds to wait for the server, at each step.
PATIENCE = 20
IMPLICIT_TLS = 465


def send(message: EmailMessage) -> None:
    """Send one mail. Raises Refused when the server never will take it, Postponed when it may another time."""
    try:
        with _connected() as server:
            server.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        code, words = next(iter(error.recipients.values()))
        raise _failure(code, words) from error
    except smtplib.SMTPResponseException as error:
        raise _failure(error.smtp_code, error.smtp_error) from error
    except (smtplib.SMTPException, OSError) as error:
        raise Postponed(str(error)) from error


def _failure(code: int, words: bytes | str) -> Refused | Postponed:
    """A code from 500 is final (RFC 5321, section 4.2.1), except that a wrong password can be mended: 530, 535."""
    text = f"{code} {words.decode(errors='replace') if isinstance(words, bytes) else words}"
    return Refused(text) if code >= 500 and code not in (530, 535) else Postponed(text)


class _Plain(smtplib.SMTP):
    """Goes only to addresses that may be called."""

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return outbound.connect(host, port, timeout)


class _Encrypted(smtplib.SMTP_SSL, _Plain):
    """The same with TLS from the start: the library wraps what the class above connects."""


def _connected() -> smtplib.SMTP:
    host, port, encrypted = (settings.value(f"mail.{name}") for name in ("host", "port", "encrypted"))
    trust = ssl.create_default_context()
    if encrypted and port == IMPLICIT_TLS:
        server: smtplib.SMTP = _Encrypted(host, port, timeout=PATIENCE, context=trust)
    else:
        server = _Plain(host, port, timeout=PATIENCE)
    try:
        if encrypted and port != IMPLICIT_TLS:
            server.starttls(context=trust)
        if user := settings.value("mail.user"):
            server.login(user, settings.value("mail.password"))
    except BaseException:
        server.close()
        raise
    return server
