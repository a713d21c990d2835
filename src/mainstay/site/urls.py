"""Every address of the product. Practices bring their own `urls.py`; nothing is reachable that is not listed."""

from django.urls import URLPattern, URLResolver, include, path

handler400 = "mainstay.kernel.web.pages.bad_request"
handler403 = "mainstay.kernel.web.pages.forbidden"
handler404 = "mainstay.kernel.web.pages.not_found"
handler500 = "mainstay.kernel.web.pages.server_error"
handler429 = "mainstay.kernel.accounts.views.entrance.too_many_requests"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("mainstay.site.operations.urls")),
    path("", include("mainstay.kernel.records.urls")),
    path("", include("mainstay.kernel.accounts.urls")),
    path("", include("mainstay.support.service_desk.portal_urls")),
    path("", include("mainstay.site.api")),
    path("desk/", include("mainstay.support.service_desk.urls")),
    path("incidents/", include("mainstay.support.incidents.urls")),
    path("administration/", include("mainstay.kernel.administration.urls")),
    path("mails/", include("mainstay.kernel.mail.urls")),
    path("reports/", include("mainstay.kernel.web.reports.urls")),
    path("search/", include("mainstay.kernel.web.search.urls")),
    path("documents/", include("mainstay.kernel.web.documents.urls")),
    path("notifications/", include("mainstay.kernel.web.notifications.urls")),
    path("web/", include("mainstay.kernel.web.urls")),
]
