"""Who stands in for somebody who is away. Pure."""

from collections.abc import Mapping


def stand_in(person: int, substitutes: Mapping[int, int | None]) -> int | None:
    """Return who (id) stands in for a person who is away: the first in the chain of substitutes who is not.

    `substitutes` has everybody who is away, with the one they named. The answer is None where nobody was named, and
    where the chain leads back into itself: then all of them are away.
    """
    seen = {person}
    here = substitutes.get(person)
    while here in substitutes and here not in seen:
        assert here is not None
        seen.add(here)
        here = substitutes[here]
    return None if here in seen else here
