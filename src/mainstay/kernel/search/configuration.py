"""Synonyms as configuration rows."""

from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from mainstay.kernel.events.actions import Author
from mainstay.kernel.people.configuration import RETIRED, organisation_options
from mainstay.kernel.people.models import Organisation
from mainstay.kernel.practice.configuration import ConfigurationKind, Field, Row, register
from mainstay.kernel.search.actions.synonyms import save_synonyms
from mainstay.kernel.search.models import Synonyms


def _groups() -> dict[str, Row]:
    return {
        row.slug: {
            "words": list(row.words),
            "organisation": row.organisation.slug,
            "retired": row.retired is not None,
        }
        for row in Synonyms.objects.select_related("organisation")
    }


def _write_group(*, by: Author, key: str, values: Row) -> None:
    organisation = Organisation.objects.get(slug=values["organisation"])
    save_synonyms(by=by, slug=key, **{**values, "organisation": organisation})


register(
    ConfigurationKind(
        name="synonyms",
        label=_("Synonyms"),
        singular=_("Synonyms"),
        icon="book",
        capability="configuration.manage",
        subject="synonyms",
        help=_("Words that mean the same: who searches for one of them finds the others too."),
        fields=(
            Field("words", "lines", _("Words"), _("One in each line."), required=True, column=True, longest=50),
            Field(
                "organisation",
                "choice",
                _("Organisation"),
                _("Whose people they are for, and those of all below it."),
                required=True,
                options=organisation_options,
                column=True,
                place=True,
            ),
            RETIRED,
        ),
        read=_groups,
        write=_write_group,
        find=lambda key: Synonyms.objects.filter(slug=key).first(),
        owner=lambda key, row: str(row["organisation"]),
        key_from=lambda values: slugify(values["words"][0])[:70] if values["words"] else "",
    )
)
