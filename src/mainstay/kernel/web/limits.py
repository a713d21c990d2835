"""How much one request may bring along."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from mainstay.kernel.files.queries import largest
from mainstay.kernel.web import pages

Handler = Callable[[HttpRequest], HttpResponse]

#: Bytes of a form beside its files: texts, names, the marks between the parts. Smaller requests are always let in.
BESIDE_FILES = 1 << 20


def limit_size(handle: Handler) -> Handler:
    """Refuse (413) what announces more than files may have, before a byte of it is read."""

    def answer(request: HttpRequest) -> HttpResponse:
        length = _length(request)
        if length <= BESIDE_FILES or length <= largest() + BESIDE_FILES:
            return handle(request)
        words = _("All that is sent at once may have at most %(limit)d MB. Send fewer or smaller files.")
        return pages.problem(request, 413, _("This is too large"), words % {"limit": largest() >> 20})

    return answer


def _length(request: HttpRequest) -> int:
    """Return the announced size in bytes; without one nothing is read at all."""
    text = request.META.get("CONTENT_LENGTH") or ""
    return int(text) if text.isascii() and text.isdigit() else 0
