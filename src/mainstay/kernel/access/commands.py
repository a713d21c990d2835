"""`mainstay token`: tokens of the API from the command line."""

import click

from mainstay.kernel.access import actions
from mainstay.kernel.access.actor import system
from mainstay.kernel.people.models import Person
from mainstay.kernel.practice.errors import Refusal


@click.group()
def token() -> None:
    """Make tokens with which programs use the API."""


@token.command()
@click.option("--person", "email", required=True, help="E-mail address of the person in whose name it works.")
@click.option("--name", required=True, help="What it is for; shown in the person's profile.")
@click.option("--days", default=actions.DEFAULT_TOKEN_LIFE, show_default=True, help="How long it works.")
@click.option("--scope", "scopes", multiple=True, help="A capability it may use, by its name in a role; repeatable.")
def create(email: str, name: str, days: int, scopes: tuple[str, ...]) -> None:
    """Make a token and print it, alone, this once.

    Without --scope it may do all that the person may do. The person can revoke it in their profile.
    """
    person = Person.objects.filter(email__iexact=email.strip(), is_active=True).first()
    if person is None:
        raise click.ClickException(f"Nobody active has the address {email}.")
    try:
        _token, text = actions.create_token(person, by=system("command"), name=name, days=days, scopes=scopes or None)
    except Refusal as refused:
        raise click.ClickException(refused.message) from None
    click.echo(text)


commands = [token]
