"""Connections to the database for threads that live long."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from django.db import close_old_connections, connection

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


def with_connection(
    function: Callable[Arguments, Result], *arguments: Arguments.args, **named: Arguments.kwargs
) -> Result:
    """Call a function with a connection that works; after a failure the next call gets a new one."""
    close_old_connections()
    try:
        return function(*arguments, **named)
    except Exception:
        if not connection.in_atomic_block:
            connection.close()
        raise
