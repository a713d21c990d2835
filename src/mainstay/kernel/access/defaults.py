"""The first organisation: the one that everything belongs to which belongs to nobody else."""

from mainstay.kernel.access.actor import system
from mainstay.kernel.people.actions import create_organisation
from mainstay.kernel.people.models import Organisation

HOME_ORGANISATION = "home"


def load() -> None:
    """Make the first organisation in an instance that has none."""
    if not Organisation.objects.exists():
        create_organisation(by=system("command"), slug=HOME_ORGANISATION, name="Our organisation")
