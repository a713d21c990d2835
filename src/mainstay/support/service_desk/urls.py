"""Paths of the desk's console."""

from django.urls import path

from mainstay.kernel.web.records import urls
from mainstay.support.service_desk.views import broadcasts, guiding, phone, prepared, queue, splitting, turning
from mainstay.support.service_desk.views.pages import PAGES

app_name = "service_desk"
urlpatterns = [
    path("", queue.show, name="queue"),
    path("filters/", queue.filters, name="filters"),
    path("broadcasts/new/", broadcasts.new, name="broadcast-new"),
    path("broadcasts/<uuid:broadcast>/", broadcasts.show, name="broadcast"),
    path("phone/", phone.search, name="phone"),
    path("phone/<uuid:caller>/", phone.call, name="call"),
    path("records/<number:number>/answers/", prepared.answers, name="answers"),
    path("records/<number:number>/macros/<slug:key>/", prepared.macro, name="macro"),
    path("records/<number:number>/checklists/", guiding.add_checklist, name="add_checklist"),
    path("records/<number:number>/runbooks/<slug:key>/", guiding.start_runbook, name="start_runbook"),
    path("records/<number:number>/runs/<uuid:run>/", guiding.answer_runbook, name="answer_runbook"),
    path("records/<number:number>/split/", splitting.split, name="split"),
    path("records/<number:number>/split/<number:made>/undo/", splitting.unsplit, name="unsplit"),
    path("macros/", prepared.macros_on_many, name="macros_on_many"),
    *urls.of(PAGES),
    path("<number:number>/turn-into-incident/", turning.turn, name="turn"),
]
