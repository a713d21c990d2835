"""The file that names other systems to sign in with."""

from pathlib import Path

import pytest

from mainstay.kernel.accounts.gateways.providers import ProviderError, for_allauth, origins, read

GOOD = """
[[openid_connect]]
id = "company"
name = "Company"
server = "https://login.company.example/realm"
client_id = "mainstay"
client_secret = "x"
origins = ["https://pages.company.example"]
"""


def written(folder: Path, text: str) -> str:
    path = folder / "sign-in.toml"
    path.write_text(text)
    return str(path)


def test_no_file_is_no_provider() -> None:
    assert read("") == {}
    assert for_allauth({})["openid_connect"]["APPS"] == []
    assert origins({}) == []


def test_a_provider_is_read_and_its_origins_are_known(tmp_path: Path) -> None:
    found = read(written(tmp_path, GOOD))
    assert origins(found) == ["https://login.company.example", "https://pages.company.example"]
    (app,) = for_allauth(found)["openid_connect"]["APPS"]
    assert app["settings"]["create_people"] is False


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[ldap]]\nid = 'x'", "there is no protocol ldap"),
        (GOOD.replace("client_id", "clientid"), "lacks client_id"),
        (GOOD + "colour = 'red'", "unknown entries: colour"),
        (GOOD + "role = 'administrator'", "unknown entries: role"),
        (GOOD + "create_people = true", "must name their organisation"),
        ("not toml", "sign-in.toml"),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(ProviderError, match=told):
        read(written(tmp_path, text))


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ProviderError, match="No such file"):
        read(str(tmp_path / "nothing.toml"))
