"""Secrets that are handed out once, and what is stored of them."""

import hashlib
import secrets


def digest(token: str) -> str:
    """Return what is stored of a secret token. Tokens are 256 random bits, so one round of SHA-256 is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_secret() -> str:
    """Return a new secret token of 256 random bits, fit for a URL."""
    return secrets.token_urlsafe(32)
