"""Changing how mails are worded."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from mainstay.kernel.events.actions import Author, retirement, write_row
from mainstay.kernel.mail.announcements import announcements
from mainstay.kernel.mail.engine.wording import NAMES
from mainstay.kernel.mail.models import Audience, MailTemplate
from mainstay.kernel.practice.errors import Invalid
from mainstay.kernel.practice.placeholders import unknown


@transaction.atomic
def save_template(*, by: Author, slug: str, retired: bool, **values: Any) -> MailTemplate:
    """Make a template, or change the one with this slug. Raises Invalid for refused values.

    What it is for stands in its slug and cannot be changed: mails are found by it.
    """
    _check(slug, values)
    template = MailTemplate.objects.select_for_update().filter(slug=slug).first() or MailTemplate(slug=slug)
    written = {**values, "retired": retirement(template, retired)}
    write_row(template, written, by=by, subject=f"mail_template:{slug}")
    return template


def _check(slug: str, values: dict[str, Any]) -> None:
    errors: dict[str, str] = {}
    if slug != (fits := slug_of(values)):
        words = _("There is one text for each event, audience and language. For these it is called %(name)s.")
        errors["event"] = words % {"name": fits}
    announcement = announcements.get(values["event"])
    if announcement is None or not getattr(announcement, str(Audience(values["audience"]))):
        errors["audience"] = _("They get no mail about this.")
    for name in ("subject", "body"):
        if wrong := unknown(values[name], NAMES):
            names = {"wrong": ", ".join(wrong), "names": ", ".join(f"{{{each}}}" for each in NAMES)}
            errors[name] = _("There is no %(wrong)s; known are: %(names)s.") % names
    if errors:
        raise Invalid(errors)


def slug_of(values: dict[str, Any]) -> str:
    """Return the slug of the template for what `values` name."""
    return f"{values['event']}.{values['audience']}.{values['language']}".lower()
