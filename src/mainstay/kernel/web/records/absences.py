"""Saying that somebody is away, wherever work is given to them."""

from collections.abc import Collection

from django.http import HttpRequest
from django.utils.translation import gettext as _

from mainstay.kernel.people.models import Person
from mainstay.kernel.people.queries import Away, away
from mainstay.kernel.web.formats import day
from mainstay.kernel.web.pages import toast


def in_words(absence: Away) -> str:
    """Return until when somebody is away and who stands in."""
    if absence.substitute is None:
        return _("until %(date)s") % {"date": day(absence.until)}
    return _("until %(date)s, %(name)s stands in") % {"date": day(absence.until), "name": absence.substitute.name}


def words_about(people: Collection[int | None]) -> dict[int, str]:
    """Return the same of those of `people` (ids) who are away now."""
    return {person: in_words(absence) for person, absence in away(people).items()}


def warn(request: HttpRequest, person: Person | None) -> None:
    """Tell whoever gave work to somebody who is away."""
    for words in words_about([person.pk] if person else []).values():
        toast(request, _("%(name)s is away %(until)s.") % {"name": person, "until": words}, "warning")
