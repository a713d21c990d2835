"""The Jinja2 environment that renders every page."""

from functools import lru_cache
from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from jinja2 import Environment, StrictUndefined

from mainstay.kernel.web import formats, markup
from mainstay.kernel.web.assets import asset
from mainstay.kernel.web.controls import control
from mainstay.kernel.web.fragments import kept


def environment(**options: Any) -> Environment:
    """Build the environment: escaping on, unknown names refused, gettext, and what pages may call.

    Named by `TEMPLATES["OPTIONS"]["environment"]`; Django gives it the loader and `autoescape`.
    """
    options["autoescape"] = True
    options["undefined"] = StrictUndefined
    options["trim_blocks"] = options["lstrip_blocks"] = True
    jinja = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"], **options)  # noqa: S701 - escaping is on
    jinja.install_gettext_callables(  # type: ignore[attr-defined]  # the extension adds it
        translation.gettext,
        translation.ngettext,
        newstyle=True,
        pgettext=translation.pgettext,
        npgettext=translation.npgettext,
    )
    jinja.globals.update(GLOBALS)
    jinja.filters.update(FILTERS)
    return jinja


@lru_cache(maxsize=4096)
def url(name: str, **values: Any) -> str:
    """Return the address of a named page, such as `url("incidents:detail", number=record.number)`."""
    return reverse(name, kwargs=values or None)


GLOBALS = {
    "_": markup.words,
    "url": url,
    "static": static,
    "asset": asset,
    "icon": markup.icon,
    "control": control,
    "kept": kept,
    "language_code": translation.get_language,
    "is_right_to_left": translation.get_language_bidi,
}
FILTERS = {
    "plain_text": markup.plain_text,
    "time": markup.time_tag,
    "absolute_time": formats.absolute_time,
    "relative_time": formats.relative_time,
    "date": formats.day,
    "clock": formats.day_and_time,
    "number": formats.number,
    "count": formats.count_text,
}
