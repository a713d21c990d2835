"""The forms of signing in and of the profile."""

from collections.abc import Iterable
from typing import Any

from allauth.account.forms import ChangePasswordForm, LoginForm, ReauthenticateForm, SetPasswordForm
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.db.models import QuerySet
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from mainstay.kernel.access.actions import DEFAULT_TOKEN_LIFE, LONGEST_TOKEN_LIFE
from mainstay.kernel.people.models import Person
from mainstay.kernel.practice.zones import zone_names
from mainstay.kernel.web.controls import offer

PASSWORD_ADVICE = _("At least 8 characters; a few words that only you put together are best.")


def _own_words(field: forms.Field, label: object, help_text: object = "") -> None:
    """Give a field of django-allauth our label and help; placeholders are no labels, so they go."""
    field.label, field.help_text = str(label), str(help_text)
    field.widget.attrs.pop("placeholder", None)


class SignInForm(LoginForm):
    """E-mail address and password."""

    def __init__(self, *arguments: object, **values: object) -> None:
        super().__init__(*arguments, **values)
        _own_words(self.fields["login"], _("E-mail address"))
        _own_words(self.fields["password"], _("Password"))
        _own_words(self.fields["remember"], _("Stay signed in on this device"))
        self.fields["login"].widget.attrs["autocomplete"] = "username webauthn"


class PasswordAgainForm(ReauthenticateForm):
    """The password once more, before something that protects the account is changed."""

    def __init__(self, *arguments: object, **values: object) -> None:
        super().__init__(*arguments, **values)
        _own_words(self.fields["password"], _("Your password"))


class NewPasswordForm(ChangePasswordForm):
    """The old password and the new one; one field is enough, for it can be shown."""

    def __init__(self, *arguments: object, **values: object) -> None:
        super().__init__(*arguments, **values)
        _own_words(self.fields["oldpassword"], _("Your password until now"))
        _own_words(self.fields["password1"], _("New password"), PASSWORD_ADVICE)
        _own_words(self.fields["password2"], _("New password, once more"))


class FirstPasswordForm(SetPasswordForm):
    """A password for somebody who signed in without one so far."""

    def __init__(self, *arguments: object, **values: object) -> None:
        super().__init__(*arguments, **values)
        _own_words(self.fields["password1"], _("New password"), PASSWORD_ADVICE)
        _own_words(self.fields["password2"], _("New password, once more"))


def _new_password(label: Any) -> forms.CharField:
    """Return a field for a password that somebody chooses."""
    return forms.CharField(
        label=label,
        strip=False,
        max_length=128,
        help_text=PASSWORD_ADVICE,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class FirstAdministratorForm(forms.Form):
    """Who the first administrator is."""

    name = forms.CharField(label=_("Your name"), max_length=200)
    email = forms.EmailField(label=_("E-mail address"), help_text=_("You sign in with it."))
    password = _new_password(_("Password"))

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        person = Person(name=self.cleaned_data.get("name", ""), email=self.cleaned_data.get("email"))
        validate_password(password, person)
        return password


class ForgottenPasswordForm(forms.Form):
    """Whose password is forgotten."""

    email = forms.EmailField(
        label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "username"}), max_length=254
    )


class ChosenPasswordForm(forms.Form):
    """The password somebody chooses with a link that was mailed to them."""

    token = forms.CharField(widget=forms.HiddenInput)
    password = _new_password(_("New password"))

    def __init__(self, person: Person | None, *arguments: Any, **values: Any) -> None:
        super().__init__(*arguments, **values)
        self.person = person

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        validate_password(password, self.person)
        return password


def _zones() -> list[tuple[str, str]]:
    return [(name, name.replace("_", " ")) for name in zone_names() if "/" in name or name == "UTC"]


class ProfileForm(forms.Form):
    """What people change about themselves; the address they sign in with is the administrator's to change."""

    name = forms.CharField(label=_("Name"), max_length=200)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    zone = forms.ChoiceField(label=_("Time zone"), choices=lazy(_zones, list)())
    theme = forms.ChoiceField(
        label=_("Colours"),
        choices=[("auto", _("As the device")), ("light", _("Light")), ("dark", _("Dark"))],
    )
    shortcuts = forms.ChoiceField(
        label=_("Keyboard shortcuts"),
        choices=[("on", _("On")), ("off", _("Off"))],
        help_text=_("Single keys such as j and k. Switch them off if you dictate."),
    )


class AbsenceForm(forms.Form):
    """When somebody is away, in their own time, and who stands in."""

    begins = forms.DateTimeField(label=_("Away from"))
    ends = forms.DateTimeField(label=_("Back on"))

    def __init__(self, colleagues: QuerySet[Person], data: Any = None) -> None:
        super().__init__(data)
        self.fields["substitute"] = forms.ModelChoiceField(
            colleagues,
            label=_("Who stands in for you"),
            required=False,
            to_field_name="uuid",
            empty_label="–",
            help_text=_(
                "They hear of your work as far as they may see it. If they are away, too, their substitute does."
            ),
        )


class TokenForm(forms.Form):
    """A new token of the API."""

    name = forms.CharField(label=_("What is it for?"), max_length=100, help_text=_("Such as “nightly export”."))
    days = forms.IntegerField(
        label=_("Days it works"), min_value=1, max_value=LONGEST_TOKEN_LIFE, initial=DEFAULT_TOKEN_LIFE
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        required=False,
        help_text=_("Choose nothing, and it may do all that you may do, now and later."),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, data: Any = None, *, choices: Iterable[tuple[str, Any]] = ()) -> None:
        super().__init__(data)
        offer(self, "scopes", choices)

    def clean_scopes(self) -> list[str] | None:
        return self.cleaned_data["scopes"] or None
