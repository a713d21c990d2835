"""Calling other machines: the one place where a connection to a host that somebody entered is opened.

A host that a person enters may name what only this machine reaches: a database beside it, the address at which a cloud
gives away keys. So each address is looked at when it is connected to, after its name was looked up, and the connection
goes to that very address. Internal ones are refused unless the environment names them.
"""

import http.client
import ipaddress
import json
import socket
import ssl
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

#: Seconds to wait for a host, at each step.
PATIENCE = 20.0
#: The longest answer that is read, in bytes.
LONGEST_ANSWER = 256 * 1024
#: Addresses in which another one hides, and the bits of it to the right (RFC 6052, section 2.1).
TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Unreachable(OSError):
    """A host may not be called, or did not answer as it should; the message says why and never holds a secret."""


def connect(host: str, port: int, timeout: float = PATIENCE) -> socket.socket:
    """Return a connection to a host, at one of its addresses that may be called.

    Raises Unreachable when it has none, and OSError when none of them answers.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unreachable(_("There is no address for the host %(host)s.") % {"host": host}) from error
    allowed = [entry for entry in found if may_call(str(entry[4][0]))]
    if not allowed:
        words = _("%(host)s is an internal address. Whoever runs Mainstay can allow it: MAINSTAY_INTERNAL_NETWORKS.")
        raise Unreachable(words % {"host": host})
    failure: OSError = Unreachable(host)
    for family, kind, protocol, _name, address in allowed:
        connection = socket.socket(family, kind, protocol)
        connection.settimeout(timeout)
        try:
            connection.connect(address)
        except OSError as error:
            connection.close()
            failure = error
        else:
            return connection
    raise failure


def may_call(address: str) -> bool:
    """Return whether an address is one of the public internet, or one that the environment allows."""
    found = _meant(ipaddress.ip_address(address.partition("%")[0]))
    if found.is_multicast or found.is_unspecified:
        return False
    return found.is_global or any(found in network for network in settings.INTERNAL_NETWORKS)


def _meant(address: Address) -> Address:
    """Return the address that is reached in the end: IPv6 has several ways to say an IPv4 address."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in TRANSLATED:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


class _Connection(http.client.HTTPSConnection):
    """HTTPS to an address that may be called, proven to be the host by its certificate."""

    def connect(self) -> None:
        plain = connect(self.host, self.port, PATIENCE)
        self.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=self.host)


def post_form(url: str, fields: Mapping[str, str]) -> dict[str, Any]:
    """Send a form by HTTPS and return the JSON object that is answered. No redirect is followed.

    Raises Unreachable with the status, and the error's name where the answer has one (RFC 6749, section 5.2).
    """
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname:
        raise Unreachable(_("Give an address that begins with https://."))
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    place = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection = _Connection(parts.hostname, parts.port or 443)
    try:
        connection.request("POST", place, urlencode(fields), headers)
        response = connection.getresponse()
        answer = _object(response.read(LONGEST_ANSWER))
    except http.client.HTTPException as error:
        raise Unreachable(_("%(host)s does not speak HTTP.") % {"host": parts.hostname}) from error
    finally:
        connection.close()
    if response.status != 200:
        said = f"{response.status} {str(answer.get('error', ''))[:100]}".strip()
        raise Unreachable(_("%(host)s answered: %(answer)s") % {"host": parts.hostname, "answer": said})
    return answer


def _object(written: bytes) -> dict[str, Any]:
    try:
        found = json.loads(written)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
