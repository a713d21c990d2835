"""Paths of the portal, where people ask for help and follow their cases."""

from django.urls import path

from mainstay.support.service_desk.views import announcements, letters, portal

app_name = "portal"
urlpatterns = [
    path("", portal.home, name="home"),
    path("report/", portal.report, name="report"),
    path("cases/", portal.cases, name="cases"),
    path("cases/<str:number>/", portal.show, name="case"),
    path("cases/<str:number>/document/<slug:ending>/", portal.document, name="document"),
    path("cases/<str:number>/reported/", portal.reported, name="reported"),
    path("cases/<str:number>/say/", portal.say, name="say"),
    path("announcements/", announcements.board, name="announcements"),
    path("announcements/new/", announcements.new, name="announce"),
    path("announcements/<uuid:uuid>/", announcements.show, name="announcement"),
    path("announcements/<uuid:uuid>/edit/", announcements.edit, name="announcement-edit"),
    path("announcements/<uuid:uuid>/cancel/", announcements.cancel, name="announcement-cancel"),
    path("announcements/<uuid:uuid>/calendar/", announcements.calendar, name="announcement-calendar"),
    path("letters/<str:token>/", letters.letter, name="letter"),
    path("cases/<str:number>/revoke-links/", portal.revoke_links, name="revoke-links"),
    path("cases/<str:number>/confirm/", portal.confirm, name="confirm"),
    path("cases/<str:number>/reopen/", portal.reopen, name="reopen"),
    path("cases/<str:number>/rate/", portal.rate, name="rate"),
    path("cases/<str:number>/again/", portal.again, name="again"),
]
