"""Every page names what it takes to open it. What names nothing stays shut, and the isolation walk finds it."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponseBase

from mainstay.kernel.access.actor import Actor

View = TypeVar("View", bound=Callable[..., HttpResponseBase])

#: What a view carries once it is registered: a capability, or one of the two words below.
MARK = "needs"
#: What a page open to everyone carries as well.
REASON = "reason"
SIGNED_IN = "signed in"
EVERYONE = "everyone"


class ActingRequest(HttpRequest):
    """A request with the actor that `ActorMiddleware` found for it."""

    actor: Actor


def door(capability: str) -> Callable[[View], View]:
    """Open a page only to those who hold `capability` somewhere; which rows they see is up to its query.

    Whoever is not signed in is sent to sign in; whoever lacks the capability meets a 404, as for a page that
    does not exist. `SIGNED_IN` asks for no more than that.
    """

    def register(view: View) -> View:
        @wraps(view)
        def guarded(request: Any, *arguments: Any, **values: Any) -> HttpResponseBase:
            if request.actor.person is None:
                return redirect_to_login(request.get_full_path())
            if capability != SIGNED_IN and not request.actor.holds(capability):
                raise Http404
            return view(request, *arguments, **values)

        setattr(guarded, MARK, capability)
        return cast(View, guarded)

    return register


def open_to_everyone(reason: str) -> Callable[[View], View]:
    """Leave a page open to anybody, signed in or not, for a reason that is written down here."""

    def register(view: View) -> View:
        setattr(view, MARK, EVERYONE)
        setattr(view, REASON, reason)
        return view

    return register
