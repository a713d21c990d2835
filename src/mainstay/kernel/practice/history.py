"""Row history: what every row was before it changed, written by database triggers.

A bulk update or a psql session cannot slip past it. Who did it and why is told by the Event; what a row is now
stands in the row itself, so a row that never changed costs nothing.
"""

from collections.abc import Callable, Sequence
from typing import TypeVar

import pghistory
from django.db import models

Model = TypeVar("Model", bound=type[models.Model])


def tracked(*, exclude: Sequence[str] = (), related_name: str = "history") -> Callable[[Model], Model]:
    """Keep the former rows of a model, without the columns in `exclude`.

    `related_name` leads from a row to its history; a model that inherits a tracked one needs one of its own.
    """

    def track(model: Model) -> Model:
        tracked_model: Model = pghistory.track(
            pghistory.UpdateEvent("before_update", row=pghistory.Old),
            pghistory.DeleteEvent("before_delete"),
            exclude=list(exclude),
            context_field=None,
            obj_field=pghistory.ObjForeignKey(related_name=related_name),
            model_name=f"{model.__name__}History",
        )(model)
        return tracked_model

    return track
