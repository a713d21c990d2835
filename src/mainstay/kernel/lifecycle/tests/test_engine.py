"""The lifecycle machine refuses data that makes no sense, and answers what the data says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.kernel.lifecycle import Lifecycle, Move, State
from mainstay.support.incidents.lifecycle import LIFECYCLE, S

A, B, C = State("a", "open", "A", "A"), State("b", "paused", "B", "B"), State("c", "closed", "C", "C")


def test_two_moves_of_one_verb_cannot_start_in_one_state() -> None:
    with pytest.raises(ValueError, match="two moves 'go' start in 'a'"):
        Lifecycle(A, (Move("go", (A,), B, "gone"), Move("go", (A,), C, "gone")))


def test_a_state_that_no_move_leads_to_is_refused() -> None:
    with pytest.raises(ValueError, match="no move leads to c"):
        Lifecycle(A, (Move("go", (A,), B, "gone"), Move("stay", (C,), C, "stayed")))


def test_moves_are_found_by_verb_and_state() -> None:
    lifecycle = Lifecycle(A, (Move("go", (A,), B, "gone"), Move("go", (B,), C, "gone"), Move("back", (B,), A, "back")))
    assert lifecycle.verbs == ("go", "back")
    assert [move.target.slug for move in lifecycle.moves_from("b")] == ["c", "a"]
    assert lifecycle.move("back", "a") is None
    assert lifecycle.in_category("paused", "closed") == ("b", "c")
    assert lifecycle.reachable("c") == {"c"}


@given(st.lists(st.sampled_from(LIFECYCLE.verbs), max_size=30))
def test_no_sequence_of_verbs_leaves_the_states_or_wakes_a_closed_incident(verbs: list[str]) -> None:
    state = LIFECYCLE.initial
    for verb in verbs:
        move = LIFECYCLE.move(verb, state.slug)
        if state.category == "closed":
            assert move is None
        state = move.target if move else state
        assert state.slug in LIFECYCLE.states


def test_an_incident_is_only_closed_by_way_of_resolved_or_cancelled() -> None:
    into_closed = [move for move in LIFECYCLE.moves if move.target is S.CLOSED]
    assert [(move.verb, move.sources) for move in into_closed] == [("close", (S.RESOLVED,))]
