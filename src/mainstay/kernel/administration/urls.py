"""Paths of administration."""

from django.urls import path

from mainstay.kernel.administration.views import (
    audit,
    calendars,
    grants,
    home,
    mail_templates,
    mails,
    members,
    people,
    rows,
    settings,
    skills,
    suggestions,
)

app_name = "administration"
urlpatterns = [
    path("", home.home, name="home"),
    path("people/", people.listing, name="people"),
    path("people/new/", people.new, name="person-new"),
    path("people/<uuid:uuid>/", people.person, name="person"),
    path("people/<uuid:uuid>/access/", people.change_access, name="person-access"),
    path("people/<uuid:uuid>/mail-arrives/", people.mail_arrives, name="person-mail-arrives"),
    path("people/<uuid:uuid>/history/", people.history, name="person-history"),
    path("teams/<str:key>/members/", members.members, name="members"),
    path("teams/<str:key>/members/<uuid:uuid>/leave/", members.leave, name="member-leave"),
    path("skills/<str:key>/people/", skills.holders, name="skill-holders"),
    path("skills/<str:key>/people/<uuid:uuid>/lose/", skills.lose, name="skill-lose"),
    path("grants/", grants.listing, name="grants"),
    path("grants/<uuid:uuid>/take/", grants.take_away, name="grant-take"),
    path("calendars/<str:key>/try/", calendars.try_calendar, name="calendar-try"),
    path("calendar-versions/<str:key>/days/", calendars.take_days, name="calendar-days"),
    path("mail-templates/<str:key>/preview/", mail_templates.preview, name="mail-preview"),
    path("settings/", settings.edit, name="settings"),
    path("mails/", mails.listing, name="mails"),
    path("mails/<uuid:uuid>/", mails.mail, name="mail"),
    path("suggestions/", suggestions.listing, name="suggestions"),
    path("audit/", audit.trail, name="audit"),
    *rows.paths(),
]
