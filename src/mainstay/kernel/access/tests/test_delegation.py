"""Who may bring rights about for others: never more than they hold or could hand out."""

from hypothesis import given
from hypothesis import strategies as st

from mainstay.kernel.access.engine.decision import REACHES, Standing
from mainstay.kernel.access.engine.delegation import HAND_OUT, could_hand_out

PLACES = st.frozensets(st.integers(1, 4))
HELD = st.dictionaries(
    st.sampled_from(["incident.read", "incident.edit", HAND_OUT]), st.dictionaries(st.sampled_from(REACHES), PLACES)
)
STANDINGS = st.builds(Standing, held=HELD)


@given(STANDINGS)
def test_everybody_could_hand_out_what_they_hold_themselves(standing: Standing) -> None:
    assert could_hand_out(standing, standing)


@given(STANDINGS)
def test_who_holds_nothing_hands_out_nothing_but_what_is_ones_own(rights: Standing) -> None:
    others = any(places for reaches in rights.held.values() for reach, places in reaches.items() if reach != "own")
    assert could_hand_out(Standing(), rights) is not others


@given(STANDINGS, STANDINGS, STANDINGS)
def test_handing_out_never_widens_along_a_chain_of_those_without_the_right_to_grant(
    first: Standing, second: Standing, third: Standing
) -> None:
    second = Standing(held={name: held for name, held in second.held.items() if name != HAND_OUT})
    if could_hand_out(first, second) and could_hand_out(second, third):
        assert could_hand_out(first, third)


@given(STANDINGS, STANDINGS, st.integers(1, 4))
def test_a_right_in_one_more_place_is_refused_unless_it_is_held_or_grantable_there(
    standing: Standing, rights: Standing, place: int
) -> None:
    reached = standing.organisations("incident.read") | standing.organisations(HAND_OUT)
    wider = Standing(held={**rights.held, "incident.read": {"all": frozenset({place})}})
    if place not in reached:
        assert not could_hand_out(standing, wider)


def test_granting_in_one_place_is_no_right_in_another() -> None:
    manager = Standing(held={HAND_OUT: {"all": frozenset({1})}})
    assert could_hand_out(manager, Standing(held={"incident.edit": {"all": frozenset({1})}}))
    assert not could_hand_out(manager, Standing(held={"incident.edit": {"all": frozenset({1, 2})}}))
