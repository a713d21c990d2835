"""D09, D10: where a host that somebody entered may lead, whatever it is called and whatever it answers."""

import socket
from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest

from mainstay.kernel.mail.gateways import imap, oauth
from mainstay.kernel.mail.tests.dovecot import TOKEN, TokenGiver, token_giver
from mainstay.kernel.practice import outbound

INTERNAL = [
    *("127.0.0.1", "127.8.9.1", "::1", "0.0.0.0", "::", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254"),
    *("100.64.0.1", "fd00::1", "fe80::1", "fe80::1%lo", "::ffff:127.0.0.1", "::ffff:a9fe:a9fe", "64:ff9b::7f00:1"),
    *("2002:7f00:1::1", "224.0.0.1", "ff02::1", "255.255.255.255", "192.0.2.1", "198.18.0.1"),
]


@pytest.fixture
def nothing_internal(settings: Any) -> None:
    settings.INTERNAL_NETWORKS = []


@pytest.mark.parametrize("address", INTERNAL)
def test_an_internal_address_is_not_called(address: str, nothing_internal: None) -> None:
    assert not outbound.may_call(address)


@pytest.mark.parametrize("address", ["9.9.9.9", "2620:fe::fe", "::ffff:9.9.9.9", "64:ff9b::909:909"])
def test_an_address_of_the_internet_is(address: str, nothing_internal: None) -> None:
    assert outbound.may_call(address)


def test_the_environment_may_allow_an_internal_one_and_no_other(settings: Any) -> None:
    settings.INTERNAL_NETWORKS = [ip_network("10.1.0.0/16"), ip_network("fd00::/8")]
    assert [outbound.may_call(each) for each in ("10.1.2.3", "::ffff:10.1.2.3", "fd00::1", "10.2.0.1", "::1")] == [
        *(True, True, True, False, False)
    ]


@pytest.mark.parametrize("host", ["127.0.0.1", "0x7f.1", "2130706433", "127.1", "localhost", "::1", "[::1]"])
def test_no_way_to_write_this_machine_leads_to_it(host: str, nothing_internal: None) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        with pytest.raises(outbound.Unreachable):
            outbound.connect(host, listening.getsockname()[1], 5)
        listening.settimeout(0)
        with pytest.raises(BlockingIOError):
            listening.accept()


def test_a_name_is_looked_up_once_and_only_what_was_looked_at_is_called(
    nothing_internal: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that answers otherwise each time, or with several addresses, gains nothing."""
    asked: list[str] = []
    called: list[str] = []

    def lookup(host: str, port: int, **_: Any) -> list[Any]:
        asked.append(host)
        entries = ["127.0.0.1", "9.9.9.9"] if len(asked) == 1 else ["127.0.0.1"]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in entries]

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    monkeypatch.setattr(socket.socket, "connect", lambda self, address: called.append(address[0]))
    outbound.connect("rebinding.example", 993, 5).close()
    assert (asked, called) == (["rebinding.example"], ["9.9.9.9"])


def test_a_mailbox_on_an_internal_address_is_not_entered(nothing_internal: None) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        place = imap.Place("127.0.0.1", listening.getsockname()[1], "none", "desk", "secret")
        with pytest.raises(imap.Failure, match="MAINSTAY_INTERNAL_NETWORKS"), imap.opened(place):
            pass


# --- HTTP


@pytest.fixture
def giver(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TokenGiver]:
    with token_giver(tmp_path, "desk") as giver:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
        yield giver


def asked(endpoint: str) -> oauth.Access:
    return oauth.access(endpoint, client="us", secret="word", scope="mail")


def test_a_token_is_asked_for_as_a_program_or_by_a_refresh_token(giver: TokenGiver) -> None:
    giver.answer["refresh_token"] = "next"
    assert asked(giver.endpoint) == oauth.Access(TOKEN, 3600, "next")
    oauth.access(giver.endpoint, client="us", secret="", scope="", refresh_token="this")
    assert giver.asked == [
        {"grant_type": "client_credentials", "client_id": "us", "client_secret": "word", "scope": "mail"},
        {"grant_type": "refresh_token", "client_id": "us", "refresh_token": "this"},
    ]


def test_no_redirect_is_followed(giver: TokenGiver) -> None:
    giver.status, giver.location = 302, giver.endpoint
    with pytest.raises(outbound.Unreachable, match="302"):
        asked(giver.endpoint)
    assert len(giver.asked) == 1


@pytest.mark.parametrize("answer", [{"error": "invalid_client"}, {"access_token": "two\r\nlines"}, {"access_token": 7}])
def test_what_is_no_token_is_none(giver: TokenGiver, answer: dict[str, Any]) -> None:
    giver.answer = answer
    with pytest.raises(outbound.Unreachable):
        asked(giver.endpoint)


def test_a_certificate_that_nobody_vouches_for_is_refused(giver: TokenGiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(OSError, match="certificate"):
        asked(giver.endpoint)
    assert giver.asked == []


@pytest.mark.parametrize("url", ["http://localhost/", "file:///etc/passwd", "gopher://x/", "ftp://x/", "https:"])
def test_only_https_is_spoken(url: str) -> None:
    with pytest.raises(outbound.Unreachable, match="https"):
        asked(url)


def test_a_token_endpoint_on_an_internal_address_is_not_called(giver: TokenGiver, nothing_internal: None) -> None:
    with pytest.raises(outbound.Unreachable, match="MAINSTAY_INTERNAL_NETWORKS"):
        asked(giver.endpoint)
    assert giver.asked == []
