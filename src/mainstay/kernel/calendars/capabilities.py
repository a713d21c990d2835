"""The events that changing calendars leaves."""

from mainstay.kernel.events import registry as events

events.declare("calendar", ("created", "edited", "retired"))
events.declare("calendar_version", ("created", "edited", "retired"))
