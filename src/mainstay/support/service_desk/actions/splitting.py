"""Making a case of its own of some of what was said on another, and taking that back."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.people.models import Person
from mainstay.kernel.practice.errors import Invalid, NotPossible
from mainstay.kernel.records import actions as records
from mainstay.kernel.records.models import Access, Comment, Record
from mainstay.kernel.records.queries import require
from mainstay.support.incidents import actions as incidents
from mainstay.support.incidents.models import Incident
from mainstay.support.incidents.queries import assignable_teams as incident_teams
from mainstay.support.service_desk.actions.moves import cancel
from mainstay.support.service_desk.actions.opening import create
from mainstay.support.service_desk.models import Contact, Source

#: How a case of each kind is taken in, and given up again.
CREATE: Mapping[str, Callable[..., Record]] = {"contact": create, "incident": incidents.create}
CANCEL: Mapping[str, Callable[..., Any]] = {"contact": cancel, "incident": incidents.cancel}
MODELS: Mapping[str, type[Record]] = {"contact": Contact, "incident": Incident}


@transaction.atomic
def split(
    record: Contact | Incident,
    *,
    by: Actor,
    comments: Sequence[Comment],
    title: str,
    description: str = "",
    kind: str = "contact",
    requester: Person | None = None,
) -> Record:
    """Take in a new case in which chosen comments on `record` go on, with their files; return it.

    Its requester is that of `record` unless another of the same organisation is given. Comments stay where they are
    and are read in the new case by whoever reads them there (see `records.actions.split`); `description` is all that
    is new. The case is as closed to others as `record`, reached us the same way, and relates to it. Raises Invalid and
    NotPossible as those actions do.
    """
    require(by, "merge", record)
    if kind not in CREATE:
        raise Invalid({"kind": _("Choose one of: %(choices)s.") % {"choices": ", ".join(CREATE)}})
    requester = requester or record.requester
    if requester is None or requester.organisation_id != record.organisation_id:
        raise Invalid({"requester": _("Choose somebody of the organisation of this case.")})
    made = CREATE[kind](
        by=by,
        title=title,
        description=description,
        requester=requester,
        team=_team(record, kind),
        category=record.category if record.category and record.category.retired is None else None,
        source=record.source if record.source in Source.values else Source.PORTAL,
    )
    if record.access != Access.PUBLIC:
        records.edit(made, by=by, version=made.version, values={"access": record.access, "team": record.team})
    records.split(record, made, by=by, comments=comments)
    records.link(made, "relates_to", record, by=by, permitted_by="merge")
    return made


def _team(record: Record, kind: str) -> Any:
    """Return the team that has the new case from the start: that of a confidential one, else whom the rules find."""
    if record.access != Access.CONFIDENTIAL or record.team is None:
        return None
    if kind == "incident" and not incident_teams(record.organisation).filter(pk=record.team.pk).exists():
        raise NotPossible(_("Only the team of this case may see it, and that team works on no incidents."))
    return record.team


@transaction.atomic
def unsplit(record: Record, made: Record, *, by: Actor) -> None:
    """Take a split back: what was taken out shows in `made` no longer, and `made` is cancelled.

    Raises NotPossible where nothing was split off, where something was said in `made` meanwhile (it would be lost
    from sight: merge it instead) and where its state does not let it be cancelled.
    """
    records.unsplit(record, made, by=by)
    if made.comments.exists():
        raise NotPossible(_("Something was written in %(number)s meanwhile: merge it.") % {"number": made.number})
    detail = MODELS[made.kind]._default_manager.get(pk=made.pk)
    CANCEL[made.kind](detail, by=by, reason=_("It was split off by mistake."))
