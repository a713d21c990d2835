"""Doing the same with many cases, each in a transaction of its own and once."""

from collections.abc import Callable
from typing import Any

from django.db import transaction

from mainstay.kernel.practice.errors import Refusal
from mainstay.support.service_desk.models.together import Target, TargetState


@transaction.atomic
def settle(target: Target, do: Callable[[Any], None], *related: str) -> None:
    """Do what waits for one case, unless that was done; what refuses it leaves the case out, with the reason.

    `do` gets the target with its `related` rows.
    """
    rows = type(target)._default_manager.filter(pk=target.pk)
    waiting = rows.filter(state=TargetState.WAITING).select_for_update(of=("self",))
    found = waiting.select_related(*related).first()
    if found is None:
        return
    state, why = TargetState.WRITTEN, ""
    try:
        with transaction.atomic():
            do(found)
    except Refusal as refused:
        state, why = TargetState.LEFT_OUT, refused.message
    rows.update(state=state, why=why[:500])
