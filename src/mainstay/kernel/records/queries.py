"""Finding records, always as somebody: what an actor may not see is not there."""

from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.access.queries import allowed
from mainstay.kernel.practice.errors import Missing, NotPermitted
from mainstay.kernel.practice.registry import kinds
from mainstay.kernel.records.models import Attachment, Category, Comment, Record, Visibility

Detail = TypeVar("Detail", bound=Record)


def visible_to(actor: Actor, capability: str = "read") -> QuerySet[Record]:
    """Return the records of every kind on which `actor` holds `{kind}.{capability}`."""
    condition = Q(pk__in=())
    for kind in kinds:
        condition |= Q(kind=kind) & allowed(actor, f"{kind}.{capability}")
    return Record.objects.filter(condition)


def visible_details(model: type[Detail], kind: str, actor: Actor, capability: str = "read") -> QuerySet[Detail]:
    """Return the rows of one kind's own model on which `actor` holds `{kind}.{capability}`."""
    rows: QuerySet[Detail] = model._default_manager.filter(allowed(actor, f"{kind}.{capability}"))  # type: ignore[assignment]
    return rows


def find(records: QuerySet[Detail], number: str) -> Detail:
    """Return the record of `records` that has or once had `number`; raise Missing if there is none."""
    number = number.upper()
    found = records.filter(number=number).first() or records.filter(former_numbers__number=number).first()
    if found is None:
        raise Missing(_("There is nothing here, or you may not see it."))
    return found


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
    comments = Comment.objects.filter(record=record)
    if not reads_internal(actor, record):
        comments = comments.filter(visibility=Visibility.PUBLIC)
    return comments.order_by("written", "id")


def attachments_for(actor: Actor, record: Record) -> QuerySet[Attachment]:
    """Return the files on `record` that `actor` may read, oldest first."""
    attachments = Attachment.objects.filter(record=record).select_related("content", "added_by")
    if not reads_internal(actor, record):
        attachments = attachments.filter(visibility=Visibility.PUBLIC)
    return attachments


def attachment_for(actor: Actor, uuid: UUID) -> Attachment:
    """Return a file on a record that `actor` may read. Raises Missing if there is none."""
    attachment = Attachment.objects.select_related("record", "content").filter(uuid=uuid).first()
    if attachment is None or not attachments_for(actor, attachment.record).filter(pk=attachment.pk).exists():
        raise Missing(_("There is nothing here, or you may not see it."))
    require(actor, "read", attachment.record)
    return attachment


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
