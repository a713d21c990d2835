"""The form of an announcement."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.access.queries import governs, managed
from mainstay.kernel.people.models import Team
from mainstay.support.service_desk.models import Announcement
from mainstay.support.service_desk.models.announcements import Severity
from mainstay.support.service_desk.queries.announcements import ANNOUNCE


class AnnouncementForm(forms.Form):
    """What people are to know, when, and who they are: only those for whom the actor may announce can be chosen."""

    title = forms.CharField(label=_("What is it about?"), max_length=200)
    body = forms.CharField(label=_("Text"), required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 5}))
    outage = forms.BooleanField(
        label=_("Planned outage"),
        required=False,
        help_text=_("It is told at once and stands on the board as coming. Anything else is told when it begins."),
    )
    severity = forms.ChoiceField(label=_("Severity"), choices=Severity.choices)
    begins = forms.DateTimeField(label=_("Begins"), help_text=_("In your time zone; everybody reads it in theirs."))
    ends = forms.DateTimeField(label=_("Ends"))
    everybody = forms.BooleanField(label=_("For everybody"), required=False)
    public = forms.BooleanField(
        label=_("On the page to sign in, too"),
        required=False,
        help_text=_("Its title and time can then be read by whoever opens that page."),
    )

    def __init__(self, data: Any = None, *, actor: Actor, **details: Any) -> None:
        super().__init__(data, **details)
        here = managed(actor, ANNOUNCE).order_by("name")
        teams = Team.objects.filter(retired=None, organisation__in=here.values("pk")).order_by("name")
        self.fields["organisations"] = forms.ModelMultipleChoiceField(
            here,
            label=_("Organisations"),
            to_field_name="slug",
            required=False,
            help_text=_("With all that are below them."),
        )
        self.fields["teams"] = forms.ModelMultipleChoiceField(
            teams, label=_("Teams"), to_field_name="slug", required=False
        )
        if not governs(actor, ANNOUNCE):
            del self.fields["everybody"], self.fields["public"]

    def values(self) -> dict[str, Any]:
        """Return what the actions take."""
        lists = {name: list(self.cleaned_data[name]) for name in ("organisations", "teams")}
        return {**self.cleaned_data, **lists}


class CancelForm(forms.Form):
    """Why it does not take place."""

    reason = forms.CharField(
        label=_("Reason (optional)"), required=False, max_length=500, help_text=_("Those who were told read it.")
    )


def initial(row: Announcement) -> dict[str, Any]:
    """Return what the form of an announcement shows to begin with."""
    names = ("title", "body", "outage", "severity", "begins", "ends", "everybody", "public")
    lists = {name: [each.slug for each in getattr(row, name).all()] for name in ("organisations", "teams")}
    return {**{name: getattr(row, name) for name in names}, **lists}
