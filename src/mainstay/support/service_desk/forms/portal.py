"""The forms of the portal, in the requester's words."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from mainstay.kernel.records.actions.attachment import Upload
from mainstay.kernel.records.models import Category
from mainstay.kernel.web.records.forms import CategoryField, attribute_fields, attributes_in, reached
from mainstay.support.incidents.queries import opening_categories
from mainstay.support.service_desk import queries
from mainstay.support.service_desk.models.satisfaction import SCORES


class ReportForm(forms.Form):
    """What somebody needs, in their own words; nothing else has to be known."""

    title = forms.CharField(
        label=_("What is wrong?"), max_length=250, help_text=_("A few words, such as “The printer does not print”.")
    )
    description = forms.CharField(
        label=_("Tell us more"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Since when? Where? What did you see? Whatever comes to your mind helps."),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["category"] = CategoryField(
            _("What is it about?"),
            opening_categories(),
            required=False,
            help_text=_("Leave it open if you are not sure."),
            empty_label=str(_("Not sure")),
        )
        self.fields |= attribute_fields(queries.KIND, self._chosen(), public_only=True)
        self.fields["call_back"] = reached(_("How can we reach you best? (optional)"))

    def _chosen(self) -> Category | None:
        slug = self.data.get("category") if self.is_bound else None
        return opening_categories().filter(slug=slug).first() if slug else None

    def values(self) -> dict[str, Any]:
        """Return what `actions.take_in` takes."""
        given = self.cleaned_data
        plain = {name: given[name] for name in ("title", "description", "category", "call_back")}
        return {**plain, "attributes": attributes_in(given)}


class ReasonForm(forms.Form):
    """Why it is not solved."""

    reason = forms.CharField(label=_("What is still wrong?"), widget=forms.Textarea(attrs={"rows": 3}))


class RatingForm(forms.Form):
    """How satisfied the requester is."""

    score = forms.TypedChoiceField(
        label=_("Your rating"), choices=SCORES, coerce=int, widget=forms.RadioSelect, empty_value=None
    )
    words = forms.CharField(
        label=_("What was good, what was not? (optional)"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def uploads(files: "MultiValueDict[str, UploadedFile[Any]]") -> list[Upload]:
    """Return the files that came with a form, as actions take them."""
    return [Upload(file.name or "", file) for file in files.getlist("files")]
