"""The events of the search."""

from mainstay.kernel.events import registry as events

events.declare("synonyms", ("created", "edited", "retired"))
