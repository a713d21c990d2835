"""What people do with their own account: second factors, sessions, tokens."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client
from django.utils import timezone

from mainstay.kernel.access.actor import system
from mainstay.kernel.access.models import Token
from mainstay.kernel.accounts import actions
from mainstay.kernel.accounts.devices import device
from mainstay.kernel.events.models import Event
from mainstay.kernel.people.actions import deactivate
from mainstay.kernel.people.models import Person
from tests.world import World

PASSWORD = "a pipe of correct length"


@pytest.fixture
def rita(world: World) -> Person:
    actions.set_password(world.requester, by=system("command"), password=PASSWORD)
    return world.requester


def signed_in(confirmed: bool = True) -> Client:
    client = Client()
    client.post("/accounts/sign-in/", {"login": "rita@acme.example", "password": PASSWORD})
    if confirmed:
        assert client.post("/accounts/confirm/", {"password": PASSWORD}).status_code == 302
    return client


def code_for(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def set_up_app(client: Client) -> str:
    page = client.get("/profile/second-factor/app/")
    assert page.status_code == 200
    secret = client.session["mfa.totp.secret"]
    assert secret in page.content.decode()
    answer = client.post("/profile/second-factor/app/", {"code": code_for(secret)})
    assert answer.headers["Location"] == "/profile/second-factor/codes/"
    return secret


def test_setting_up_a_second_step_asks_for_the_password_again(rita: Person) -> None:
    client = signed_in(confirmed=False)
    for address in ("app/", "codes/new/", "passkeys/add/"):
        answer = client.get(f"/profile/second-factor/{address}")
        assert answer.headers["Location"].startswith("/accounts/confirm/?next=")
    assert client.post("/accounts/confirm/", {"password": "not it"}).status_code == 422
    assert client.post("/accounts/confirm/", {"password": PASSWORD}).status_code == 302
    assert client.get("/profile/second-factor/app/").status_code == 200


def test_with_an_authenticator_app_the_password_is_not_enough(rita: Person, django_capture_on_commit_callbacks) -> None:
    client = signed_in()
    with django_capture_on_commit_callbacks(execute=True):
        secret = set_up_app(client)
    assert client.get("/profile/second-factor/").status_code == 200
    codes = client.get("/profile/second-factor/codes/").content.decode()
    kept = Authenticator.objects.get(type="totp")
    assert secret not in str(kept.data), "kept encrypted"
    stranger = Client()
    answer = stranger.post("/accounts/sign-in/", {"login": "rita@acme.example", "password": PASSWORD})
    assert answer.headers["Location"] == "/accounts/sign-in/second-factor/"
    assert stranger.get("/profile/").status_code == 302
    assert stranger.get("/accounts/sign-in/second-factor/").status_code == 200
    assert stranger.post("/accounts/sign-in/second-factor/", {"code": "000000"}).status_code == 422
    recovery = codes.split("<code>")[1].split("</code>")[0]
    assert stranger.post("/accounts/sign-in/second-factor/", {"code": recovery}).status_code == 302
    assert stranger.get("/profile/").status_code == 200
    again = Client()
    again.post("/accounts/sign-in/", {"login": "rita@acme.example", "password": PASSWORD})
    assert again.post("/accounts/sign-in/second-factor/", {"code": recovery}).status_code == 422, "each code works once"
    assert Event.objects.filter(name="person.second_factor_added").exists()


def test_the_second_step_is_removed_again(rita: Person) -> None:
    client = signed_in()
    set_up_app(client)
    assert client.get("/profile/second-factor/app/remove/").status_code == 200
    assert client.post("/profile/second-factor/app/remove/").status_code == 302
    assert not Authenticator.objects.exists()
    assert signed_in().get("/profile/").status_code == 200


def test_a_person_sees_where_they_are_signed_in_and_ends_it(rita: Person, world: World) -> None:
    here, there, elsewhere = signed_in(), signed_in(), signed_in()
    page = here.get("/profile/sessions/").content.decode()
    assert page.count("127.0.0.1") == 3
    sessions = rita.usersession_set.order_by("id")
    stranger = Client()
    stranger.force_login(world.agent)
    assert stranger.post(f"/profile/sessions/{sessions[1].pk}/end/").status_code == 404
    assert there.get("/profile/").status_code == 200
    assert here.post(f"/profile/sessions/{sessions[1].pk}/end/").status_code == 303
    assert there.get("/profile/").status_code == 302
    assert here.post("/profile/sessions/end-others/").status_code == 303
    assert elsewhere.get("/profile/").status_code == 302
    assert here.get("/profile/").status_code == 200


def test_a_token_is_shown_once_and_revoked(rita: Person, world: World) -> None:
    client = signed_in()
    answer = client.post("/profile/tokens/", {"name": "export", "days": "30", "scopes": ["incident.read"]})
    assert answer.status_code == 200
    text = answer.content.decode().split('id="new-token"')[1].split(">", 1)[1].split("<", 1)[0]
    assert text.startswith("mst_")
    assert answer.headers["Cache-Control"].startswith("no-store") or "no-store" in answer.headers["Cache-Control"]
    assert text not in client.get("/profile/tokens/").content.decode()
    kept = Token.objects.get()
    assert (kept.scopes, kept.person) == (["incident.read"], rita)
    assert kept.expires <= timezone.now() + timedelta(days=30)
    stranger = Client()
    stranger.force_login(world.agent)
    assert stranger.post(f"/profile/tokens/{kept.uuid}/revoke/").status_code == 404
    assert client.post(f"/profile/tokens/{kept.uuid}/revoke/").status_code == 303
    kept.refresh_from_db()
    assert kept.revoked is not None


@pytest.mark.parametrize("values", [{"name": ""}, {"days": "0"}, {"days": "400"}, {"scopes": "people.manage"}])
def test_a_token_beyond_one_s_rights_or_limits_is_refused(rita: Person, values: dict[str, str]) -> None:
    answer = signed_in().post("/profile/tokens/", {"name": "export", "days": "30", **values})
    assert answer.status_code == 422
    assert not Token.objects.exists()


def test_tokens_end_with_the_account_and_with_the_password(rita: Person) -> None:
    client = signed_in()
    for end in (
        lambda: actions.set_password(rita, by=system("command"), password="another fine one"),
        lambda: deactivate(rita, by=system("command"), reason="left"),
    ):
        client.post("/profile/tokens/", {"name": "export", "days": "30"})
        end()
        assert not Token.objects.filter(revoked=None).exists()
        Client().post("/accounts/sign-in/", {"login": "rita@acme.example", "password": "another fine one"})


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36", "Chrome on Android"),
        ("curl/8.5.0", "curl/8.5.0"),
        ("", "Unknown device"),
    ],
)
def test_a_session_is_called_by_its_device(said: str, named: str) -> None:
    assert device(said) == named
