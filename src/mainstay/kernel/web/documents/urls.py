"""Paths of documents that were ordered."""

from django.urls import path

from mainstay.kernel.web.documents import views

app_name = "documents"
urlpatterns = [
    path("<uuid:uuid>/", views.show, name="show"),
    path("<uuid:uuid>/file", views.file, name="file"),
]
