"""Paths of what hangs on records of every kind."""

from django.urls import path

from mainstay.kernel.records.views import attachments, finding

app_name = "records"
urlpatterns = [
    path("attachments/<uuid:uuid>", attachments.download, name="attachment"),
    path("records/<str:number>", finding.lead, name="record"),
]
