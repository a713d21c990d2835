"""Refusals that only this door knows, beside those of the actions (`kernel.practice.errors`)."""

from mainstay.kernel.practice.errors import Invalid, NotPossible, Refusal


class InvalidParameter(Invalid):
    """A parameter of the address was refused; `errors` is keyed by its name."""


class InvalidHeader(Invalid):
    """A header was refused; `errors` is keyed by its name."""


class VersionRequired(Refusal):
    """The request must say which version it changes, in `If-Match` (HTTP 428)."""


class InFlight(NotPossible):
    """The same request is being worked on at this moment (HTTP 409)."""


class UnsupportedMediaType(Refusal):
    """The body is of a type that nothing here reads (HTTP 415)."""
