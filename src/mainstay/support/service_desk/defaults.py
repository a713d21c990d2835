"""Who may do what with contacts, to begin with."""

from mainstay.kernel.access.actions import save_role
from mainstay.kernel.access.actor import system
from mainstay.kernel.access.models import Role

#: What may be done with a contact by whoever may do the same with an incident.
SAME = (
    *("read", "read_internal", "create", "edit", "comment", "note", "attach", "link", "task", "log_work", "export"),
    *("assign", "start", "reopen", "close", "cancel", "configure"),
)
FROM_INCIDENTS = {**{name: (name,) for name in SAME}, "resolve": ("answer", "convert")}


def load() -> None:
    """Let every role do with contacts what it does with incidents, in an instance where no role knows of contacts yet.

    Whoever may report, work on or oversee incidents goes on to do so when reports begin as contacts. Afterwards the
    roles are the administrators'.
    """
    roles = list(Role.objects.all())
    if any(name.startswith("contact.") for role in roles for name in role.capabilities):
        return
    for role in roles:
        wanted = [*role.capabilities, *_of_contacts(role.capabilities)]
        retired = role.retired is not None
        save_role(by=system("command"), slug=role.slug, name=role.name, capabilities=wanted, retired=retired)


def _of_contacts(capabilities: list[str]) -> list[str]:
    found = []
    for capability in capabilities:
        name, colon, reach = capability.partition(":")
        kind, _dot, verb = name.partition(".")
        if kind == "incident":
            found += [f"contact.{each}{colon}{reach}" for each in FROM_INCIDENTS.get(verb, ())]
    return found
