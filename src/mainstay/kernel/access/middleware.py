"""Finding out who acts."""

from collections.abc import Callable
from typing import Any, cast

from django.http import HttpRequest, HttpResponseBase
from django.utils.functional import SimpleLazyObject

from mainstay.kernel.access.actor import NOBODY, Actor
from mainstay.kernel.access.doors import ActingRequest
from mainstay.kernel.access.queries import actor_for


class ActorMiddleware:
    """Gives every request its `actor`, resolved when first asked for and then kept for this request only.

    Whether rights have changed is asked with each request, so that what is taken away is gone with the next one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        found: Any = SimpleLazyObject(lambda: _actor_of(request))
        cast(ActingRequest, request).actor = found
        return self.get_response(request)


def _actor_of(request: HttpRequest) -> Actor:
    if not request.user.is_authenticated:
        return NOBODY
    return actor_for(request.user, door="page")
