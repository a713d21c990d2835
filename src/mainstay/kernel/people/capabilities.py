"""What can be done with people, and the events that leaves."""

from django.utils.translation import gettext_lazy as _

from mainstay.kernel.events import registry as events

events.declare(
    "person",
    ("created", "edited", "deactivated", "reactivated", "signed_in", "sign_in_failed", "password_changed"),
)
events.declare("absence", ("created", "edited"))
events.declare("organisation", ("created", "edited", "retired"))
events.declare("team", ("created", "edited", "retired", "joined", "left"))

#: Declared by access, which stands above: people know nothing of rights.
CAPABILITIES = {
    "people.read": _("See people, teams and organisations"),
    "people.manage": _("Manage people, teams and organisations"),
}
