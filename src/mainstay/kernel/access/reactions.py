"""What happens to tokens when something happens to their person."""

from django.utils import timezone

from mainstay.kernel.access.models import Token
from mainstay.kernel.events.models import Event
from mainstay.kernel.events.registry import on


@on("person.deactivated")
@on("person.password_changed")
def revoke_tokens(event: Event) -> None:
    """Whoever took a password, or left, must not keep a token made with it."""
    uuid = event.subject.removeprefix("person:")
    Token.objects.filter(person__uuid=uuid, revoked=None).update(revoked=timezone.now())
