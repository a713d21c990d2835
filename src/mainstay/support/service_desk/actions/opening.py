"""Taking in contacts."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.people.models import Person, Team
from mainstay.kernel.practice.errors import Invalid, NotPermitted, NotPossible
from mainstay.kernel.records.actions import Upload, attach_all, link
from mainstay.kernel.records.actions import create as create_record
from mainstay.kernel.records.attributes import checked
from mainstay.kernel.records.models import Access, Category, Record
from mainstay.kernel.records.queries import require
from mainstay.support.incidents.actions.checks import check_call_back, check_category, check_title
from mainstay.support.incidents.queries import opening_categories
from mainstay.support.service_desk import queries
from mainstay.support.service_desk.actions.checks import check_source, check_type
from mainstay.support.service_desk.actions.owning import owning
from mainstay.support.service_desk.models import Contact, Source, Type


@transaction.atomic
def create(
    *,
    by: Actor,
    title: str,
    description: str = "",
    requester: Person | None = None,
    category: Category | None = None,
    attributes: Mapping[str, Any] | None = None,
    source: str = Source.PORTAL,
    type: str = Type.CASE,
    call_back: str = "",
    team: Team | None = None,
    access: str = Access.PUBLIC,
) -> Contact:
    """Take in what `requester`, by default the actor, turns to the desk with; the desk of the organisation gets it.

    With a `team` that team works on it, and the desk still answers for it; without one, a rule may give it another.

    Raises Invalid for refused values and NotPermitted where the actor may not do so for that person.
    """
    requester = requester or by.person
    if requester is None:
        raise Invalid({"requester": _("Say who turns to the desk.")})
    opened = timezone.now()
    contact = Contact(
        title=check_title(title),
        description=description.replace("\x00", "").strip(),
        requester=requester,
        organisation=requester.organisation,
        category=check_category(category, opening_categories(), "category"),
        source=check_source(source),
        type=check_type(type),
        call_back=check_call_back(call_back),
        opened=opened,
        access=access,
        **owning(requester.organisation, type, opened),
    )
    if not by.can("contact.create", contact):
        raise NotPermitted(_("You may not do this for that person."))
    contact.attributes = checked(
        queries.KIND,
        category,
        attributes or {},
        public_only=not by.can("contact.edit", contact),
        incomplete=by.door in ("mail", "rule"),
    )
    contact.team = team or contact.owner
    undecided = ("team",) if team is None else ()
    return create_record(contact, by=by, kind=queries.KIND, data={"source": source, "type": type}, undecided=undecided)


@transaction.atomic
def take_in(*, by: Actor, files: Sequence[Upload] = (), **values: Any) -> Contact:
    """Take in a contact with its files, all or nothing. Takes what `create` takes, raises what both raise."""
    contact = create(by=by, **values)
    attach_all(contact, by=by, files=files)
    return contact


@transaction.atomic
def follow_up(closed: Record, *, by: Actor, reason: str, source: str = Source.PORTAL, call_back: str = "") -> Contact:
    """Take in a new contact that follows a closed record of any kind, when it is too late to reopen that.

    Raises NotPossible while the old one can still be worked on, NotPermitted where the actor may not do so.
    """
    require(by, "reopen", closed)
    if closed.state_category != "closed":
        raise NotPossible(_("It is not closed yet: write to it, or reopen it."))
    if not reason.strip():
        raise Invalid({"reason": _("Say what is wrong again.")})
    follower = create(
        by=by,
        title=closed.title,
        description=reason,
        requester=closed.requester,
        category=closed.category if closed.category and closed.category.retired is None else None,
        source=source,
        call_back=call_back,
    )
    link(follower, "follows", closed, by=by, permitted_by="reopen")
    return follower
