"""Versions as entity tags: what a reader got, and what a writer says it read (RFC 9110, section 13)."""

import re

from django.http import HttpRequest
from django.utils.translation import gettext as _

from mainstay.kernel.practice.errors import Stale
from mainstay.kernel.rest.errors import VersionRequired

TAGS = re.compile(r'"(\d{1,9})"')


def etag(version: int) -> str:
    """Return the entity tag of a version: `"3"`."""
    return f'"{version}"'


def check_version(request: HttpRequest, version: int) -> int:
    """Return `version` if the request names none or this one in `If-Match`; raise Stale if it names another."""
    given = request.headers.get("If-Match")
    if given is None or given.strip() == "*" or str(version) in TAGS.findall(given):
        return version
    raise Stale(
        _("Somebody else has changed this since: it has version %(version)d now. Read it again, then try again.")
        % {"version": version}
    )


def require_version(request: HttpRequest) -> None:
    """Raise VersionRequired when the request names no version: before it is looked whether there is such a record."""
    if "If-Match" not in request.headers:
        raise VersionRequired(_("Send the ETag of what you read in the header If-Match."))
