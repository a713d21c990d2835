"""Relating two records."""

from django.db import transaction
from django.utils.translation import gettext as _

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.events.actions import emit
from mainstay.kernel.practice.errors import Invalid, NotPossible
from mainstay.kernel.records.links import LINK_KINDS
from mainstay.kernel.records.models import Link, Record
from mainstay.kernel.records.queries import require


@transaction.atomic
def link(source: Record, kind: str, target: Record, *, by: Actor, permitted_by: str = "link") -> Link:
    """Link `source` to `target`; linking twice is linking once.

    Needs the capability `link` on both, or the one that the calling action checked before (`permitted_by`).
    Raises Invalid for an unknown kind, NotPossible for a second parent, and for a circle of children or duplicates.
    """
    require(by, permitted_by, source)
    require(by, permitted_by, target)
    if kind not in LINK_KINDS:
        raise Invalid({"kind": _("Choose one of: %(kinds)s.") % {"kinds": ", ".join(LINK_KINDS)}})
    if source.pk == target.pk:
        raise NotPossible(_("A record cannot be linked to itself."))
    if LINK_KINDS[kind].hierarchical or LINK_KINDS[kind].acyclic:
        _check_hierarchy(source, kind, target)
    made, is_new = Link.objects.get_or_create(kind=kind, source=source, target=target)
    if is_new:
        _tell("linked", made, by)
    return made


@transaction.atomic
def unlink(made: Link, *, by: Actor) -> None:
    """Remove a link. Needs the capability `link` on both ends."""
    require(by, "link", made.source)
    require(by, "link", made.target)
    _tell("unlinked", made, by)
    made.delete()


def _check_hierarchy(source: Record, kind: str, target: Record) -> None:
    # Both ends are locked in one order, so that two links made at once cannot close a circle between them.
    list(Record.objects.select_for_update().filter(pk__in=(source.pk, target.pk)).order_by("pk").values("pk"))
    others = Link.objects.filter(kind=kind, target=target).exclude(source=source)
    if LINK_KINDS[kind].hierarchical and others.exists():
        raise NotPossible(_("%(number)s already has a parent.") % {"number": target.number})
    above = level = {source.pk}
    while level:
        if target.pk in level:
            raise NotPossible(
                _("%(number)s stands above this record already.") % {"number": target.number}
                if LINK_KINDS[kind].hierarchical
                else _("%(number)s duplicates this record already.") % {"number": target.number}
            )
        found = Link.objects.filter(kind=kind, target__in=level).values_list("source", flat=True)
        level = set(found) - above
        above = above | level


def _tell(past: str, made: Link, by: Actor) -> None:
    for record, other, outward in ((made.source, made.target, True), (made.target, made.source, False)):
        emit(
            f"{record.kind}.{past}",
            by=by,
            record_id=record.pk,
            data={"kind": made.kind, "other": other.pk, "outward": outward},
        )
