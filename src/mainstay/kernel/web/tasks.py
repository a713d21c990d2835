"""Jobs of the web kernel."""

from datetime import UTC, datetime

from mainstay.kernel.jobs.registry import BULK, job
from mainstay.kernel.web.documents import actions
from mainstay.kernel.web.models import OrderedDocument


@job("web.make_document", queue=BULK)
def make_document(document: int) -> None:
    """Make a document that somebody ordered and that is not made yet."""
    orders = OrderedDocument.objects.select_related("person", "record")
    if (ordered := orders.filter(pk=document, content=None).first()) is not None:
        actions.make(ordered)


@job("web.forget_documents", queue=BULK, cron="7 3 * * *")
def forget_documents(timestamp: int) -> None:
    """Forget, every night, the documents that were ordered a week ago."""
    actions.forget(datetime.fromtimestamp(timestamp, UTC))
