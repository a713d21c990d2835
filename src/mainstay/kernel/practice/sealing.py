"""Secrets at rest: sealed with a key that only this instance has."""

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


@lru_cache(maxsize=4)
def _key(secret: str) -> Fernet:
    """Derive the sealing key from the instance's secret key (HKDF, RFC 5869), so that neither gives away the other."""
    derived = HKDF(SHA256(), 32, salt=None, info=b"mainstay sealed settings").derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(derived))


def sealed(text: str) -> str:
    """Return `text` encrypted and authenticated (Fernet: AES-128-CBC and HMAC-SHA-256)."""
    return _key(settings.SECRET_KEY).encrypt(text.encode()).decode()


def unsealed(token: str) -> str | None:
    """Return what was sealed; None when it was changed, or sealed under another secret key."""
    try:
        return _key(settings.SECRET_KEY).decrypt(token.encode()).decode()
    except InvalidToken:
        return None
