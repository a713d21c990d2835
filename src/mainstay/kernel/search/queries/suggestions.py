"""What is suggested for a record, as somebody; and how good what was learnt is."""

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, Count, F, QuerySet

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.access.queries import managed
from mainstay.kernel.people.models import Team
from mainstay.kernel.practice import settings
from mainstay.kernel.practice.statements import Statement
from mainstay.kernel.records.models import Category, Record
from mainstay.kernel.search.models import Classifier, Suggested, Suggestion

#: The rows that each column points to.
MODELS: dict[str, Any] = {Suggested.CATEGORY: Category, Suggested.TEAM: Team}
LEAST_ACCURACY = "search.least_accuracy"


@dataclass(frozen=True)
class Proposal:
    """What a column of a record probably should be: a category or a team, and how likely that is (0 to 1)."""

    field: Suggested
    value: Any
    chance: float


def used() -> "QuerySet[Classifier]":
    """Return the classifiers that are good enough: as right as the settings ask, and better than always the same."""
    least = settings.value(LEAST_ACCURACY) / 100
    return Classifier.objects.filter(accuracy__gte=least, accuracy__gt=F("commonest"))


def classifiers(actor: Actor) -> "QuerySet[Classifier]":
    """Return what was learnt in the organisations that `actor` configures, without its words."""
    seen = Classifier.objects.filter(organisation__in=managed(actor, "configuration.manage"))
    return seen.select_related("organisation").defer("vocabulary", "rarities", "weights", "intercepts", "labels")


def suggestions_for(actor: Actor, record: Record) -> list[Proposal]:
    """Return what is suggested for the empty columns of an unfinished record, at most one for each.

    A suggestion counts only as seen from organisations of which `actor` reads everything: nothing they may not see
    had a say in it. Of several, that of the narrowest organisation counts, for it knows best. No query for a record
    that lacks nothing, else one, and one more for each column that something is suggested for.
    """
    lacking = [field for field in Suggested if getattr(record, f"{field}_id") is None]
    if not lacking or record.state_category not in ("open", "paused"):
        return []
    whole = sorted(actor.standing.organisations(f"{record.kind}.read"))
    best: dict[str, tuple[int, float]] = {}
    for field, value, chance in _suggested(record=record.pk, organisations=whole):
        best.setdefault(field, (value, chance))
    found = [(field, *best[field]) for field in lacking if field in best]
    proposals = [
        Proposal(field, MODELS[field].objects.filter(pk=value, retired=None).first(), chance)
        for field, value, chance in found
    ]
    return [proposal for proposal in proposals if proposal.value is not None]


_suggested = Statement(
    lambda record, organisations: (
        Suggestion.objects.filter(record_id=record, organisation_id__equals_any=organisations)
        # One that is further below has more organisations at or above it.
        .annotate(depth=Count("organisation__ascents"))
        .order_by("-depth", "organisation_id")
        .values_list("field", "value", "chance")
    ),
    record=BigIntegerField(),
    organisations=ArrayField(BigIntegerField()),
)
