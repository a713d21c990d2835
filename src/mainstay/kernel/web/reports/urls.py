"""Paths of the reports."""

from django.urls import path

from mainstay.kernel.web.reports import keeping, views

app_name = "reports"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("saved/<uuid:uuid>/remove/", keeping.remove, name="remove"),
    path("<slug:report>/", views.show, name="show"),
    path("<slug:report>/cases/", views.cases, name="cases"),
    path("<slug:report>/export/", views.export, name="export"),
    path("<slug:report>/save/", keeping.save, name="save"),
]
