"""Keeping reports, and mailing them when they are due."""

from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage
from zoneinfo import ZoneInfo

from django.conf import settings as environment
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.access.queries import actor_for
from mainstay.kernel.jobs.registry import defer
from mainstay.kernel.mail.actions import send_notice
from mainstay.kernel.mail.letters import notice
from mainstay.kernel.people.models import Person
from mainstay.kernel.practice.errors import Invalid, NotPermitted, Refusal
from mainstay.kernel.reports.engine.periods import next_sending
from mainstay.kernel.reports.models import Every, Form, SavedReport

LONGEST_NAME, LONGEST_QUERY, MOST = 100, 2000, 100
CAPABILITY = "report.read"

#: A report made for a mail: the subject, paragraphs, and the file's name, media type and content.
Made = tuple[str, list[str], tuple[str, str, bytes]]
#: Makes a report anew for its reader.
Make = Callable[[Actor, SavedReport], Made]


@transaction.atomic
def save_report(*, by: Actor, name: str, report: str, query: str, every: str, form: str) -> SavedReport:
    """Keep a report as its address describes it for the actor, and mail it to them `every` day, week or month.

    One of the same name is replaced. Raises Invalid for an empty or overlong name and for values there are not.
    """
    if by.person is None or not by.holds(CAPABILITY):
        raise NotPermitted(_("Sign in first."))
    name = name.strip()
    if not 0 < len(name) <= LONGEST_NAME:
        raise Invalid({"name": _("Give it a name of at most %(number)d characters.") % {"number": LONGEST_NAME}})
    if len(query) > LONGEST_QUERY:
        raise Invalid({"name": _("This list has too many filters to be kept.")})
    if wrong := [field for field, ok in (("every", every in Every.values), ("form", form in Form.values)) if not ok]:
        raise Invalid({field: _("There is no such choice.") for field in wrong})
    own = SavedReport.objects.filter(person=by.person)
    if own.exclude(name=name).count() >= MOST:
        raise Invalid({"name": _("There are %(number)d reports already: remove one first.") % {"number": MOST}})
    due = next_sending(every, timezone.now(), ZoneInfo(by.person.zone)) if every else None
    values = {"report": report, "query": query, "every": every, "form": form, "due": due}
    saved, _new = own.update_or_create(person=by.person, name=name, defaults=values)
    return saved


@transaction.atomic
def remove_report(saved: SavedReport, *, by: Actor) -> None:
    """Forget a report that the actor keeps."""
    if saved.person_id != by.person_id:
        raise NotPermitted(_("Sign in first."))
    saved.delete()


@transaction.atomic
def queue_due() -> int:
    """Let every report that is due be mailed, once, and say when it is due next; return how many."""
    now = timezone.now()
    found = list(SavedReport.objects.select_for_update(skip_locked=True).filter(due__lte=now).select_related("person"))
    for saved in found:
        following = next_sending(saved.every, now, ZoneInfo(saved.person.zone))
        SavedReport.objects.filter(pk=saved.pk).update(due=following)
        defer("reports.send", saved=saved.pk, due=saved.due.isoformat() if saved.due else "")
    return len(found)


def send(pk: int, due: str, *, make: Make, by_way_of: Callable[[EmailMessage], None]) -> bool:
    """Mail a report to its owner, as they see it at this moment; return whether the server took it.

    Nothing goes to whoever may no longer see reports, or keeps it no longer. Raises Postponed to try again later.
    """
    saved = SavedReport.objects.select_related("person").filter(pk=pk).first()
    if saved is None or not saved.every or not saved.person.email:
        return False
    reader = actor_for(saved.person, door="job")
    if not reader.holds(CAPABILITY):
        return False
    with translation.override(saved.person.language), timezone.override(saved.person.zone):
        return send_notice(lambda: _letter(reader, saved, saved.person, due, make), by_way_of=by_way_of)


def _letter(reader: Actor, saved: SavedReport, person: Person, due: str, make: Make) -> EmailMessage:
    address = f"{environment.BASE_URL}{reverse('reports:show', kwargs={'report': saved.report})}?{saved.query}"
    ending = _("You keep this report under the name %(name)s: %(address)s") % {"name": saved.name, "address": address}
    try:
        subject, paragraphs, file = make(reader, saved)
    except Refusal as refusal:
        words = _("The report could not be computed: %(reason)s") % {"reason": refusal.message}
        return notice(saved.name, [words, ending], name=person.name, email=person.email or "")
    message = notice(subject, [*paragraphs, ending], name=person.name, email=person.email or "")
    # Stable, so that a mail sent twice after a crash is one mail to its reader.
    made_for = datetime.fromisoformat(due).strftime("%Y%m%dT%H%M%S")
    host = str(message["Message-ID"]).rpartition("@")[2]
    message.replace_header("Message-ID", f"<report-{saved.uuid}-{made_for}@{host}")
    name, media, content = file
    main, _slash, sub = media.partition(";")[0].partition("/")
    charset = {"charset": "utf-8"} if main == "text" else None
    message.add_attachment(content, maintype=main, subtype=sub, filename=name, params=charset)
    return message
