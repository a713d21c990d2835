"""What a password must be, beyond Django's own checks."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


class LongestPassword:
    """Refuses passwords beyond 128 characters, so that hashing one costs a bounded time."""

    def __init__(self, longest: int = 128) -> None:
        self.longest = longest

    def validate(self, password: str, user: object = None) -> None:
        if len(password) > self.longest:
            raise ValidationError(_("This is too long: at most %(number)d characters.") % {"number": self.longest})

    def get_help_text(self) -> str:
        return _("At most %(number)d characters.") % {"number": self.longest}
