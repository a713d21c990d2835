"""What children and duplicates do when something is done with the one they hang on, as configuration rows."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from mainstay.kernel.events.actions import Author
from mainstay.kernel.practice.configuration import ConfigurationKind, Field, Row, register
from mainstay.support.service_desk.actions.configuration import save_link_policy
from mainstay.support.service_desk.models import Follows, LinkPolicy

FIELDS = ("name", "resolving", "closing", "commenting", "blocks")


def _policies() -> dict[str, Row]:
    rows = LinkPolicy.objects.order_by("pk")
    return {row.slug: {name: getattr(row, name) for name in FIELDS} for row in rows}


def _write(*, by: Author, key: str, values: Row) -> None:
    save_link_policy(by=by, slug=key, **values)


def _follows(name: str, label: Any, help: Any) -> Field:
    return Field(name, "choice", label, help, required=True, options=lambda: Follows.choices, column=True)


register(
    ConfigurationKind(
        name="link-policies",
        label=_("What follows on links"),
        singular=_("What follows"),
        icon="link",
        capability="contact.configure",
        subject="link_policy",
        help=_("What the children of a case and its duplicates do when something is done with it."),
        fields=(
            Field("name", "text", _("Name"), required=True, column=True, longest=100),
            _follows("resolving", _("When it is resolved"), _("They are resolved with its solution, each by itself.")),
            _follows("closing", _("When it is closed"), _("Those that are resolved are closed.")),
            _follows(
                "commenting", _("When its caller is written to"), _("The same is written to theirs, each caller once.")
            ),
            Field("blocks", "yes_no", _("Unresolved ones keep it from being closed")),
        ),
        read=_policies,
        write=_write,
        find=lambda key: LinkPolicy.objects.filter(slug=key).first(),
        fixed=True,
    )
)
