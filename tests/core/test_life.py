"""Acts happen in the order of one table, whoever asks and whatever a form says."""

import pytest

from consult.core.life import TRANSITIONS, Act, NotNow, Role, State, check
from consult.errors import NotAllowed

EVERYTHING = frozenset(Role)


@pytest.mark.parametrize("act", list(TRANSITIONS))
def test_an_act_is_refused_wherever_the_table_does_not_place_it(act: Act) -> None:
    """T108."""
    for state in State:
        if state in TRANSITIONS[act].froms:
            assert check(act, state, EVERYTHING) is (TRANSITIONS[act].to or state)
        else:
            with pytest.raises(NotNow):
                check(act, state, EVERYTHING)


@pytest.mark.parametrize("act", [act for act, step in TRANSITIONS.items() if step.roles])
def test_an_act_is_refused_to_every_role_that_the_table_does_not_name(act: Act) -> None:
    """T35, T108."""
    (state, *_others) = TRANSITIONS[act].froms
    for role in Role:
        if role in TRANSITIONS[act].roles:
            check(act, state, frozenset({role}))
        else:
            with pytest.raises(NotAllowed):
                check(act, state, frozenset({role}))


def test_what_was_closed_is_never_opened_again() -> None:
    """T66, T108."""
    later = {State.CLOSED, State.COUNTED, State.CERTIFIED, State.PUBLISHED, State.WITHDRAWN}
    for act, step in TRANSITIONS.items():
        assert not (step.to is State.OPEN and step.froms & later), act
