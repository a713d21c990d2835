"""Paths of the console."""

from django.urls import path

from mainstay.kernel.web.records import urls
from mainstay.support.incidents.views import administration, bulk, fields, major, opening, overview, queue, saved
from mainstay.support.incidents.views.pages import PAGES

app_name = "incidents"
urlpatterns = [
    path("", queue.show, name="queue"),
    path("start/", overview.show, name="overview"),
    path("filters/", queue.filters, name="filters"),
    path("export/", queue.export, name="export"),
    path("priority-matrix/", administration.matrix, name="matrix"),
    path("views/", saved.save, name="save_view"),
    path("views/<uuid:view>/remove/", saved.remove, name="remove_view"),
    path("bulk/", bulk.bulk, name="bulk"),
    path("new/", opening.new, name="new"),
    path("new/attributes/", opening.attributes, name="attributes"),
    path("new/callers/", opening.callers, name="callers"),
    *urls.of(PAGES),
    path("<number:number>/follow-up/", fields.follow_up, name="follow_up"),
    path("<number:number>/major/", major.show, name="major"),
    path("<number:number>/major/report/<slug:ending>/", major.report, name="major_report"),
    path("<number:number>/major/<slug:step>/", major.act, name="act_on_major"),
    path("<number:number>/priority/", fields.priority, name="priority"),
]
