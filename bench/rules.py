"""What 500 active rules add to creating a case, through the product's own action; all of it is undone."""

import time
from statistics import median

RULES, CREATES = 500, 100
#: Milliseconds that they may add.
REACH = 5.0
CONDITIONS = (
    'title == "no title like {n}" && impact == 1',
    'text.contains("no word like {n}") || title.endsWith(" {n} times")',
    '"network" in categories && source == "mail" && priority < 3 && hour == {n}',
    'team == "" && requester_domain == "{n}.example"',
)


def added() -> tuple[float, float]:
    """Return the milliseconds that creating a case takes without rules, and those that the rules add (medians)."""
    from django.db import connection, transaction

    from mainstay.kernel.access.queries import actor_for
    from mainstay.kernel.automation.models import Rule
    from mainstay.kernel.people.models import Person

    actor = actor_for(Person.objects.get(email="agent@demo.example"), door="api")
    requester = Person.objects.get(email="requester@demo.example")
    try:
        with transaction.atomic():
            Rule.objects.update(retired="2000-01-01T00:00Z")
            without = _milliseconds(actor, requester)
            Rule.objects.bulk_create(
                Rule(
                    kind="incident",
                    slug=f"bench-{n}",
                    name=f"Bench {n}",
                    occasions=["created"],
                    condition=CONDITIONS[n % len(CONDITIONS)].format(n=n),
                    does={"impact": "2"},
                )
                for n in range(RULES)
            )
            found = without, _milliseconds(actor, requester) - without
            transaction.set_rollback(True)
        return found
    finally:
        connection.close()


def _milliseconds(actor: object, requester: object) -> float:
    from django.db import transaction

    from mainstay.support.incidents.actions import create

    took = []
    for number in range(CREATES + 1):
        began = time.perf_counter()
        with transaction.atomic():
            create(by=actor, requester=requester, title=f"Bench {number}", description="It is silent. " * 50)
        took.append((time.perf_counter() - began) * 1000)
    return median(took[1:])  # the first one reads the rules
