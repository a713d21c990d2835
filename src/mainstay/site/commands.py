"""Commands about the product as a whole."""

import json

import click

from mainstay.site.api import description


@click.command()
def openapi() -> None:
    """Print the description of the REST interface (OpenAPI 3.1).

    The repository keeps it: after a change of the interface, run
    `mainstay openapi > docs/openapi.json`.
    """
    click.echo(json.dumps(description(), indent=2, ensure_ascii=False))


commands: list[click.Command] = [openapi]
