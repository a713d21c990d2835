"""Changing what records are configured by: categories, custom fields, names of states."""

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from mainstay.kernel.events.actions import Author, emit, retirement, write_row
from mainstay.kernel.practice.errors import Invalid, NotPossible
from mainstay.kernel.practice.registry import kinds
from mainstay.kernel.records import labels
from mainstay.kernel.records.models import AttributeDefinition, AttributeType, Category, StateLabel


@transaction.atomic
def save_category(
    *,
    by: Author,
    slug: str,
    name: str,
    parent: Category | None = None,
    opens: bool = True,
    closes: bool = True,
    retired: bool = False,
) -> Category:
    """Make a category, or change the one with this slug. Raises NotPossible for a circle."""
    category = Category.objects.select_for_update().filter(slug=slug).first() or Category(slug=slug)
    above = parent
    while above is not None:
        if above.pk == category.pk:
            raise NotPossible(_("A category cannot stand below itself."))
        above = above.parent
    values = {
        "name": name,
        "parent": parent,
        "opens": opens,
        "closes": closes,
        "retired": retirement(category, retired),
    }
    write_row(category, values, by=by, subject=f"category:{slug}")
    return category


@transaction.atomic
def save_attribute(
    *,
    by: Author,
    kind: str,
    slug: str,
    label: str,
    type: str,
    category: Category | None = None,
    help: str = "",
    choices: Sequence[str] = (),
    required: bool = False,
    public: bool = False,
    position: int = 0,
    retired: bool = False,
) -> AttributeDefinition:
    """Make a custom field of a kind of record, or change it. Its type stays what it is: values have it already."""
    if kind not in kinds:
        raise Invalid({"kind": _("There is no such kind of record.")})
    found = AttributeDefinition.objects.select_for_update().filter(kind=kind, slug=slug).first()
    if found is not None and found.type != type:
        raise Invalid({"type": _("Values of this type exist. Retire this field and make a new one.")})
    if (type == AttributeType.CHOICE) != bool(choices):
        raise Invalid({"choices": _("A choice needs its values, one in each line; other types have none.")})
    definition = found or AttributeDefinition(kind=kind, slug=slug)
    values = {
        "label": label,
        "type": type,
        "category": category,
        "help": help,
        "choices": list(choices),
        "required": required,
        "public": public,
        "position": position,
        "retired": retirement(definition, retired),
    }
    write_row(definition, values, by=by, subject=f"attribute:{kind}.{slug}")
    return definition


@transaction.atomic
def save_state_labels(*, by: Author, kind: str, state: str, wanted: Mapping[tuple[str, str], str]) -> None:
    """Name a state: `wanted` maps (audience, language) to a label; an empty one brings back the shipped words."""
    rows = StateLabel.objects.filter(kind=kind, state=state)
    before = {(row.audience, row.language): row.label for row in rows}
    changes = {}
    for (audience, language), label in wanted.items():
        if before.get((audience, language), "") == label:
            continue
        changes[f"{audience}_{language}"] = [before.get((audience, language), ""), label]
        if label:
            rows.update_or_create(
                kind=kind, state=state, audience=audience, language=language, defaults={"label": label}
            )
        else:
            rows.filter(audience=audience, language=language).delete()
    if changes:
        emit("state.edited", by=by, subject=f"state:{kind}.{state}", changes=changes)
    transaction.on_commit(labels.forget)
