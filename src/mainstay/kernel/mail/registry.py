"""What a mail becomes that answers nothing: a practice that stands above registers it, exactly once."""

from collections.abc import Callable
from dataclasses import dataclass

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.people.models import Person, Team
from mainstay.kernel.records.models import Category, Record


@dataclass(frozen=True)
class NewMail:
    """What a mail says, and what its mailbox says of all its mails. `title` has at most 250 characters, never none."""

    title: str
    text: str
    requester: Person
    team: Team | None
    category: Category | None


Becoming = Callable[[NewMail, Actor], Record]

_becoming: list[Becoming] = []


def becomes(function: Becoming) -> Becoming:
    """Register what opens a record for a new mail, as the given actor; a second one is a mistake."""
    if _becoming:
        raise ValueError("what a mail becomes is registered twice")
    _becoming.append(function)
    return function


#: Returns the path of the page that a token opens.
LinkPath = Callable[[str], str]

_link_paths: list[LinkPath] = []


def opens_links(function: LinkPath) -> LinkPath:
    """Register the page that links in mails open; a second one is a mistake."""
    if _link_paths:
        raise ValueError("what links in mails open is registered twice")
    _link_paths.append(function)
    return function


def link_path(token: str) -> str:
    """Return the path of the page that a token opens."""
    return _link_paths[0](token)


def become(mail: NewMail, by: Actor) -> Record:
    """Open the record that a new mail becomes. Raises what the registered function raises."""
    return _becoming[0](mail, by)
