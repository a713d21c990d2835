"""The REST interface: every practice's router under /api/v1, and its description for those with a token."""

from functools import cache
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.urls import path, re_path
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET

from mainstay.kernel.access.doors import open_to_everyone
from mainstay.kernel.accounts.api import router as accounts
from mainstay.kernel.administration.api import router as administration
from mainstay.kernel.automation.api import router as rules
from mainstay.kernel.mail.api import router as mails
from mainstay.kernel.records.api import router as records
from mainstay.kernel.reports.api import router as reports
from mainstay.kernel.rest import problems
from mainstay.kernel.rest.answers import BASE, answer
from mainstay.kernel.rest.interface import Interface
from mainstay.kernel.rest.tokens import bearer
from mainstay.kernel.search.api import router as search
from mainstay.kernel.web.documents.api import router as documents
from mainstay.support.incidents.api import router as incidents
from mainstay.support.service_desk.api import router as contacts

DESCRIPTION = """\
Send `Authorization: Bearer` with a token from your profile page or `mainstay token create`.
Refusals are problem documents (RFC 9457). What you may not see answers as what does not exist."""

api = Interface(title="Mainstay", version="1", description=DESCRIPTION, prefix=BASE)
for router in (incidents, contacts, records, mails, search, rules, reports, accounts, administration, documents):
    api.add_router("", router)


@cache
def description() -> dict[str, Any]:
    """Return the description of the interface in English, whatever language is spoken at the moment."""
    with translation.override("en"):
        described: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(api.describe()))
    return described


@csrf_exempt  # no session is accepted here, so there is nothing to forge
@require_GET
@open_to_everyone("It asks for a token itself, as every operation does.")
def describe(request: HttpRequest) -> HttpResponse:
    """Answer the description of the interface (OpenAPI 3.1) to whoever has a token."""
    if bearer(request) is None:
        return problems.problem(request, 401)
    return answer(description())


@csrf_exempt
@open_to_everyone("It says that there is nothing, to anybody.")
def unknown(request: HttpRequest) -> HttpResponse:
    """Answer an address that no operation has, without drawing a page that no program reads."""
    return problems.problem(request, 404)


urlpatterns: list[Any] = [
    path("api/openapi.json", describe, name="openapi"),
    path("api/v1/", api.urls),
    re_path(r"^api/", unknown, name="unknown-operation"),
]
