"""What happens by itself when rights or those who hold them go: tokens end, and somebody stays in charge."""

from django.utils import timezone
from django.utils.translation import gettext as _

from mainstay.kernel.access.engine.delegation import HAND_OUT
from mainstay.kernel.access.models import Role, Token
from mainstay.kernel.access.queries import somebody_holds, standing_of
from mainstay.kernel.events.models import Event
from mainstay.kernel.events.registry import on
from mainstay.kernel.people.models import Person
from mainstay.kernel.practice.errors import NotPossible


@on("person.deactivated")
@on("person.password_changed")
def revoke_tokens(event: Event) -> None:
    """Whoever took a password, or left, must not keep a token made with it."""
    uuid = event.subject.removeprefix("person:")
    Token.objects.filter(person__uuid=uuid, revoked=None).update(revoked=timezone.now())


@on("grant.taken")
@on("role.edited")
@on("role.retired")
@on("person.deactivated")
def leave_somebody_in_charge(event: Event) -> None:
    """Refuse what a person does when nobody could manage access afterwards: they would lock everybody out.

    The command line acts for nobody and may, for that is how somebody gets in again.
    """
    if event.actor_id is not None and _takes_charge_away(event) and not somebody_holds(HAND_OUT):
        raise NotPossible(_("Nobody could manage access any more. Give somebody else that right first."))


def _takes_charge_away(event: Event) -> bool:
    """Return whether what the event is about could manage access until then."""
    kind, _colon, name = event.subject.partition(":")
    if kind == "person":
        person = Person.objects.get(uuid=name)
        return standing_of(Person(pk=person.pk, is_active=True)).holds(HAND_OUT)
    before = (event.changes.get("capabilities") or [[]])[0] or []
    return HAND_OUT in before or Role.objects.filter(slug=name, capabilities__contains=[HAND_OUT]).exists()
