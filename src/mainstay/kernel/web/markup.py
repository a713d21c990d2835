"""The one place that declares text safe for a page. Everything else is escaped by the template engine."""

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from functools import lru_cache, partial

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils import timezone
from django.utils.translation import get_language, gettext
from markupsafe import Markup, escape

from mainstay.kernel.web.assets import asset
from mainstay.kernel.web.formats import absolute_time, relative_time

#: http and https only, so that no `javascript:` is ever linked; quotes and angle brackets end an address.
ADDRESS = re.compile(r"https?://[^\s<>\"'`\\^{}|]+", re.IGNORECASE)
#: What closes a sentence rather than an address.
CLOSING = ".,;:!?)]"
#: Seconds after which a relative time is worked out anew; the page itself keeps it up to date from then on.
RENEWED = 10
NAME = re.compile(r"[a-z0-9-]+")


@lru_cache(maxsize=1024)
def icon(name: str, label: str = "") -> Markup:
    """Return a symbol of the sprite: decoration, unless `label` says what it means."""
    if not NAME.fullmatch(name):
        raise ValueError(f"{name!r} is not the name of an icon")
    # `%`, here and below, because pages call this a hundred times and `format` of Markup is ten times as slow.
    sign = Markup('role="img" aria-label="%s"') % label if label else Markup('aria-hidden="true"')
    return Markup('<svg class="icon" %s><use href="%s#%s"/></svg>') % (sign, asset("web/icons.svg"), name)


def plain_text(text: str) -> Markup:
    """Return what somebody typed as paragraphs, with its line breaks kept and its web addresses linked."""
    paragraphs = re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip())
    return Markup("").join(Markup("<p>{}</p>").format(_lines(paragraph)) for paragraph in paragraphs if paragraph)


def _lines(paragraph: str) -> Markup:
    return Markup("<br>").join(_linked(line) for line in paragraph.split("\n"))


def _linked(line: str) -> Markup:
    parts, end = [], 0
    for match in ADDRESS.finditer(line):
        address = match.group().rstrip(CLOSING)
        parts += [escape(line[end : match.start()]), _link(address)]
        end = match.start() + len(address)
    return Markup("").join([*parts, escape(line[end:])])


def _link(address: str) -> Markup:
    return Markup('<a href="{0}" rel="nofollow noopener noreferrer">{0}</a>').format(address)


def time_tag(moment: datetime | None) -> Markup:
    """Return an instant as relative time, the absolute one in the viewer's zone on hover. None is nothing."""
    return time_tags()(moment)


def time_tags() -> Callable[[datetime | None], Markup]:
    """Return `time_tag` for the viewer and this moment: who shows many times asks only once who looks at them."""
    return partial(_time_tag, get_language(), timezone.get_current_timezone(), int(time.time() // RENEWED))


@lru_cache(maxsize=16384)
def _time_tag(language: str | None, zone: tzinfo, renewed: int, moment: datetime | None) -> Markup:
    if moment is None:
        return Markup("")
    stamp = moment.astimezone(UTC).isoformat(timespec="seconds")
    words = (stamp, absolute_time(moment), relative_time(moment))
    return Markup('<time datetime="%s" title="%s">%s</time>') % words


@lru_cache(maxsize=8192)
def _translated(text: str, language: str | None) -> Markup:
    # A text of ours, translated by ours: it may hold HTML as the page around it may, but no quotes: it may also stand
    # in an attribute.
    return Markup(gettext(text).replace('"', "&#34;"))  # noqa: S704 - from our catalogues alone; values set into it are escaped


def words(text: str, **values: object) -> Markup:
    """Return a text of a page in the viewer's language, with the (escaped) values in their places: `_()` of pages."""
    translated = _translated(text, get_language())
    return translated % values if values else translated


def csrf(request: HttpRequest) -> dict[str, str]:
    """Give a page its token against forged requests: one for all its forms, where Django's masks it for each anew.

    Named by `TEMPLATES["OPTIONS"]["context_processors"]`.
    """
    token = get_token(request)
    return {"csrf_token": token, "csrf_input": TOKEN % token}


TOKEN = Markup('<input type="hidden" name="csrfmiddlewaretoken" value="%s">')
