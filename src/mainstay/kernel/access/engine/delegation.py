"""What somebody may bring about for others: never more than they hold themselves or could hand out."""

from mainstay.kernel.access.engine.decision import Standing

#: Whoever holds this in an organisation may grant any role there, so nothing held there is out of their reach.
HAND_OUT = "access.manage"


def could_hand_out(standing: Standing, rights: Standing) -> bool:
    """Return whether `standing` covers `rights`: each is held itself, or could be granted by it, wherever it reaches.

    Asked before a person is put into a team, and before what somebody signs in with is changed: else who manages
    people could become anybody. Reach `own` gives only what is one's own and is no right over others.
    """
    if standing.unbounded:
        return True
    grantable = standing.organisations(HAND_OUT)
    return all(
        organisations <= grantable | standing.organisations(capability) | standing.organisations(capability, reach)
        for capability, reaches in rights.held.items()
        for reach, organisations in reaches.items()
        if reach != "own"
    )
