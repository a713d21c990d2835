"""`mainstay token create`."""

from click.testing import CliRunner

from mainstay.kernel.access.commands import token
from mainstay.kernel.access.models import Token
from mainstay.kernel.people.engine.secret import digest
from tests.world import World


def test_it_prints_the_token_alone_and_keeps_its_hash_alone(world: World) -> None:
    values = ["create", "--person", "Rita@acme.example", "--name", "export", "--days", "7", "--scope", "incident.read"]
    result = CliRunner().invoke(token, values)
    assert result.exit_code == 0, result.output
    text = result.output.strip()
    kept = Token.objects.get()
    assert result.output == text + "\n"
    assert (kept.digest, kept.name, kept.scopes, kept.person) == (
        digest(text),
        "export",
        ["incident.read"],
        world.requester,
    )
    assert text not in str(vars(kept))


def test_it_says_what_is_wrong(world: World) -> None:
    runner = CliRunner()
    assert "Nobody active" in runner.invoke(token, ["create", "--person", "x@y.example", "--name", "a"]).output
    values = ["create", "--person", "rita@acme.example", "--name", "a"]
    assert "Unknown" in runner.invoke(token, [*values, "--scope", "no.such"]).output
    assert runner.invoke(token, [*values, "--days", "9999"]).exit_code == 1
    assert not Token.objects.exists()
