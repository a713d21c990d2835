"""Paths of the search."""

from django.urls import path

from mainstay.kernel.web.search import views

app_name = "search"
urlpatterns = [path("", views.show, name="page")]
