"""The form with which some of what was said becomes a case of its own."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.text import Truncator
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.records.models import Comment, Record, Visibility
from mainstay.kernel.web.formats import absolute_time
from mainstay.kernel.web.records.forms import text
from mainstay.support.service_desk.queries import desk

#: So much of a message is shown to know it by.
SHOWN = 120


class SplitForm(forms.Form):
    """Which messages, and what the new case is."""

    title = forms.CharField(label=_("What is the new case about?"), max_length=250)
    kind = forms.ChoiceField(label=_("It begins as"), choices=[("contact", _("Contact")), ("incident", _("Incident"))])
    for_whom = forms.CharField(
        label=_("Caller of the new case"), max_length=300, required=False, help_text=_("Name or e-mail address")
    )
    description = text(
        _("Description"),
        required=False,
        help_text=_("The caller of the new case reads it, the messages only whoever read them here."),
    )

    def __init__(self, record: Record, comments: Sequence[Comment], data: QueryDict | None = None) -> None:
        self._same = (record.requester.email or "") if record.requester else ""
        super().__init__(data, initial={"for_whom": self._same})
        self._comments = {str(each.uuid): each for each in comments}
        labels = [(key, _known_by(each)) for key, each in self._comments.items()]
        self.fields["comments"] = forms.MultipleChoiceField(
            label=_("Messages that go on there"), choices=labels, widget=forms.CheckboxSelectMultiple
        )
        self.order_fields(["comments", "title", "kind", "for_whom", "description"])

    def values(self, actor: Actor) -> dict[str, Any]:
        """Return what `actions.split` takes. Raises Invalid where nobody or several are called so."""
        given = self.cleaned_data
        return {
            "comments": [self._comments[key] for key in given["comments"]],
            "title": given["title"],
            "kind": given["kind"],
            "description": given["description"],
            "requester": None if given["for_whom"] in ("", self._same) else desk.the_caller(actor, given["for_whom"]),
        }


def _known_by(comment: Comment) -> str:
    words = (
        _now("%(who)s, %(when)s, internal: %(words)s")
        if comment.visibility == Visibility.INTERNAL
        else _now("%(who)s, %(when)s: %(words)s")
    )
    who = comment.author.name if comment.author else _now("Mainstay")
    return words % {"who": who, "when": absolute_time(comment.written), "words": Truncator(comment.body).chars(SHOWN)}
