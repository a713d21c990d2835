"""`mainstay reindex`."""

import click

from mainstay.kernel.search.actions import rewrite
from mainstay.kernel.search.actions.learning import forget
from mainstay.kernel.search.sources import texts


@click.command()
def reindex() -> None:
    """Write what the search knows of every record anew.

    The search keeps itself up to date; this is for after changes to the language rules of PostgreSQL or to
    which custom fields requesters see. People may go on working meanwhile. What is offered for a misspelt word, and
    which records are similar, a job learns anew from it.
    """
    forget()
    for kind in texts:
        done = 0
        for done in rewrite(kind):
            click.echo(f"{kind}: {done}", err=True)
        click.echo(f"{kind}: {done} written anew")


commands: list[click.Command] = [reindex]
