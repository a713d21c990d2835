"""The paths of mails as they came."""

from django.urls import path

from mainstay.kernel.mail import views

app_name = "mail"
urlpatterns = [
    path("<uuid:uuid>/original/", views.original, name="original"),
    path("<uuid:uuid>/page/", views.page, name="page"),
]
