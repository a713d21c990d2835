"""The interface to what every record has. `router` holds all of it."""

from ninja import Router

from mainstay.kernel.records.api import conversation, merging, reference, scheduling, work

router = Router()
for part in (conversation, work, merging, reference, scheduling):
    router.add_router("", part.router)

__all__ = ["router"]
