"""Paths of the web kernel."""

from django.urls import path

from mainstay.kernel.web import views

app_name = "web"
urlpatterns = [
    path("palette/", views.palette, name="palette"),
    path("draft/", views.draft, name="draft"),
    path("presence/<str:number>/", views.presence, name="presence"),
    path("people/<number:number>/", views.people, name="people"),
    path("preference/", views.preference, name="preference"),
]
