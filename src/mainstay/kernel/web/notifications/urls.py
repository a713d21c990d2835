"""Paths of the bell."""

from django.urls import path

from mainstay.kernel.web.notifications import views

app_name = "notifications"
urlpatterns = [
    path("", views.show, name="list"),
    path("read/", views.read_all, name="read_all"),
    path("choices/", views.choices, name="choices"),
    path("<uuid:uuid>/open/", views.follow, name="open"),
]
