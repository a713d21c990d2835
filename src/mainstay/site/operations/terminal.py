"""Words to the person at the terminal; what a program may read goes to standard output instead."""

import sys


def tell(message: str) -> None:
    """Print one line of progress."""
    print(message, file=sys.stderr, flush=True)  # noqa: T201
