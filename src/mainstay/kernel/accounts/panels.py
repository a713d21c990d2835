"""What accounts add to the frame of every page."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from mainstay.kernel.web.registry import MenuEntry, frame


@frame("sign_out_url")
def sign_out_url(request: HttpRequest) -> str:
    return reverse("account_logout")


@frame("person_links")
def person_links(request: HttpRequest) -> list[MenuEntry]:
    return [MenuEntry(_("My account"), reverse("profile:overview"), "user-circle")]
