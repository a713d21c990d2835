"""Filling an empty instance with the demo organisation, and going on where an interrupted start stopped."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from random import Random

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from mainstay.kernel.access.actions import give
from mainstay.kernel.access.actor import system
from mainstay.kernel.access.models import Role
from mainstay.kernel.access.queries import actor_for
from mainstay.kernel.events.actions import emit
from mainstay.kernel.events.models import Event
from mainstay.kernel.events.registry import declare
from mainstay.kernel.people.actions import create_person, create_team, join_team, save_organisation
from mainstay.kernel.people.models import Organisation, Person, Team
from mainstay.kernel.records.actions.configuration import save_attribute
from mainstay.kernel.records.actions.view import save_view
from mainstay.kernel.records.models import Category, Record
from mainstay.site.demo import company, distributions
from mainstay.site.demo.company import DEPARTMENTS, OFFICE, PLACES, ROOT, SIGN_INS, STAFF, TEAMS
from mainstay.site.demo.distributions import SIZES, Size
from mainstay.site.demo.stories import Cast, batch_of_stories
from mainstay.site.operations import instance
from mainstay.site.operations.instance import InstanceError
from mainstay.support.incidents.actions.bulk import write_histories
from mainstay.support.incidents.models import HoldReason
from mainstay.support.incidents.queries import KIND
from mainstay.support.service_desk.actions.configuration import save_desk

declare("demo", ("begun", "finished"))

#: Characters of a sign-in's password: 14 of URL-safe base64 are 84 random bits.
PASSWORD_LENGTH = 14


def passwords() -> dict[str, str]:
    """Return the passwords of the demo's sign-ins by address: random for this instance, kept in its home (0600)."""
    return {f"{name}@{company.DOMAIN}": instance.secret(f"demo_{name}")[:PASSWORD_LENGTH] for name in SIGN_INS}


def fill(size_name: str, now: datetime | None = None) -> Iterator[tuple[int, int]]:
    """Fill the instance and yield, after each transaction, how many incidents of how many it has.

    `now` (UTC, by default this moment) is when the two years of the demo end. An instance with the demo in it
    yields once; one where it was interrupted goes on. Raises InstanceError where anything else lives, or another
    size of the demo.
    """
    begun = _begun() or _begin(size_name, now or timezone.now())
    if begun.data["size"] != size_name and not finished():
        raise InstanceError(f"This instance holds a part of the demo at size {begun.data['size']}; go on with that.")
    size, end = SIZES[begun.data["size"]], datetime.fromisoformat(begun.data["now"])
    if finished():
        yield size.incidents, size.incidents
        return
    cast = _cast()
    for number in range(Record.objects.count() // size.batch, size.incidents // size.batch):
        write_histories(batch_of_stories(number, size, cast, end), by=system("command"))
        yield (number + 1) * size.batch, size.incidents
    _finish()


def finished() -> bool:
    """Return whether the instance holds the whole demo."""
    return Event.objects.filter(name="demo.finished", subject="demo").exists()


def _begun() -> Event | None:
    return Event.objects.filter(name="demo.begun", subject="demo").first()


@transaction.atomic
def _begin(size_name: str, now: datetime) -> Event:
    """Make the company in an empty instance."""
    if Person.objects.exists() or Record.objects.exists():
        raise InstanceError(
            "The demo is for an empty instance, and this one has people or records in it. "
            "Set MAINSTAY_HOME to a new folder for the demo."
        )
    places = _make_places()
    teams = _make_teams(places[ROOT])
    _make_sign_ins(places, teams)
    _make_staff(places, teams)
    _make_requesters(places, SIZES[size_name])
    slug, label, help_ = company.FIELD
    save_attribute(by=system("command"), kind=KIND, slug=slug, label=label, help=help_, type="text", public=True)
    _make_views(teams)
    save_desk(by=system("command"), slug=company.DESK, name=TEAMS[company.DESK][0], team=teams[company.DESK])
    data = {"size": size_name, "now": now.astimezone(UTC).isoformat()}
    return emit("demo.begun", by=system("command"), subject="demo", data=data)


@transaction.atomic
def _finish() -> None:
    emit("demo.finished", by=system("command"), subject="demo")


def _make_places() -> dict[str, Organisation]:
    places: dict[str, Organisation] = {}
    for place in PLACES:
        above = places[place.above] if place.above else None
        places[place.slug] = save_organisation(
            by=system("command"), slug=place.slug, name=place.name, parent=above, zone=place.zone
        )
    return places


def _make_teams(root: Organisation) -> dict[str, Team]:
    by, agent = system("command"), Role.objects.get(slug="agent")
    teams = {slug: create_team(by=by, slug=slug, name=name, organisation=root) for slug, (name, _) in TEAMS.items()}
    for team in teams.values():
        give(agent, by=by, organisation=root, team=team)
    return teams


def _make_sign_ins(places: dict[str, Organisation], teams: dict[str, Team]) -> None:
    by = system("command")
    for (email, password), sign_in in zip(passwords().items(), SIGN_INS.values(), strict=True):
        person = create_person(
            by=by, name=sign_in.name, email=email, password=password, organisation=places[sign_in.place]
        )
        for role in {"requester", sign_in.role} - {"agent"}:
            give(Role.objects.get(slug=role), by=by, organisation=places[ROOT], person=person)
        for slug in sign_in.teams:
            join_team(person, teams[slug], by=by, leads=sign_in.role == "manager")


def _make_staff(places: dict[str, Organisation], teams: dict[str, Team]) -> None:
    """Fill the teams one after the other; who stands at the end of one begins the next as well."""
    staff = [_make_person(number, places[OFFICE], places[ROOT]) for number in range(STAFF)]
    rota = iter([*staff, *staff])
    for slug, (_, count) in TEAMS.items():
        for place, person in enumerate(islice(rota, count)):
            join_team(person, teams[slug], by=system("command"), leads=place == 0)


def _make_requesters(places: dict[str, Organisation], size: Size) -> None:
    random = Random(distributions.SEED)  # noqa: S311 - a demo must be the same every time, not secret
    others = size.people - STAFF - len(SIGN_INS)
    people = [_make_person(STAFF + n, places[random.choice(DEPARTMENTS)], places[ROOT]) for n in range(others)]
    by = system("command")
    for slug, reader in zip(("leeds", "lyon", "kaunas", "halifax"), people, strict=False):
        give(Role.objects.get(slug="organisation-manager"), by=by, organisation=places[slug], person=reader)
    give(Role.objects.get(slug="auditor"), by=by, organisation=places[ROOT], person=people[-1])


def _make_views(teams: dict[str, Team]) -> None:
    for name, title, query, shared in company.VIEWS:
        owner = actor_for(Person.objects.get(email=f"{name}@{company.DOMAIN}"), door="command")
        team = teams[SIGN_INS[name].teams[0]] if shared else None
        save_view(by=owner, kind=KIND, name=title, query=query, team=team)


def _make_person(number: int, organisation: Organisation, root: Organisation) -> Person:
    by, name = system("command"), company.person_name(number)
    person = create_person(by=by, name=name, email=company.address(name), organisation=organisation)
    give(Role.objects.get(slug="requester"), by=by, organisation=root, person=person)
    return person


def _cast() -> Cast:
    """Find again, in a fixed order, everybody and everything that the stories are about."""
    everybody = Person.objects.order_by("pk")
    staff = set(Person.objects.filter(Q(teams__isnull=False) | Q(email=f"administrator@{company.DOMAIN}")))
    own = everybody.get(email=f"requester@{company.DOMAIN}")
    requesters = [person for person in everybody if person not in staff and person != own]
    return Cast(
        requesters=[(person.pk, person.organisation_id) for person in requesters],
        members={slug: list(everybody.filter(teams__slug=slug).values_list("pk", flat=True)) for slug in TEAMS},
        teams=dict(Team.objects.values_list("slug", "pk")),
        categories=dict(Category.objects.values_list("slug", "pk")),
        hold_reasons=dict(HoldReason.objects.values_list("slug", "pk")),
        names=dict(everybody.values_list("pk", "name")),
        requester=(own.pk, own.organisation_id),
        agent=everybody.get(email=f"agent@{company.DOMAIN}").pk,
    )
