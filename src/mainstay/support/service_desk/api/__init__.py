"""The interface to the desk. `router` holds all of it."""

from ninja import Router

from mainstay.support.service_desk.api import (
    announcements,
    contacts,
    following,
    guiding,
    prepared,
    ratings,
    splitting,
)

router = Router()
for part in (contacts, prepared, guiding, ratings, splitting, following, announcements):
    router.add_router("", part.router)

__all__ = ["router"]
