"""The few ways in which an action can refuse. Every door translates them once, in one place."""

from collections.abc import Mapping


class Refusal(Exception):
    """An action was refused; the message is for the person who asked and says what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = str(message)


class NotPossible(Refusal):
    """The state of things does not allow it (HTTP 409)."""


class Stale(NotPossible):
    """Somebody else was faster: what the caller looked at has changed since (HTTP 409, or 412 with If-Match)."""


class Elsewhere(NotPossible):
    """It is no longer what was asked for: it goes on under `number`, as something else (HTTP 409)."""

    def __init__(self, message: str, number: str) -> None:
        super().__init__(message)
        self.number = number


class NotPermitted(Refusal):
    """The actor sees the record but may not do this to it (HTTP 403)."""


class Missing(Refusal):
    """There is no such thing, or the actor may not know that there is (HTTP 404, one answer for both)."""


class Invalid(Refusal):
    """Values were refused (HTTP 422). `errors` maps a field's name to what is wrong with it."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        self.errors = {field: str(message) for field, message in errors.items()}
        super().__init__(" ".join(self.errors.values()))
