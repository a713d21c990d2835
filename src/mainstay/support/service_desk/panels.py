"""Where the desk's records are shown."""

from django.urls import reverse

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.records.addresses import REQUESTERS, address
from mainstay.kernel.records.models import Record


@address(REQUESTERS)
@address("contact")
def case_page(actor: Actor, record: Record) -> str:
    """The portal's page of a case."""
    return reverse("portal:case", kwargs={"number": record.number})
