"""Jobs of the web kernel."""

from datetime import UTC, datetime

from mainstay.kernel.jobs.registry import BULK, job
from mainstay.kernel.web import actions
from mainstay.kernel.web.documents import actions as documents
from mainstay.kernel.web.models import OrderedDocument


@job("web.forget_the_gone", queue=BULK, cron="23 * * * *")
def forget_the_gone(timestamp: int) -> None:
    """Forget who went away from records without saying so, every hour."""
    actions.forget_the_gone()


@job("web.make_document", queue=BULK)
def make_document(document: int) -> None:
    """Make a document that somebody ordered and that is not made yet."""
    orders = OrderedDocument.objects.select_related("person", "record")
    if (ordered := orders.filter(pk=document, content=None).first()) is not None:
        documents.make(ordered)


@job("web.forget_documents", queue=BULK, cron="7 3 * * *")
def forget_documents(timestamp: int) -> None:
    """Forget, every night, the documents that were ordered a week ago."""
    documents.forget(datetime.fromtimestamp(timestamp, UTC))
