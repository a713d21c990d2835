"""The events of accounts beside those of people."""

from mainstay.kernel.events import registry as events

events.declare(
    "person",
    (
        "sessions_ended",
        "second_factor_added",
        "second_factor_removed",
        "recovery_codes_renewed",
        "new_password_sent",
    ),
)
