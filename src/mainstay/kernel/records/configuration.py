"""Categories, custom fields and the names of states as configuration rows."""

from django.conf import settings
from django.utils.text import slugify
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from mainstay.kernel.events.actions import Author
from mainstay.kernel.people.configuration import RETIRED
from mainstay.kernel.practice.apps import names_of_records
from mainstay.kernel.practice.configuration import ConfigurationKind, Field, Options, Row, register
from mainstay.kernel.practice.errors import Invalid
from mainstay.kernel.practice.registry import kinds
from mainstay.kernel.records.actions.configuration import save_attribute, save_category, save_state_labels
from mainstay.kernel.records.models import AttributeDefinition, AttributeType, Category, StateLabel

AUDIENCES = {"agents": _("For agents"), "requesters": _("For requesters")}


def category_options() -> Options:
    """Return the categories in use, by slug."""
    return list(Category.objects.filter(retired=None).values_list("slug", "name"))


def _categories() -> dict[str, Row]:
    return {
        row.slug: {
            "name": row.name,
            "parent": row.parent.slug if row.parent else None,
            "opens": row.opens,
            "closes": row.closes,
            "retired": row.retired is not None,
        }
        for row in Category.objects.select_related("parent")
    }


def _write_category(*, by: Author, key: str, values: Row) -> None:
    parent = Category.objects.filter(slug=values["parent"]).first()
    save_category(by=by, slug=key, **{**values, "parent": parent})


def _attributes() -> dict[str, Row]:
    return {
        f"{row.kind}.{row.slug}": {
            "label": row.label,
            "kind": row.kind,
            "category": row.category.slug if row.category else None,
            "type": row.type,
            "help": row.help,
            "choices": list(row.choices),
            "required": row.required,
            "public": row.public,
            "position": row.position,
            "retired": row.retired is not None,
        }
        for row in AttributeDefinition.objects.select_related("category")
    }


def _write_attribute(*, by: Author, key: str, values: Row) -> None:
    kind, _dot, slug = key.partition(".")
    if kind != values["kind"]:
        raise Invalid(
            {"kind": _now("The key must begin with the kind: %(key)s.") % {"key": f"{values['kind']}.{slug}"}}
        )
    category = Category.objects.filter(slug=values["category"]).first()
    save_attribute(by=by, slug=slug, **{**values, "category": category})


def _find_attribute(key: str) -> AttributeDefinition | None:
    kind, _dot, slug = key.partition(".")
    return AttributeDefinition.objects.filter(kind=kind, slug=slug).first()


def _kind_options() -> Options:
    return list(names_of_records().items())


def _state_labels() -> dict[str, Row]:
    rows = {
        f"{kind.name}.{state}": {field.name: "" for field in LABELS}
        for kind in kinds.values()
        for state in kind.lifecycle.states
    }
    for own in StateLabel.objects.all():
        key, name = f"{own.kind}.{own.state}", f"{own.audience}_{own.language}"
        if name in rows.get(key, {}):
            rows[key][name] = own.label
    return rows


def _write_state_labels(*, by: Author, key: str, values: Row) -> None:
    kind, _dot, state = key.partition(".")
    wanted = {(name.partition("_")[0], name.partition("_")[2]): label for name, label in values.items()}
    save_state_labels(by=by, kind=kind, state=state, wanted=wanted)


#: One field for each audience and language of the product.
LABELS = tuple(
    Field(f"{audience}_{code}", "text", words, name, longest=100, column=code == settings.LANGUAGE_CODE)
    for code, name in settings.LANGUAGES
    for audience, words in AUDIENCES.items()
)

register(
    ConfigurationKind(
        name="categories",
        label=_("Categories"),
        singular=_("Category"),
        icon="sitemap",
        capability="configuration.manage",
        subject="category",
        help=_("The tree that cases are classified by, when they are opened and when they are closed."),
        fields=(
            Field("name", "text", _("Name"), required=True, column=True),
            Field("parent", "choice", _("Part of"), options=category_options, column=True, tree=True),
            Field("opens", "yes_no", _("May be chosen when a case is opened"), default=True, column=True),
            Field("closes", "yes_no", _("May be chosen when a case is closed"), default=True, column=True),
            RETIRED,
        ),
        read=_categories,
        write=_write_category,
        find=lambda key: Category.objects.filter(slug=key).first(),
    )
)
register(
    ConfigurationKind(
        name="custom-fields",
        label=_("Custom fields"),
        singular=_("Custom field"),
        icon="list-check",
        capability="configuration.manage",
        subject="attribute",
        help=_("Fields of your own on every case of a kind, or on those of one category."),
        fields=(
            Field("label", "text", _("Label"), required=True, column=True, longest=100),
            Field("kind", "choice", _("Kind of record"), required=True, options=_kind_options, column=True),
            Field("category", "choice", _("Only in the category"), options=category_options),
            Field(
                "type",
                "choice",
                _("Type"),
                required=True,
                default="text",
                options=lambda: AttributeType.choices,
                column=True,
            ),
            Field("help", "text", _("Help"), _("A sentence below the field."), longest=250),
            Field("choices", "lines", _("Choices"), _("One in each line; only for the type Choice."), longest=100),
            Field("required", "yes_no", _("Required"), column=True),
            Field("public", "yes_no", _("Requesters see it and fill it in"), column=True),
            Field("position", "number", _("Position"), _("Lower numbers come first.")),
            RETIRED,
        ),
        read=_attributes,
        write=_write_attribute,
        find=_find_attribute,
        key_from=lambda values: f"{values['kind']}.{slugify(values['label']).replace('-', '_')[:50]}",
    )
)
register(
    ConfigurationKind(
        name="state-labels",
        label=_("Names of states"),
        singular=_("State"),
        icon="tag",
        capability="configuration.manage",
        subject="state",
        help=_("What agents and requesters call each state, in every language. Empty means the name shipped."),
        fields=LABELS,
        read=_state_labels,
        write=_write_state_labels,
        fixed=True,
    )
)
