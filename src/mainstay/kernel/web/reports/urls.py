"""Paths of the reports."""

from django.urls import path

from mainstay.kernel.web.reports import views

app_name = "reports"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("<slug:report>/", views.show, name="show"),
    path("<slug:report>/cases/", views.cases, name="cases"),
    path("<slug:report>/export/", views.export, name="export"),
]
