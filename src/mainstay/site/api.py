"""The REST interface: every practice's router under /api/v1, and its description for those with a token."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_GET

from mainstay.kernel.access.doors import open_to_everyone
from mainstay.kernel.records.api import router as records
from mainstay.kernel.rest import problems
from mainstay.kernel.rest.answers import BASE, answer
from mainstay.kernel.rest.interface import Interface
from mainstay.kernel.rest.tokens import bearer
from mainstay.support.incidents.api import router as incidents

DESCRIPTION = """\
Send `Authorization: Bearer` with a token from your profile page or `mainstay token create`.
Refusals are problem documents (RFC 9457). What you may not see answers as what does not exist."""

api = Interface(title="Mainstay", version="1", description=DESCRIPTION, prefix=BASE)
for router in (incidents, records):
    api.add_router("", router)


@require_GET
@open_to_everyone("It asks for a token itself, as every operation does.")
def describe(request: HttpRequest) -> HttpResponse:
    """Answer the description of the interface (OpenAPI 3.1) to whoever has a token."""
    if bearer(request) is None:
        return problems.problem(request, 401)
    return answer(api.describe())


urlpatterns: list[Any] = [
    path("api/openapi.json", describe, name="openapi"),
    path("api/v1/", api.urls),
]
