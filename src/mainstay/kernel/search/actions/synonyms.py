"""Changing what words mean the same."""

import re
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from mainstay.kernel.events.actions import Author, retirement, write_row
from mainstay.kernel.people.models import Organisation
from mainstay.kernel.practice.errors import Invalid
from mainstay.kernel.search.models import Synonyms

#: Letters and digits, alone or joined by single blanks, hyphens or apostrophes: nothing that a search takes for a sign.
WORDS = re.compile(r"\w+(?:[ '-]\w+)*")
MOST = 20


@transaction.atomic
def save_synonyms(
    *, by: Author, slug: str, organisation: Organisation, words: Sequence[str], retired: bool = False
) -> Synonyms:
    """Make a group of words that mean the same, or change the one with this slug. Searches know of it at once.

    Raises Invalid for fewer than two or more than 20 words, and for what is no word.
    """
    if not 2 <= len({word.casefold() for word in words}) == len(words) <= MOST:
        raise Invalid({"words": _("Give 2 to %(number)d different words.") % {"number": MOST}})
    if wrong := [word for word in words if not WORDS.fullmatch(word)]:
        raise Invalid({"words": _("Letters, digits, blanks and hyphens only: %(words)s") % {"words": ", ".join(wrong)}})
    group = Synonyms.objects.select_for_update().filter(slug=slug).first() or Synonyms(slug=slug)
    values = {"organisation": organisation, "words": list(words), "retired": retirement(group, retired)}
    write_row(group, values, by=by, subject=f"synonyms:{slug}")
    return group
