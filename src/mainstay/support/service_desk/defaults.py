"""Who may do what with contacts, to begin with."""

from mainstay.kernel.access.actions import save_role
from mainstay.kernel.access.actor import system
from mainstay.kernel.access.models import Role
from mainstay.support.service_desk.models import Follows, LinkPolicy

#: What may be done with a contact by whoever may do the same with an incident.
SAME = (
    *(
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
    ),
    *("merge", "assign", "hand_over", "escalate", "start", "reopen", "close", "cancel", "configure"),
)
FROM_INCIDENTS = {**{name: (name,) for name in SAME}, "resolve": ("answer", "convert")}


#: Whoever oversees the work sees what it amounts to.
MANAGES, ANNOUNCES = "contact.close", "contact.announce"
OVERSEES, REPORTS = "incident.read_internal", "report.read"
#: What follows when something is resolved, to begin with; nothing else follows.
POLICIES = {
    "parent_of": ("Children of a parent", Follows.AT_ONCE),
    "duplicates": ("Duplicates of an original", Follows.ASK),
}


def load() -> None:
    """Write what roles lack; what administrators changed since stays as it is."""
    _let_work_on_contacts()
    _let_see_reports()
    for slug, (name, resolving) in POLICIES.items():
        LinkPolicy.objects.get_or_create(slug=slug, defaults={"name": name, "resolving": resolving})
    _let_announce()


def _let_announce() -> None:
    """Let whoever may close contacts, managers to begin with, announce, where no role knows of announcements yet."""
    roles = list(Role.objects.all())
    if any(ANNOUNCES in role.capabilities for role in roles):
        return
    for role in roles:
        if MANAGES in role.capabilities:
            _give(role, ANNOUNCES)


def _let_see_reports() -> None:
    """Let whoever reads all of an incident see reports, in an instance where no role knows of reports yet."""
    roles = list(Role.objects.all())
    if any(REPORTS in role.capabilities for role in roles):
        return
    for role in roles:
        if OVERSEES in role.capabilities:
            _give(role, REPORTS)


def _give(role: Role, *capabilities: str) -> None:
    wanted = [*role.capabilities, *capabilities]
    save_role(
        by=system("command"), slug=role.slug, name=role.name, capabilities=wanted, retired=role.retired is not None
    )


def _let_work_on_contacts() -> None:
    """Let every role do with contacts what it does with incidents, in an instance where no role knows of contacts yet.

    Whoever may report, work on or oversee incidents goes on to do so when reports begin as contacts. Afterwards the
    roles are the administrators'.
    """
    roles = list(Role.objects.all())
    if any(name.startswith("contact.") for role in roles for name in role.capabilities):
        return
    for role in roles:
        _give(role, *_of_contacts(role.capabilities))


def _of_contacts(capabilities: list[str]) -> list[str]:
    found = []
    for capability in capabilities:
        name, colon, reach = capability.partition(":")
        kind, _dot, verb = name.partition(".")
        if kind == "incident":
            found += [f"contact.{each}{colon}{reach}" for each in FROM_INCIDENTS.get(verb, ())]
    return found
