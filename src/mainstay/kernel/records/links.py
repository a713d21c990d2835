"""The kinds of links, each knowing its inverse."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class LinkKind:
    """A kind of link: how it reads from the source, and from the target."""

    slug: str
    label: Any
    inverse: Any
    #: A target may have only one such link (a child has one parent), and chains must not close to a circle.
    hierarchical: bool = False
    #: Chains must not close to a circle, as of what hangs on another.
    acyclic: bool = False


LINK_KINDS = {
    kind.slug: kind
    for kind in (
        LinkKind("relates_to", _("relates to"), _("relates to")),
        LinkKind("parent_of", _("is parent of"), _("is child of"), hierarchical=True),
        LinkKind("causes", _("causes"), _("is caused by")),
        LinkKind("duplicates", _("duplicates"), _("is duplicated by"), acyclic=True),
        LinkKind("follows", _("follows up on"), _("is followed up by")),
    )
}
