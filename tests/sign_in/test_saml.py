"""Signing in by SAML 2.0, against pysaml2 as the identity provider."""

from base64 import b64decode, b64encode
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from django.test import Client
from saml2 import BINDING_HTTP_POST, BINDING_HTTP_REDIRECT
from saml2.config import IdPConfig
from saml2.saml import NAME_FORMAT_URI, NAMEID_FORMAT_PERSISTENT, NameID
from saml2.server import Server
from saml2.xmldsig import DIGEST_SHA256, SIG_RSA_SHA1, SIG_RSA_SHA256

from mainstay.kernel.access.actor import system
from mainstay.kernel.accounts.gateways import providers
from mainstay.kernel.people.actions import deactivate
from mainstay.kernel.people.models import Person
from tests.world import World

ENTITY = "https://idp.partner.example/metadata"
SSO = "https://idp.partner.example/sso"
HOST = "http://localhost:8000"
ADDRESS = "/accounts/saml/partner/"


def certificate(folder: Path) -> tuple[Path, Path]:
    """Make a key and its certificate; answers their files."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "idp.partner.example")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "key.pem").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption())
    )
    (folder / "certificate.pem").write_bytes(made.public_bytes(pem))
    return folder / "key.pem", folder / "certificate.pem"


class Partner:
    """The identity provider, and one person's browser between it and us."""

    def __init__(self, folder: Path, metadata: str) -> None:
        key, self.certificate = certificate(folder)
        (folder / "sp.xml").write_text(metadata)
        endpoint = {"single_sign_on_service": [(SSO, BINDING_HTTP_REDIRECT)]}
        configuration = {
            "entityid": ENTITY,
            "service": {"idp": {"endpoints": endpoint, "policy": {"default": {"name_form": NAME_FORMAT_URI}}}},
            "metadata": {"local": [str(folder / "sp.xml")]},
            "key_file": str(key),
            "cert_file": str(self.certificate),
            "xmlsec_binary": "/usr/bin/xmlsec1",
        }
        self.server = Server(config=IdPConfig().load(configuration))

    def answer(
        self,
        location: str,
        subject: str = "s-4711",
        email: str = "paula@partner.example",
        sign: bool = True,
        strong: bool = True,
    ) -> str:
        """Answer the request that a redirect to us carries; gives the response as a form would send it."""
        query = parse_qs(urlsplit(location).query)
        request = self.server.parse_authn_request(query["SAMLRequest"][0], BINDING_HTTP_REDIRECT)
        details = self.server.response_args(request.message, [BINDING_HTTP_POST])
        details.pop("name_id_policy", None)
        response = self.server.create_authn_response(
            {"mail": email, "givenName": "Paula", "sn": "Partner"},
            userid=subject,
            name_id=NameID(format=NAMEID_FORMAT_PERSISTENT, text=subject),
            authn={"class_ref": "urn:oasis:names:tc:SAML:2.0:ac:classes:Password", "authn_auth": ENTITY},
            sign_assertion=sign,
            sign_response=False,
            sign_alg=SIG_RSA_SHA256 if strong else SIG_RSA_SHA1,
            digest_alg=DIGEST_SHA256,
            **details,
        )
        return b64encode(str(response).encode()).decode()


@pytest.fixture
def partner(world: World, tmp_path: Path, settings: Any) -> Partner:
    entry = {"id": "partner", "name": "Partner", "entity_id": ENTITY, "sso_url": SSO, "certificate": "x"}
    details = {"create_people": True, "organisation": "acme", "verified_domains": ["partner.example"]}
    settings.SOCIALACCOUNT_PROVIDERS = providers.for_allauth({"saml": [{**entry, **details}]})
    answer = browser().get(f"{ADDRESS}metadata/")
    assert answer.status_code == 200, answer.content
    found = Partner(tmp_path, answer.content.decode())
    body = "".join(found.certificate.read_text().splitlines()[1:-1])
    settings.SOCIALACCOUNT_PROVIDERS = providers.for_allauth({"saml": [{**entry, **details, "certificate": body}]})
    return found


def browser() -> Client:
    return Client(headers={"host": "localhost:8000"})


def ask(client: Client) -> str:
    answer = client.post(f"{ADDRESS}login/")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(SSO)
    return answer.headers["Location"]


def send(client: Client, response: str) -> Any:
    """Post the response as the provider's page does, and follow to the end of signing in."""
    assert client.post(f"{ADDRESS}acs/", {"SAMLResponse": response}).status_code == 302
    return client.get(f"{ADDRESS}acs/finish/")


def test_the_first_visit_makes_a_requester_and_the_second_finds_them(partner: Partner) -> None:
    client = browser()
    answer = send(client, partner.answer(ask(client)))
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    paula = Person.objects.get(email="paula@partner.example")
    assert (paula.name, list(paula.grants.values_list("role__slug", flat=True))) == ("Paula Partner", ["requester"])
    assert client.get("/profile/").status_code == 200
    again = browser()
    assert send(again, partner.answer(ask(again), email="other@partner.example")).status_code == 302
    assert SocialAccount.objects.get().user_id == paula.pk, "the subject counts, not the address"


def test_whoever_was_deactivated_is_not_signed_in_by_the_provider_either(partner: Partner) -> None:
    client = browser()
    send(client, partner.answer(ask(client)))
    deactivate(Person.objects.get(email="paula@partner.example"), by=system("command"), reason="Left")
    again = browser()
    answer = send(again, partner.answer(ask(again)))
    assert (answer.status_code, "may not sign in" in answer.content.decode()) == (403, True)
    assert (client.get("/profile/").status_code, again.get("/profile/").status_code) == (302, 302)


def test_an_unsigned_a_weak_a_changed_and_a_repeated_answer_are_refused(partner: Partner) -> None:
    client = browser()
    unsigned = partner.answer(ask(client), sign=False)
    assert send(client, unsigned).status_code == 401
    assert send(client, partner.answer(ask(client), strong=False)).status_code == 401, "SHA-1 is no signature"
    changed = b64decode(partner.answer(ask(client))).replace(b"s-4711", b"s-0001")
    assert send(client, b64encode(changed).decode()).status_code == 401
    good = partner.answer(ask(client))
    assert send(client, good).status_code == 302
    assert send(browser(), good).status_code in (401, 403), "another browser did not ask for it"
    client.post("/accounts/sign-out/")
    assert send(client, good).status_code in (401, 403), "an answer works once"
    assert client.get("/profile/").status_code == 302


def test_an_address_that_the_provider_may_not_vouch_for_makes_nobody(partner: Partner, world: World) -> None:
    client = browser()
    assert send(client, partner.answer(ask(client), email="eve@elsewhere.example")).status_code == 403
    assert send(client, partner.answer(ask(client), email="rita@acme.example")).status_code == 403
    assert not SocialAccount.objects.exists()
    assert client.get("/profile/").status_code == 302


def test_signing_in_begins_with_a_button_only(partner: Partner) -> None:
    assert browser().get(f"{ADDRESS}login/").status_code == 405
