"""Parts of pages that come again and again, each rendered once for the same values."""

from collections.abc import Callable
from datetime import tzinfo
from functools import lru_cache, partial
from typing import Any

from django.template import engines
from django.utils import timezone
from django.utils.translation import get_language
from markupsafe import Markup

#: So many parts a process keeps: some 8 MB when all of them are rows of lists.
KEPT = 8192


def kept(template: str, macro: str) -> Callable[..., Markup]:
    """Return what renders a macro for the viewer, or gives what it rendered before for the same values.

    The macro is imported without a context: all it knows are its values, the language and the zone, so the same go in
    and the same comes out. Hence the values are hashable, and one that passes (a relative time) is given as the text
    that it is now. A place takes either text or `Markup`, since both compare equal.
    """
    return partial(_rendered, template, macro, get_language(), timezone.get_current_timezone())


@lru_cache(maxsize=KEPT, typed=True)
def _rendered(template: str, macro: str, language: str, zone: tzinfo, *values: object, **named: object) -> Markup:
    jinja: Any = engines["jinja2"]
    module = jinja.env.get_template(template).module
    rendered: Markup = getattr(module, macro)(*values, **named)
    return rendered
