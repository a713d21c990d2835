"""Commands about the product as a whole."""

import json

import click


@click.command()
def openapi() -> None:
    """Print the description of the REST interface (OpenAPI 3.1).

    The repository keeps it: after a change of the interface, run
    `mainstay openapi > docs/openapi.json`.
    """
    # Here, because every worker loads all commands, and the interface alone takes 20 MB.
    from mainstay.site.api import description

    click.echo(json.dumps(description(), indent=2, ensure_ascii=False))


commands: list[click.Command] = [openapi]
