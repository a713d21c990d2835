"""The events that changing skills leaves; those of rules are declared with the kind they run for."""

from mainstay.kernel.events import registry as events

events.declare("skill", ("created", "edited", "retired", "joined", "left"))
