"""Jobs about accounts: mails to their people."""

from mainstay.kernel.accounts import actions
from mainstay.kernel.jobs.registry import job
from mainstay.kernel.mail.actions import MOST_ATTEMPTS
from mainstay.kernel.mail.gateways import smtp


@job("accounts.send_new_password", attempts=MOST_ATTEMPTS)
def send_new_password(person: int | None) -> None:
    """Mail a link for a new password, if somebody there signs in by one."""
    actions.send_new_password(person, by_way_of=smtp.send)


@job("accounts.tell_of_change", attempts=MOST_ATTEMPTS)
def tell_of_change(person: int, change: str, former: int | None) -> None:
    """Mail somebody that what they sign in with was changed."""
    actions.tell_of_change(person, change, former, by_way_of=smtp.send)
