"""A real mail server (Dovecot) of this machine: mail comes to it by LMTP and is read by IMAP.

Anybody may sign in with the password, or with the token by XOAUTH2; each test uses users of its own.
"""

import json
import os
import pwd
import shutil
import smtplib
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from ssl import PROTOCOL_TLS_SERVER, SSLContext
from typing import Any
from urllib.parse import parse_qs, urlsplit

from imap_tools import MailBoxUnencrypted

PROGRAM = "/usr/sbin/dovecot"
PASSWORD, TOKEN = "a-word-for-the-mailbox", "a-token-that-is-valid"

CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap lmtp
listen = 127.0.0.1
default_internal_user = {account}
default_internal_group = {group}
default_login_user = {account}
mail_uid = {account}
mail_gid = {group}
first_valid_uid = 1
mail_location = maildir:{folder}/mail/%u
mail_fsync = never
disable_plaintext_auth = no
auth_username_chars =
auth_mechanisms = plain login xoauth2
ssl = yes
ssl_cert = <{folder}/certificate.pem
ssl_key = <{folder}/key.pem
imap_capability = {capability}
passdb {{
  driver = static
  mechanisms = plain login
  args = password={password}
}}
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {folder}/oauth2.conf
}}
userdb {{
  driver = static
  args = uid={account} gid={group} home={folder}/mail/%u allow_all_users=yes
}}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    port = {lmtp}
  }}
}}
"""


@dataclass
class Dovecot:
    """The ports of the server that runs, and the file in which its certificate's authority stands."""

    folder: Path
    imap: int
    imaps: int
    lmtp: int
    certificate: Path

    def deliver(self, user: str, *mails: bytes) -> None:
        with smtplib.LMTP("127.0.0.1", self.lmtp, timeout=30) as client:
            for mail in mails:
                client.sendmail("nina@home.example", [user], mail)

    @contextmanager
    def box(self, user: str, folder: str = "INBOX") -> Iterator[Any]:
        with MailBoxUnencrypted("127.0.0.1", self.imap).login(user, PASSWORD, folder) as box:
            yield box

    def count(self, user: str, folder: str = "INBOX") -> int:
        with self.box(user) as box:
            return box.folder.status(folder, ["MESSAGES"])["MESSAGES"] if box.folder.exists(folder) else 0


def account() -> tuple[str, str]:
    """The account and group that mail belongs to: Dovecot never reads mail as root."""
    entry = pwd.getpwuid(os.geteuid() or pwd.getpwnam("nobody").pw_uid)
    import grp

    return entry.pw_name, grp.getgrgid(entry.pw_gid).gr_name


def free_ports(number: int) -> list[int]:
    probes = [socket.create_server(("127.0.0.1", 0)) for _ in range(number)]
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


@contextmanager
def dovecot(tokens_at: str = "http://127.0.0.1:9", capability: str = "") -> Iterator[Dovecot]:
    """Run a server; `tokens_at` is asked about tokens, `capability` replaces what it says that it can."""
    folder = Path(tempfile.mkdtemp(prefix="mainstay-dovecot-"))
    name, group = account()
    imap, imaps, lmtp = free_ports(3)
    write_certificate(folder)
    (folder / "oauth2.conf").write_text(
        f"tokeninfo_url = {tokens_at}/tokeninfo?token=\nusername_attribute = user\nactive_attribute = active\n"
        "active_value = true\n"
    )
    values = {"imap": imap, "imaps": imaps, "lmtp": lmtp, "password": PASSWORD, "capability": capability}
    text = CONFIGURATION.format(folder=folder, account=name, group=group, **values)
    (folder / "dovecot.conf").write_text(text if capability else text.replace("imap_capability = \n", ""))
    (folder / "mail").mkdir()
    folder.chmod(0o755)
    if os.geteuid() == 0:
        shutil.chown(folder / "mail", name, group)
    process = subprocess.Popen([PROGRAM, "-F", "-c", str(folder / "dovecot.conf")], stderr=subprocess.DEVNULL)
    try:
        wait_for(lambda: answers(imap) and answers(lmtp), lambda: process.poll() is None)
        yield Dovecot(folder, imap, imaps, lmtp, folder / "certificate.pem")
    finally:
        process.terminate()
        process.wait(60)
        shutil.rmtree(folder, ignore_errors=True)


def answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), 5) as connection:
        return bool(connection.recv(1))
    return False


def wait_for(condition: Callable[[], object], meanwhile: Callable[[], bool] = lambda: True) -> None:
    """Wait until `condition` holds; never a measurement."""
    deadline = time.monotonic() + 60
    while not condition():
        assert meanwhile(), "it ended"
        assert time.monotonic() < deadline, "not within a minute"
        time.sleep(0.02)


def write_certificate(folder: Path) -> None:
    """Write a key and a certificate for this machine that vouches for itself."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))])
    builder = builder.add_extension(names, critical=False)
    certificate = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    pem = certificate.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "certificate.pem").write_bytes(pem)
    (folder / "key.pem").write_bytes(secret)


@dataclass
class TokenGiver:
    """Gives out access tokens by HTTPS, and tells Dovecot by HTTP whose they are."""

    endpoint: str
    tokeninfo: str
    asked: list[dict[str, str]] = field(default_factory=list)
    answer: dict[str, Any] = field(default_factory=lambda: {"access_token": TOKEN, "expires_in": 3600})
    status: int = 200
    location: str = ""


@contextmanager
def token_giver(folder: Path, user: str) -> Iterator[TokenGiver]:
    giver = TokenGiver("", "")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            written = self.rfile.read(int(self.headers["Content-Length"])).decode()
            giver.asked.append({name: values[0] for name, values in parse_qs(written).items()})
            self.respond(giver.status, giver.answer)

        def do_GET(self) -> None:
            valid = parse_qs(urlsplit(self.path).query).get("token") == [TOKEN]
            self.respond(200, {"active": "true" if valid else "false", "user": user})

        def respond(self, status: int, answer: dict[str, Any]) -> None:
            content = json.dumps(answer).encode()
            self.send_response(status)
            if giver.location:
                self.send_header("Location", giver.location)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *arguments: Any) -> None:
            """Nobody reads it."""

    write_certificate(folder)
    secure, plain = ThreadingHTTPServer(("127.0.0.1", 0), Handler), ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    trust = SSLContext(PROTOCOL_TLS_SERVER)
    trust.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
    secure.socket = trust.wrap_socket(secure.socket, server_side=True)
    giver.endpoint = f"https://localhost:{secure.server_port}/token"
    giver.tokeninfo = f"http://127.0.0.1:{plain.server_port}"
    threads = [threading.Thread(target=server.serve_forever, args=(0.05,)) for server in (secure, plain)]
    for thread in threads:
        thread.start()
    try:
        yield giver
    finally:
        for server in (secure, plain):
            server.shutdown()
            server.server_close()
        for thread in threads:
            thread.join()
