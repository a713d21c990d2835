"""Paths of the desk's console."""

from django.urls import path

from mainstay.kernel.web.records import urls
from mainstay.support.service_desk.views import broadcasts, phone, queue, turning
from mainstay.support.service_desk.views.pages import PAGES

app_name = "service_desk"
urlpatterns = [
    path("", queue.show, name="queue"),
    path("filters/", queue.filters, name="filters"),
    path("broadcasts/new/", broadcasts.new, name="broadcast-new"),
    path("broadcasts/<uuid:broadcast>/", broadcasts.show, name="broadcast"),
    path("phone/", phone.search, name="phone"),
    path("phone/<uuid:caller>/", phone.call, name="call"),
    *urls.of(PAGES),
    path("<number:number>/turn-into-incident/", turning.turn, name="turn"),
]
