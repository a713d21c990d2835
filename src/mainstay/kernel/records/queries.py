"""Finding records, always as somebody: what an actor may not see is not there."""

from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any, Generic, TypeVar, cast
from uuid import UUID

from django.db.models import CharField, Q, QuerySet
from django.utils.translation import gettext as _

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.access.engine.decision import Standing
from mainstay.kernel.access.queries import allowed
from mainstay.kernel.practice.errors import Missing, NotPermitted
from mainstay.kernel.practice.registry import kinds
from mainstay.kernel.practice.statements import KEPT, Statement
from mainstay.kernel.records.merged import merged_into_it, parts_of, went_into
from mainstay.kernel.records.models import Attachment, Category, Comment, Record, ReplyState, ScheduledReply, Visibility

Detail = TypeVar("Detail", bound=Record)


def visible_to(actor: Actor, capability: str = "read") -> QuerySet[Record]:
    """Return the records of every kind on which `actor` holds `{kind}.{capability}`."""
    condition = Q(pk__in=())
    for kind in kinds:
        condition |= Q(kind=kind) & allowed(actor, f"{kind}.{capability}")
    return Record.objects.filter(condition)


def visible_details(model: type[Detail], kind: str, actor: Actor, capability: str = "read") -> QuerySet[Detail]:
    """Return the rows of one kind's own model on which `actor` holds `{kind}.{capability}`."""
    rows: Any = model._default_manager.filter(allowed(actor, f"{kind}.{capability}"))
    return cast("QuerySet[Detail]", rows)


class Finder(Generic[Detail]):
    """Finds a record by its number among those that somebody may see.

    `Finder(lambda actor: visible_to(actor).select_related("team"))(actor, number)` returns the one that has, or once
    had, the number in any spelling. What was merged leads to the record it goes on in, if the actor may see that. It
    raises Missing if there is none. What it asks is written once for each standing.
    """

    def __init__(self, visible: Callable[[Actor], QuerySet[Detail]]) -> None:
        self._visible = visible
        self._numbered = lru_cache(maxsize=KEPT)(partial(self._statement, "number"))
        self._once_numbered = lru_cache(maxsize=KEPT)(partial(self._statement, "former_numbers__number"))

    def __call__(self, actor: Actor, number: str) -> Detail:
        number = number.upper()
        found = self._numbered(actor.standing)(number=number) or self._once_numbered(actor.standing)(number=number)
        if not found:
            raise Missing(_("There is nothing here, or you may not see it."))
        return self.going_on(actor, found[0])

    def _statement(self, column: str, standing: Standing) -> Statement[Detail]:
        rows = self._visible(Actor(standing))
        return Statement(lambda number: rows.filter(**{column: number}), number=CharField())

    def going_on(self, actor: Actor, record: Detail) -> Detail:
        """Return the record in which this one goes on for the actor, or itself where it was not merged into one."""
        above = went_into(record.pk) if record.merged_into_id is not None else []
        found = self._visible(actor).in_bulk(above) if above else {}
        return next((found[key] for key in reversed(above) if key in found), record)


#: Finds a record of any kind that the actor may see, or whose internal part it may see.
find = Finder(visible_to)
find_internal = Finder(partial(visible_to, capability="read_internal"))


def merged_into(actor: Actor, record: Record) -> QuerySet[Record]:
    """Return the records that were merged into `record`, as far as `actor` may see them."""
    related = ("organisation", "requester", "team", "assignee", "category", "merged_into")
    return visible_to(actor).filter(pk__in=merged_into_it(record.pk)).select_related(*related)


def require(actor: Actor, capability: str, record: Record) -> None:
    """Raise Missing if `actor` may not see `record`, NotPermitted if it may not do `{kind}.{capability}`."""
    if actor.can(f"{record.kind}.{capability}", record):
        return
    if not actor.can(f"{record.kind}.read", record):
        raise Missing(_("There is nothing here, or you may not see it."))
    raise NotPermitted(_("You may see this record, but you do not have the right to do that."))


def reads_internal(actor: Actor, record: Record) -> bool:
    """Return whether `actor` sees the internal part of `record`: internal comments, events and fields."""
    return actor.can(f"{record.kind}.read_internal", record)


def comments_for(actor: Actor, record: Record) -> QuerySet[Comment]:
    """Return the comments on `record` that `actor` may read, oldest first."""
    return Comment.objects.filter(_readable(actor, record, "pk")).order_by("written", "id")


def attachments_for(actor: Actor, record: Record) -> QuerySet[Attachment]:
    """Return the files on `record` that `actor` may read, oldest first."""
    return Attachment.objects.filter(_readable(actor, record, "comment")).select_related("content", "added_by")


def _readable(actor: Actor, record: Record, comment: str) -> Q:
    """Return the condition on what hangs on a record, on one merged into it or on a comment (the column that names it)
    that was split off into it, under which `actor` may read it."""
    parts = parts_of(actor, record)
    own = Q(record__in=parts.whole) | Q(record__in=parts.public, visibility=Visibility.PUBLIC)
    return own | Q(**{f"{comment}__in": list(parts.taken)}) if parts.taken else own


def attachment_for(actor: Actor, uuid: UUID) -> Attachment:
    """Return a file on a record that `actor` may read. Raises Missing if there is none."""
    attachment = Attachment.objects.select_related("record", "content").filter(uuid=uuid).first()
    if attachment is None or not attachments_for(actor, attachment.record).filter(pk=attachment.pk).exists():
        raise Missing(_("There is nothing here, or you may not see it."))
    require(actor, "read", attachment.record)
    return attachment


def waiting_replies(record: Record) -> QuerySet[ScheduledReply]:
    """Return the replies that are to be sent on a record, whose internal part the caller may see."""
    return ScheduledReply.objects.filter(record=record, state=ReplyState.WAITING).select_related("author", "record")


def waiting_reply(record: Record, uuid: UUID) -> ScheduledReply:
    """Return a reply that is to be sent on a record. Raises Missing if there is none, or none any more."""
    found = waiting_replies(record).filter(uuid=uuid).first()
    if found is None:
        raise Missing(_("There is nothing here, or you may not see it."))
    return found


def moves_for(actor: Actor, record: Record) -> list[Any]:
    """Return the moves that `record`'s state allows and `actor` may make: the buttons, and nothing else."""
    return [
        move
        for move in kinds[record.kind].lifecycle.moves_from(record.state)
        if actor.can(f"{record.kind}.{move.verb}", record)
    ]


def category_path(category: Category) -> str:
    """Return a category's name after the names above it: Hardware / Printer."""
    above = f"{category_path(category.parent)} / " if category.parent else ""
    return f"{above}{category.name}"
