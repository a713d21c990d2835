"""The forms of administration, made from what rows declare about their fields."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.apps import apps
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.db.models import QuerySet
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.access.queries import managed
from mainstay.kernel.people.models import Person, Team
from mainstay.kernel.practice import settings as product_settings
from mainstay.kernel.practice.apps import Practice
from mainstay.kernel.practice.configuration import ConfigurationKind, Field, Row
from mainstay.kernel.practice.errors import Invalid
from mainstay.kernel.practice.zones import zone_names
from mainstay.kernel.web.controls import offer

#: What every page's form may carry beside its own fields.
CARRIED = {"csrfmiddlewaretoken", "seen"}
NOTHING = ("", "–")


class ExactForm(forms.Form):
    """A form that refuses fields it does not have, so that nobody sets what no control shows."""

    def clean(self) -> dict[str, Any]:
        if unknown := sorted(set(self.data) - set(self.fields) - CARRIED):
            raise forms.ValidationError(_now("Unknown fields: %(names)s.") % {"names": ", ".join(unknown)})
        return self.cleaned_data

    def refuse(self, errors: Mapping[str, str]) -> None:
        """Show what an action refused, at its field where the form has it."""
        for name, message in errors.items():
            self.add_error(name if name in self.fields else None, message)


class RowForm(ExactForm):
    """A configuration row; `values` gives what was entered as plain values."""

    def __init__(self, kind: ConfigurationKind, row: Row | None, actor: Actor, data: Any = None) -> None:
        initial = {field.name: _entered(field, row.get(field.name) if row else field.initial) for field in kind.fields}
        super().__init__(data, initial=initial)
        self.kind = kind
        for field in kind.fields:
            if row is not None or field.name != "retired":
                self.fields[field.name] = _control(field, initial[field.name], actor, kind.capability)
        if row is None:
            self.fields["key"] = forms.CharField(
                label=_now("Short name"),
                required=False,
                max_length=80,
                help_text=_now("How files and addresses call it; it never changes. Made from the name when empty."),
            )

    @property
    def values(self) -> Row:
        """What was entered, in the types of the fields."""
        return {
            field.name: _value(field, self.cleaned_data[field.name])
            for field in self.kind.fields
            if field.name in self.fields
        }


def _entered(field: Field, value: Any) -> Any:
    return "\n".join(value) if field.type == "lines" else value


def _value(field: Field, entered: Any) -> Any:
    if field.type == "lines":
        return [line.strip() for line in entered.splitlines() if line.strip()]
    if field.type == "choice":
        return entered or None
    return list(entered) if field.type == "choices" else entered


def _control(field: Field, value: Any, actor: Actor, capability: str) -> forms.Field:
    words: dict[str, Any] = {"label": field.label, "help_text": field.help, "required": field.required}
    if field.type in ("choice", "choices"):
        return _choice(field, value, actor, capability, words)
    if field.type == "yes_no":
        return forms.BooleanField(**{**words, "required": False})
    if field.type == "number":
        return forms.IntegerField(**{**words, "required": True}, min_value=field.minimum, max_value=field.maximum)
    if field.type == "secret":
        return _hidden(words, field.longest)
    if field.type == "text":
        return forms.CharField(**words, max_length=field.longest)
    return forms.CharField(**words, max_length=20_000, widget=forms.Textarea(attrs={"rows": 5}))


def _choice(field: Field, value: Any, actor: Actor, capability: str, words: dict[str, Any]) -> forms.Field:
    options = list(field.options() if field.options else ())
    if field.place:  # what somebody manages only
        mine = set(managed(actor, capability).values_list("slug", flat=True))
        options = [(slug, label) for slug, label in options if slug in mine]
    chosen = value if field.type == "choices" else [value] if value else []
    options += [(slug, slug) for slug in chosen if slug not in {known for known, label in options}]
    if field.type == "choices":
        return forms.MultipleChoiceField(**words, choices=options, widget=forms.CheckboxSelectMultiple)
    top = not field.required and (not field.place or not value)
    return forms.ChoiceField(**words, choices=[NOTHING, *options] if top or not value else options)


def organisation_choices(actor: Actor, capability: str) -> list[tuple[str, str]]:
    """Return the organisations in use that `actor` manages, by slug."""
    return list(managed(actor, capability).filter(retired=None).values_list("slug", "name"))


class PersonForm(ExactForm):
    """Who somebody is, and where they belong."""

    name = forms.CharField(label=_("Name"), max_length=200)
    email = forms.EmailField(
        label=_("E-mail"), required=False, help_text=_("They sign in with it, and mail goes there.")
    )
    phone = forms.CharField(label=_("Telephone"), required=False, max_length=50)
    organisation = forms.ChoiceField(label=_("Organisation"))
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    zone = forms.ChoiceField(label=_("Time zone"), choices=[(name, name) for name in zone_names()])

    def __init__(self, actor: Actor, data: Any = None, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        choices = organisation_choices(actor, "people.manage")
        present = (initial or {}).get("organisation")
        if present and present not in dict(choices):  # retired meanwhile, and still where they belong
            choices.append((present, present))
        offer(self, "organisation", choices)


class NewPersonForm(PersonForm):
    """A person, and if wanted the password they start with."""

    password = forms.CharField(
        label=_("First password"),
        required=False,
        strip=False,
        max_length=128,
        help_text=_("Leave it empty for people who do not sign in, or who sign in by another service."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        if password:
            validate_password(password)
        return password


class ReasonForm(ExactForm):
    """Why something is done."""

    reason = forms.CharField(label=_("Reason"), max_length=500)


class AddressForm(ExactForm):
    """Somebody, by their address."""

    email = forms.EmailField(label=_("E-mail address of the person"))

    def found_among(self, people: QuerySet[Person]) -> Person | None:
        """Return the active one with this address; where there is none, say so at the field."""
        found = people.filter(email__iexact=self.cleaned_data["email"], is_active=True).first()
        if found is None:
            self.refuse({"email": _now("You manage no active person with this address.")})
        return found


class MemberForm(AddressForm):
    """Somebody for a team."""

    leads = forms.BooleanField(label=_("Leads the team"), required=False)


class GrantForm(ExactForm):
    """A role for a team or a person, in an organisation."""

    role = forms.ChoiceField(label=_("Role"))
    organisation = forms.ChoiceField(label=_("In the organisation, and all below it"))
    team = forms.ChoiceField(label=_("To the team"), required=False)
    email = forms.EmailField(label=_("Or to the person with this e-mail address"), required=False)

    def __init__(
        self,
        actor: Actor,
        roles: list[tuple[str, str]],
        teams: QuerySet[Team],
        data: Any = None,
        initial: Any = None,
    ) -> None:
        super().__init__(data, initial=initial)
        offer(self, "role", roles)
        offer(self, "organisation", organisation_choices(actor, "access.manage"))
        offer(self, "team", [NOTHING, *teams.values_list("slug", "name")])

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if bool(values.get("team")) == bool(values.get("email")):
            self.add_error("team", _now("Choose a team or name a person, one of them."))
        return values


#: What the first words of the kernel's own settings mean; those of a practice mean the practice.
PARTS = {
    "automation": _("Rules"),
    "files": _("Files"),
    "mail": _("E-mail"),
    "notify": _("Notifications"),
    "search": _("Suggestions"),
}


class SettingsForm(ExactForm):
    """Every declared setting; a secret is never shown, and empty keeps it."""

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        for key, declared in product_settings.DECLARED.items():
            self.fields[key] = _setting(declared)

    def parts(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Return the fields by the part of the product that declared them, in its order."""
        parts: dict[str, list[forms.BoundField]] = {}
        for bound in self:
            parts.setdefault(bound.name.partition(".")[0], []).append(bound)
        names = PARTS | {each.label: each.verbose_name for each in apps.get_app_configs() if isinstance(each, Practice)}
        return sorted((str(names[name]), part) for name, part in parts.items())

    @property
    def values(self) -> dict[str, Any]:
        """The settings as entered, without secrets that were left empty."""
        declared = product_settings.DECLARED
        return {key: value for key, value in self.cleaned_data.items() if value != "" or not declared[key].secret}

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        for key, value in self.values.items():
            try:
                product_settings.check(product_settings.DECLARED[key], value)
            except Invalid as refused:
                self.add_error(key, refused.errors[key])
        return values


def _hidden(words: dict[str, Any], longest: int) -> forms.Field:
    words = {**words, "help_text": _now("Never shown. Leave it empty to keep what is set."), "required": False}
    hidden = forms.PasswordInput(attrs={"autocomplete": "off"})
    return forms.CharField(**words, strip=False, max_length=longest, widget=hidden)


def _setting(declared: product_settings.Declaration) -> forms.Field:
    words: dict[str, Any] = {"label": declared.label, "help_text": declared.help}
    if declared.secret:
        return _hidden(words, product_settings.LONGEST)
    words["initial"] = product_settings.value(declared.key)
    if declared.kind is bool:
        return forms.BooleanField(**words, required=False)
    if declared.kind is int:
        return forms.IntegerField(**words, min_value=declared.minimum, max_value=declared.maximum)
    return forms.CharField(**words, required=False, max_length=product_settings.LONGEST)
