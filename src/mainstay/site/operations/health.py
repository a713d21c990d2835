"""Addresses for machines: is the process alive, may it get requests, what are its figures."""

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest

from mainstay.kernel.access.doors import ActingRequest, open_to_everyone
from mainstay.kernel.practice.errors import Missing
from mainstay.kernel.rest.tokens import bearer
from mainstay.site.operations import condition

#: Seconds after which a caller may ask again; the supervisor needs about one to bring a database back.
RETRY_AFTER = "2"


@open_to_everyone("Says only that the process answers, to load balancers that have no account.")
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is asked."""
    return _plain("ok", 200)


@open_to_everyone("Says only whether requests may be sent here, to load balancers that have no account.")
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """The database answers and is up to date, or 503 with the reason."""
    try:
        pending = condition.pending_migrations()
    except DatabaseError:
        return _plain("the database does not answer", 503)
    if pending:
        return _plain("migrations are pending", 503)
    return _plain("ok", 200)


@open_to_everyone("Looks for a token or a session itself, and is not found by whoever lacks operations.read.")
@require_safe
def metrics(request: ActingRequest) -> HttpResponse:
    """The figures in the Prometheus text format, for those who hold `operations.read`; others find nothing.

    A collector sends a token (`Authorization: Bearer`); a person comes with their session.
    """
    actor = bearer(request) or request.actor
    if not actor.holds("operations.read"):
        raise Missing("")
    return HttpResponse(generate_latest(_figures()), content_type=CONTENT_TYPE_LATEST)


def _figures() -> CollectorRegistry:
    registry = CollectorRegistry()

    def gauge(name: str, words: str, labels: tuple[str, ...] = ()) -> Gauge:
        return Gauge(f"mainstay_{name}", words, labels, registry=registry)

    gauge("workers", "Job workers that gave a sign of life lately").set(condition.workers())
    gauge("database_bytes", "Size of the database").set(condition.database_size())
    gauge("pending_migrations", "Migrations not yet applied").set(len(condition.pending_migrations()))
    jobs = gauge("jobs", "Jobs by queue and state", ("queue", "state"))
    lag = gauge("queue_lag_seconds", "How long the oldest due job has waited", ("queue",))
    for queue in condition.queues():
        lag.labels(queue.name).set(queue.lag)
        for state in ("due", "running", "failed"):
            jobs.labels(queue.name, state).set(getattr(queue, state))
    mails = condition.mails()
    came = gauge("mails", "Mails that came in and became nothing yet, by state", ("state",))
    came.labels("waiting").set(mails.waiting)
    came.labels("quarantined").set(mails.quarantined)
    gauge("mail_lag_seconds", "How long the oldest waiting mail has waited").set(mails.lag)
    failing = gauge("mailbox_failing_seconds", "For how long a mailbox could not be read; 0 when it can", ("mailbox",))
    for reading in condition.readings():
        failing.labels(reading.mailbox).set(reading.failing)
    return registry


def _plain(words: str, status: int) -> HttpResponse:
    headers = {"Cache-Control": "no-store"} | ({"Retry-After": RETRY_AFTER} if status == 503 else {})
    return HttpResponse(f"{words}\n", status=status, content_type="text/plain; charset=utf-8", headers=headers)
