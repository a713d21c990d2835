"""The connection to PostgreSQL."""

import select
from datetime import UTC, datetime
from typing import Any

from django.db.backends.postgresql import base
from psycopg.abc import Buffer
from psycopg.adapt import AdaptersMap, Loader


class InstantLoader(Loader):
    """Reads a `timestamptz`. PostgreSQL's ISO style is ISO 8601, which the standard library reads in C.

    Django's own loader takes ten times as long, a tenth of the whole answer to a list of 50 records.
    """

    #: Django compares this with the connection's own zone.
    timezone = UTC

    def load(self, data: Buffer) -> datetime:
        """Return the instant in UTC. Raises ValueError for `infinity`, which no column of ours holds."""
        return datetime.fromisoformat(str(data, "ascii"))


class DatabaseWrapper(base.DatabaseWrapper):
    """As Django's, but instants are read faster and an idle connection is looked at instead of asked."""

    def get_connection_params(self) -> dict[str, Any]:
        parameters: dict[str, Any] = super().get_connection_params()
        context = AdaptersMap(parameters["context"])
        context.register_loader("timestamptz", InstantLoader)
        return parameters | {"context": context}

    def is_usable(self) -> bool:
        """Return whether the connection still stands.

        Django asks at the beginning of every request, by a query. A server that goes away closes the connection, and
        a closed one can be read from at once, as can one with anything else to say: only such a one is asked.
        """
        if self.connection is None or self.connection.closed:
            return False
        waiting, _, _ = select.select([self.connection.pgconn.socket], [], [], 0)
        return super().is_usable() if waiting else True
