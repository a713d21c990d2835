"""Words to the person at the terminal; what a program may read goes to standard output instead."""

import click


def tell(message: str) -> None:
    """Print one line of progress."""
    click.echo(message, err=True)
