"""Asking requesters how satisfied they are, and taking down what they say."""

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from mainstay.kernel.access.actor import Actor, system
from mainstay.kernel.events.actions import emit
from mainstay.kernel.people.models import Person
from mainstay.kernel.practice import settings
from mainstay.kernel.practice.errors import Invalid, NotPossible
from mainstay.kernel.records.actions import link
from mainstay.kernel.records.models import Access, Record
from mainstay.support.service_desk import queries
from mainstay.support.service_desk.actions.opening import create
from mainstay.support.service_desk.models import Contact, Rating
from mainstay.support.service_desk.models.satisfaction import HIGHEST, LOWEST
from mainstay.support.service_desk.queries.ratings import is_ratable, is_to_be_asked, require_own

LONGEST = 5000


@transaction.atomic
def ask_for_rating(pk: int, *, by: Actor) -> None:
    """Ask the requester of a record (its id) how satisfied they are, once, unless they are not to be asked now."""
    if not settings.value("service_desk.survey"):
        return
    case = Record.objects.get(pk=pk)
    if case.state_category != "closed" and not settings.value("service_desk.survey_when_solved"):
        return
    if case.requester_id is None or not is_ratable(case):
        return
    # Of two cases of one person that end at once, one asks.
    person = Person.objects.select_for_update(no_key=True).get(pk=case.requester_id)
    if is_to_be_asked(case, person):
        Rating.objects.create(record=case, person=person, asked=timezone.now())
        emit(f"{case.kind}.rating_asked", by=by, record_id=case.pk, public=True)


@transaction.atomic
def rate(case: Record, *, by: Actor, score: int, words: str = "") -> Rating:
    """Take down how satisfied its requester is with a case, from 1 to 5; saying the same again changes nothing.

    The first low score opens a follow-up. It needs the capability `comment`. Raises NotPermitted for anybody else than
    the requester, NotPossible before the case is solved and when that is too long ago, Invalid for refused values.
    """
    person = require_own(by, case)
    words = _checked(score, words)
    now = timezone.now()
    locked = Record.objects.select_for_update().get(pk=case.pk)
    if not is_ratable(locked):
        raise NotPossible(_("This can be said when a case is solved, and only for some time after that."))
    rating = Rating.objects.filter(record=locked).first() or Rating(record=locked, person=person)
    if (rating.score, rating.words) == (score, words):
        return rating
    rating.person, rating.score, rating.words = person, score, words
    rating.answered, rating.changed = rating.answered or now, now
    data = {"score": score, "what": f"{score}/{HIGHEST}"}
    if rating.follow_up_id is None and score <= settings.value("service_desk.survey_low"):
        rating.follow_up = _follow_up(locked, rating)
        data["follow_up"] = rating.follow_up.number
    if rating.pk is None:
        rating.save(force_insert=True)
    else:
        rating.save(update_fields=["person", "score", "words", "answered", "changed", "follow_up"])
    emit(f"{case.kind}.rated", by=by, record_id=case.pk, data=data)
    return rating


def _checked(score: int, words: str) -> str:
    if isinstance(score, bool) or not isinstance(score, int) or not LOWEST <= score <= HIGHEST:
        raise Invalid({"score": _("Choose one of %(lowest)d to %(highest)d.") % {"lowest": LOWEST, "highest": HIGHEST}})
    words = words.replace("\x00", "").strip()
    if len(words) > LONGEST:
        raise Invalid({"words": _("Write at most %(number)d characters.") % {"number": LONGEST}})
    return words


def _follow_up(case: Record, rating: Rating) -> Contact:
    """Open a contact for those who answer for a case, to talk to somebody who is not satisfied with it.

    It is internal: its requester hears of it from whoever turns to them. It is worded in their language.
    """
    teams = queries.assignable_teams(case.organisation)
    team = case.owner or case.team
    with translation.override(rating.person.language):
        title = _("Not satisfied: %(title)s") % {"title": case.title}
        score = _("Rated %(score)d of %(highest)d.") % {"score": rating.score, "highest": HIGHEST}
    follower = create(
        by=system("rule"),
        title=title[:250],
        description="\n\n".join(filter(None, [score, rating.words])),
        requester=case.requester,
        team=team if team and teams.filter(pk=team.pk).exists() else None,
        access=Access.INTERNAL,
    )
    link(follower, "follows", case, by=system("rule"))
    return follower
