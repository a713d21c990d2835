"""The decision and its list form say the same of every actor and every record."""

from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mainstay.kernel.access.actor import NOBODY, Actor, system
from mainstay.kernel.access.engine.decision import REACHES, Standing, permits
from mainstay.kernel.access.queries import allowed
from mainstay.kernel.people.models import Organisation, Person, Team
from mainstay.kernel.records.models import Record
from tests.sizes import size

READ = "incident.read"


@dataclass(frozen=True)
class Protected:
    organisation_id: int
    access: str
    requester_id: int | None
    team_id: int | None


ids = st.integers(1, 3)
some_ids = st.frozensets(ids)
protected = st.builds(
    Protected,
    organisation_id=ids,
    access=st.sampled_from(["public", "internal", "confidential", "unheard of", ""]),
    requester_id=st.none() | ids,
    team_id=st.none() | ids,
)
standings = st.builds(
    Standing,
    person_id=st.none() | ids,
    team_ids=some_ids,
    held=st.fixed_dictionaries({READ: st.fixed_dictionaries(dict.fromkeys(REACHES, some_ids))}),
)


@given(record=protected)
def test_who_holds_nothing_may_do_nothing(record: Protected) -> None:
    assert not permits(Standing(), READ, record)
    assert not permits(Standing(person_id=1, team_ids=frozenset({1, 2, 3})), READ, record)
    assert not NOBODY.can(READ, record)
    assert system().can(READ, record)


@given(standing=standings, record=protected)
def test_a_capability_says_nothing_of_another(standing: Standing, record: Protected) -> None:
    assert not permits(standing, "incident.resolve", record)


@given(standing=standings, record=protected)
def test_a_requester_never_reaches_what_is_not_public(standing: Standing, record: Protected) -> None:
    own_only = Standing(standing.person_id, standing.team_ids, {READ: {"own": frozenset({1, 2, 3})}})
    if permits(own_only, READ, record):
        assert (record.access, record.requester_id) == ("public", standing.person_id)


@given(standing=standings, other=standings, record=protected)
def test_acting_for_another_never_widens(standing: Standing, other: Standing, record: Protected) -> None:
    if permits(standing.and_also(other), READ, record):
        assert permits(standing, READ, record)
        assert any(record.organisation_id in other.organisations(READ, reach) for reach in REACHES)


@given(standing=standings, record=protected, scopes=st.frozensets(st.sampled_from([READ, "incident.note"])))
def test_scopes_only_narrow(standing: Standing, record: Protected, scopes: frozenset[str]) -> None:
    assert permits(standing.within(scopes), READ, record) == (READ in scopes and permits(standing, READ, record))


@pytest.fixture
def shelf(db: None) -> list[Record]:
    """One record for every mix of organisation, access, requester and team; ids are dense so that draws meet them."""
    organisations = [Organisation.objects.create(slug=f"o{n}", name=f"O{n}") for n in range(3)]
    people = [Person.objects.create(name=f"P{n}", organisation=organisations[0]) for n in range(3)]
    teams = [Team.objects.create(slug=f"t{n}", name=f"T{n}", organisation=organisations[0]) for n in range(3)]
    return [
        Record.objects.create(
            kind="incident",
            number=f"{organisation.pk}{access[0]}{requester and requester.pk}{team and team.pk}",
            title="X",
            state="new",
            state_category="open",
            access=access,
            organisation=organisation,
            requester=requester,
            team=team,
        )
        for organisation in organisations
        for access in ("public", "internal", "confidential")
        for requester in (None, people[0], people[1])
        for team in (None, teams[0], teams[1])
    ]


@settings(
    max_examples=size("access decisions in the database"),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_the_list_is_exactly_what_the_decision_permits(shelf: list[Record], data: st.DataObject) -> None:
    organisations = sorted({record.organisation_id for record in shelf})
    teams = sorted({record.team_id for record in shelf if record.team_id})
    people = sorted({record.requester_id for record in shelf if record.requester_id})
    subsets = st.frozensets(st.sampled_from(organisations))
    standing = Standing(
        person_id=data.draw(st.none() | st.sampled_from(people)),
        team_ids=data.draw(st.frozensets(st.sampled_from(teams))),
        held={READ: {reach: data.draw(subsets) for reach in REACHES}},
    )
    listed = set(Record.objects.filter(allowed(Actor(standing), READ)).values_list("number", flat=True))
    assert listed == {record.number for record in shelf if permits(standing, READ, record)}
