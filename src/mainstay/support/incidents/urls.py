"""Paths of the console."""

from django.urls import path, register_converter

from mainstay.support.incidents.views import (
    administration,
    bulk,
    conversation,
    fields,
    moves,
    opening,
    overview,
    queue,
    record,
    related,
    saved,
)


class NumberConverter:
    """A record's number, in any spelling of its letters: it also finds former ones."""

    regex = r"[A-Za-z]{2,5}-[0-9]{1,12}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(NumberConverter, "number")

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
    path("<number:number>/", record.show, name="record"),
    path("<number:number>/history/", record.history, name="history"),
    path("<number:number>/peek/", record.peek, name="peek"),
    path("<number:number>/do/<slug:verb>/", moves.move, name="move"),
    path("<number:number>/follow-up/", moves.follow_up, name="follow_up"),
    path("<number:number>/edit/", fields.edit, name="edit"),
    path("<number:number>/priority/", fields.priority, name="priority"),
    path("<number:number>/comments/", conversation.comment, name="comment"),
    path("<number:number>/watch/", conversation.watch, name="watch"),
    path("<number:number>/unwatch/", conversation.unwatch, name="unwatch"),
    path("<number:number>/tasks/", related.add_task, name="add_task"),
    path("<number:number>/tasks/<uuid:task>/done/", related.finish_task, name="finish_task"),
    path("<number:number>/tasks/<uuid:task>/reopen/", related.reopen_task, name="reopen_task"),
    path("<number:number>/links/", related.add_link, name="add_link"),
    path("<number:number>/links/<uuid:link>/remove/", related.remove_link, name="remove_link"),
    path("<number:number>/work/", related.log_work, name="log_work"),
]
