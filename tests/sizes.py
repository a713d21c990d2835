"""How much the heavy tests do: one table, `ci` on every change, `full` before a release.

`MAINSTAY_TEST_SIZE=full make test` chooses the larger column.
"""

import os

SIZES = {
    # test: (ci, full)
    "access decisions in the database": (60, 10_000),
    "examples per API operation": (4, 500),  # beside every bound of every field, which are always tried
    "lifecycle runs": (40, 20_000),
    "merges": (6, 2_000),
    "lifecycle steps": (30, 50),
    "idempotency keys": (5, 1_000),
    "creates under kill": (2_000, 50_000),
    "kills under load": (3, 25),
    "uploads at once": (16, 100),
    "parallel edits": (40, 100),
    "bulk sample": (60, 2_000),
    "known duplicates": (25, 1_000),
    "mail mutants": (600, 20_000),
    "mails around a crash": (3, 200),
    "replayed records": (12, 300),
    "rules at once": (1_000, 9_940),
    "calendar properties": (60, 10_000),
    "zones of clocks": (40, 1_000),
    "changes of clocks": (60, 1_000_000),
    "script payloads": (500, 5_000),
    "statement payloads": (3, 200),
    "texts set as documents": (15, 3_000),
    "parameters sent at once": (8, 1),
    "failed sign-ins of known and unknown": (20, 200),
}


def size(test: str) -> int:
    """Return how much the named test does now. An unknown name or column raises KeyError."""
    small, large = SIZES[test]
    return {"ci": small, "full": large}[os.environ.get("MAINSTAY_TEST_SIZE", "ci")]
