"""Capabilities that are about no record, and the events of access itself."""

from django.utils.translation import gettext_lazy as _

from mainstay.kernel.access import registry
from mainstay.kernel.events import registry as events
from mainstay.kernel.people.capabilities import CAPABILITIES as OF_PEOPLE

registry.declare(OF_PEOPLE)
registry.declare(
    {
        "access.manage": _("Manage roles and grants"),
        "configuration.manage": _("Change settings and configuration"),
        "operations.read": _("See metrics and the health of the system"),
        "audit.read": _("Read the audit trail"),
    }
)
events.declare("role", ("created", "edited", "retired"))
events.declare("grant", ("given", "taken"))
events.declare("token", ("created", "revoked"))
events.declare("setting", ("changed",))
