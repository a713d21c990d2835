"""The interface to incidents. `router` holds all of it."""

from ninja import Router

from mainstay.support.incidents.api import incidents, major

router = Router()
for part in (incidents, major):
    router.add_router("", part.router)

__all__ = ["router"]
