"""What accounts add to the frame of every page."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from mainstay.kernel.web.registry import MenuEntry, frame
from mainstay.kernel.web.templating import url


@frame("sign_out_url")
def sign_out_url(request: HttpRequest) -> str:
    return url("account_logout")


@frame("person_links")
def person_links(request: HttpRequest) -> list[MenuEntry]:
    return [MenuEntry(_("My account"), url("profile:overview"), "user-circle")]
