"""The events and settings of the search."""

from django.utils.translation import gettext_lazy as _

from mainstay.kernel.events import registry as events
from mainstay.kernel.practice import settings

events.declare("synonyms", ("created", "edited", "retired"))

settings.declare(
    "search.least_accuracy",
    int,
    60,
    _("Suggest from this accuracy on, percent"),
    help=_("Category and team are suggested where so many of a hundred finished cases would have been told rightly."),
    minimum=1,
    maximum=100,
)
