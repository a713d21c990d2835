"""The rows incidents start with: matrix, on-hold reasons, categories, and the roles that work with them."""

from django.utils.text import slugify

from mainstay.kernel.access.actions import save_role
from mainstay.kernel.access.actor import system
from mainstay.kernel.access.models import Role
from mainstay.kernel.records.models import Category
from mainstay.support.incidents.lifecycle import LIFECYCLE
from mainstay.support.incidents.models import HoldReason, PriorityRule

#: Rows are impact, columns urgency, each from high to low.
MATRIX = ((1, 2, 3), (2, 3, 4), (3, 4, 5))

HOLD_REASONS = (
    ("caller", "Awaiting caller", "We need an answer from you"),
    ("change", "Awaiting change", "A change to the service will solve it"),
    ("problem", "Awaiting problem", "We are looking for the cause"),
    ("vendor", "Awaiting vendor", "We are waiting for a supplier"),
)

CATEGORIES = {
    "Hardware": ("Computer", "Printer", "Telephone", "Peripheral"),
    "Software": ("Business application", "Office", "Operating system"),
    "Network": ("Local network", "Remote access", "Wireless network"),
    "Account": ("Sign-in", "Permissions"),
    "E-mail": (),
    "Other": (),
}

#: What somebody does who asks for service.
REQUESTER = [f"incident.{name}:own" for name in ("read", "create", "comment", "attach", "close", "reopen")]
#: What somebody does who works on incidents.
WORK = (
    "read",
    "read_internal",
    "create",
    "edit",
    "comment",
    "note",
    "attach",
    "link",
    "merge",
    "task",
    "log_work",
    "export",
)
VERBS = tuple(verb for verb in LIFECYCLE.verbs if verb != "close")
AGENT = [f"incident.{name}" for name in (*WORK, *VERBS)] + ["incident.propose_major", "people.read"]

ROLES = {
    "requester": ("Requester", REQUESTER),
    "organisation-manager": ("Organisation manager", ["incident.read:public"]),
    "agent": ("Service desk agent", AGENT),
    "manager": ("Incident manager", [*AGENT, "incident.override_priority", "incident.decide_major", "incident.close"]),
    "auditor": ("Auditor", ["incident.read", "incident.read_internal", "people.read", "audit.read"]),
    "administrator": (
        "Administrator",
        [
            "people.read",
            "people.manage",
            "access.manage",
            "configuration.manage",
            "incident.configure",
            "operations.read",
            "audit.read",
        ],
    ),
}


def load() -> None:
    """Write the rows that are missing; what an administrator changed stays as it is."""
    for impact, row in enumerate(MATRIX, start=1):
        for urgency, priority in enumerate(row, start=1):
            PriorityRule.objects.get_or_create(impact=impact, urgency=urgency, defaults={"priority": priority})
    for position, (slug, name, requester_label) in enumerate(HOLD_REASONS):
        HoldReason.objects.get_or_create(
            slug=slug, defaults={"name": name, "requester_label": requester_label, "position": position}
        )
    if not Category.objects.exists():
        _load_categories()
    for slug, (name, capabilities) in ROLES.items():
        if not Role.objects.filter(slug=slug).exists():
            save_role(by=system("command"), slug=slug, name=name, capabilities=capabilities)


def _load_categories() -> None:
    for name, children in CATEGORIES.items():
        parent = Category.objects.create(slug=slugify(name), name=name)
        for child in children:
            Category.objects.create(slug=slugify(f"{name} {child}"), name=child, parent=parent)
