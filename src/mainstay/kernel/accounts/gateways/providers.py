"""Other systems that sign people in, as one TOML file names them: OpenID Connect and SAML 2.0.

    [[openid_connect]]
    id = "company"                          # in addresses: /accounts/oidc/company/login/callback/
    name = "Company account"                # on the button
    server = "https://login.company.example"
    client_id = "mainstay"
    client_secret = "..."
    create_people = true                    # first visit of a verified address makes a requester ...
    organisation = "company"                # ... of this organisation, and nothing else

    [[saml]]
    id = "partner"                          # /accounts/saml/partner/acs/ and .../metadata/
    name = "Partner account"
    entity_id = "https://idp.partner.example/metadata"
    sso_url = "https://idp.partner.example/sso"
    certificate = "MIIC..."
    verified_domains = ["partner.example"]  # addresses that the provider vouches for

Read before Django starts: nothing here may need it.
"""

import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

REQUIRED = {
    "openid_connect": ("id", "name", "server", "client_id", "client_secret"),
    "saml": ("id", "name", "entity_id", "sso_url", "certificate"),
}
OPTIONAL = {
    "openid_connect": ("create_people", "organisation", "origins"),
    "saml": ("create_people", "organisation", "origins", "verified_domains"),
}


class ProviderError(ValueError):
    """The file is not right; the message says where and what to do."""


def read(path: str) -> dict[str, list[dict[str, Any]]]:
    """Return the providers of a file by protocol; no path is no providers. Raises ProviderError."""
    if not path:
        return {}
    try:
        with Path(path).open("rb") as file:
            content = tomllib.load(file)
    except (OSError, tomllib.TOMLDecodeError) as trouble:
        raise ProviderError(f"{path}: {trouble}") from None
    for protocol, entries in content.items():
        if protocol not in REQUIRED:
            raise ProviderError(f"{path}: there is no protocol {protocol}; use {' or '.join(REQUIRED)}.")
        for entry in entries:
            _check(path, protocol, entry)
    return content


def _check(path: str, protocol: str, entry: dict[str, Any]) -> None:
    where = f"{path}: {protocol} {entry.get('id', '(without id)')}"
    if missing := [name for name in REQUIRED[protocol] if not entry.get(name)]:
        raise ProviderError(f"{where} lacks {', '.join(missing)}.")
    if unknown := sorted(set(entry) - {*REQUIRED[protocol], *OPTIONAL[protocol]}):
        raise ProviderError(f"{where} has unknown entries: {', '.join(unknown)}.")
    if entry.get("create_people") and not entry.get("organisation"):
        raise ProviderError(f"{where} makes people, so it must name their organisation.")


def for_allauth(providers: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """Return the providers as django-allauth wants them in SOCIALACCOUNT_PROVIDERS."""
    return {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [_openid_connect(entry) for entry in providers.get("openid_connect", ())],
        },
        "saml": {"APPS": [_saml(entry) for entry in providers.get("saml", ())]},
    }


def _shared(entry: dict[str, Any]) -> dict[str, Any]:
    return {"create_people": bool(entry.get("create_people")), "organisation": entry.get("organisation", "")}


def _openid_connect(entry: dict[str, Any]) -> dict[str, Any]:
    return {
        "provider_id": entry["id"],
        "name": entry["name"],
        "client_id": entry["client_id"],
        "secret": entry["client_secret"],
        "settings": {
            **_shared(entry),
            "server_url": entry["server"].rstrip("/"),
            "issuer": entry["server"].rstrip("/"),
        },
    }


def _saml(entry: dict[str, Any]) -> dict[str, Any]:
    return {
        "provider_id": entry["id"],
        "name": entry["name"],
        "client_id": entry["id"],
        "settings": {
            **_shared(entry),
            "issuer": entry["entity_id"],
            "verified_email": entry.get("verified_domains", []),
            "idp": {"entity_id": entry["entity_id"], "sso_url": entry["sso_url"], "x509cert": entry["certificate"]},
            "advanced": {"want_assertion_signed": True, "reject_idp_initiated_sso": True, "strict": True},
        },
    }


def origins(providers: dict[str, list[dict[str, Any]]]) -> list[str]:
    """Return the origins to which signing in leads: forms of ours may go there by redirect, and nowhere else."""
    named = [entry.get("server") or entry["sso_url"] for entries in providers.values() for entry in entries]
    named += [address for entries in providers.values() for entry in entries for address in entry.get("origins", ())]
    return sorted({f"{urlsplit(address).scheme}://{urlsplit(address).netloc}" for address in named})
