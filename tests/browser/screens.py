"""Every page that shows a screen, with somebody who is meant to see it; and every address that shows none, with why.

An address of the product that is in neither table fails the suite. `docs/screens.csv` is written from the first.
"""

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.browser.stage import Stage

THEMES = ("light", "dark")
WIDTHS = (1280, 390)
TABLE = Path(__file__).parents[2] / "docs/screens.csv"
COLUMNS = ("address", "actor", "theme", "width", "picture")


class Screen(NamedTuple):
    """A page: its address as the URL configuration has it, who looks at it, and what is in the gaps and behind it."""

    pattern: str
    actor: str
    #: Values of gaps that differ from the stage's usual ones: the name of one of its gaps, or the value itself.
    gaps: dict[str, str] = {}
    query: str = ""

    @property
    def name(self) -> str:
        """What its pictures are called."""
        words = [self.pattern, *self.gaps.values(), self.query, self.actor]
        return re.sub(r"[^a-z0-9]+", "-", " ".join(words).lower()).strip("-")

    def address(self, stage: Stage) -> str:
        def fill(gap: re.Match[str]) -> str:
            name = self.gaps.get(gap[1], gap[1])
            return stage.gaps.get(name, name)

        return "/" + re.sub(r"<(?:\w+:)?(\w+)>", fill, self.pattern + self.query)

    def picture(self, theme: str, width: int) -> str:
        return f"{self.name}-{theme}-{width}.png"


def _rows(kind: str, key: str, new: bool = True) -> Iterator[Screen]:
    """The four screens that every kind of configuration rows has."""
    place = f"administration/{kind}/"
    for end in ("", "new/", "<str:key>/", "<str:key>/history/"):
        if new or end != "new/":
            yield Screen(place + end, "administrator", {"key": key} if "key" in end else {})


#: A mail text that somebody wrote.
RESOLVED = "incident.resolved.requester.en"
#: A clock that runs, is paused and stands over nights and a weekend.
TRIED = "?start=2026-11-19T15:30&amount=20&unit=hours&end=&pauses=2026-11-20+09:00+..+2026-11-20+10:30"

SCREENS = (
    Screen("accounts/sign-in/", "anonymous"),
    Screen("accounts/sign-in/second-factor/", "newcomer"),
    Screen("accounts/forgotten-password/", "anonymous"),
    Screen("accounts/new-password/", "anonymous", {}, "?token=<new_password>"),
    Screen("accounts/first-administrator/<str:token>/", "anonymous"),
    Screen("accounts/sign-out/", "requester"),
    Screen("accounts/confirm/", "agent"),
    Screen("accounts/confirm/code/", "manager"),
    Screen("accounts/confirm/passkey/", "manager"),
    Screen("profile/", "requester"),
    Screen("profile/", "agent"),
    Screen("profile/password/", "agent"),
    Screen("profile/second-factor/", "agent"),
    Screen("profile/second-factor/", "manager"),
    Screen("profile/second-factor/app/", "agent"),
    Screen("profile/second-factor/app/remove/", "manager"),
    Screen("profile/second-factor/codes/", "manager"),
    Screen("profile/second-factor/codes/new/", "manager"),
    Screen("profile/second-factor/passkeys/add/", "agent"),
    Screen("profile/second-factor/passkeys/<int:pk>/remove/", "manager"),
    Screen("profile/sessions/", "agent"),
    Screen("profile/absences/", "agent"),
    Screen("profile/tokens/", "agent"),
    Screen("profile/connections/", "agent"),
    Screen("", "requester"),
    Screen("report/", "requester"),
    Screen("cases/", "requester"),
    Screen("cases/<str:number>/", "requester"),
    Screen("cases/<str:number>/", "requester", {"number": "solved"}),
    Screen("cases/<str:number>/", "requester", {"number": "closed"}),
    Screen("cases/<str:number>/reported/", "requester"),
    Screen("announcements/", "requester"),
    Screen("announcements/", "manager"),
    Screen("announcements/new/", "manager"),
    Screen("announcements/<uuid:uuid>/", "requester", {"uuid": "announcement"}),
    Screen("announcements/<uuid:uuid>/", "manager", {"uuid": "announcement"}),
    Screen("announcements/<uuid:uuid>/edit/", "manager", {"uuid": "announcement"}),
    Screen("announcements/<uuid:uuid>/cancel/", "manager", {"uuid": "announcement"}),
    Screen("letters/<str:token>/", "anonymous", {"token": "letter"}),
    Screen("letters/<str:token>/", "anonymous", {"token": "letter_solved"}),
    Screen("desk/", "agent"),
    Screen("desk/", "manager", {}, "?kind=contact&columns=kind,owner,due"),
    Screen("desk/broadcasts/new/", "agent", {}, "?phase=open&q=printer"),
    Screen("desk/broadcasts/<uuid:broadcast>/", "agent"),
    Screen("desk/phone/", "agent", {}, "?q=a"),
    Screen("desk/phone/<uuid:caller>/", "agent", {"caller": "uuid"}),
    Screen("desk/records/<number:number>/answers/", "agent"),
    Screen("desk/records/<number:number>/checklists/", "agent"),
    Screen("desk/records/<number:number>/macros/<slug:key>/", "agent", {"key": "ask-the-caller"}),
    Screen("desk/<number:number>/", "agent", {"number": "contact"}),
    Screen("desk/<number:number>/", "agent", {"number": "complaint"}),
    Screen("desk/<number:number>/", "agent", {"number": "mailed"}),
    Screen("desk/<number:number>/history/", "agent", {"number": "contact"}),
    Screen("desk/<number:number>/mails/", "agent", {"number": "contact"}),
    Screen("desk/<number:number>/do/<slug:verb>/", "agent", {"number": "contact", "verb": "answer"}),
    Screen("desk/<number:number>/edit/", "agent", {"number": "contact"}),
    Screen("desk/<number:number>/promise/", "agent", {"number": "contact"}),
    Screen("desk/<number:number>/turn-into-incident/", "agent", {"number": "contact"}),
    Screen("documents/<uuid:uuid>/", "agent", {"uuid": "document"}),
    Screen("incidents/<number:number>/major/", "manager", {"number": "major"}),
    Screen("incidents/<number:number>/major/<slug:step>/", "manager", {"number": "major", "step": "end"}),
    Screen("incidents/start/", "agent"),
    Screen("incidents/", "agent"),
    Screen("incidents/", "manager", {}, "?state=pending&priority=4"),
    Screen("incidents/", "agent", {}, "?q=nothing+is+called+like+this"),
    Screen("incidents/new/", "agent"),
    Screen("incidents/views/", "agent"),
    Screen("incidents/<number:number>/", "agent"),
    Screen("incidents/<number:number>/", "manager", {"number": "solved"}),
    Screen("incidents/<number:number>/", "manager", {"number": "closed"}),
    Screen("incidents/<number:number>/history/", "agent"),
    Screen("incidents/<number:number>/mails/", "agent"),
    Screen("incidents/<number:number>/mails/", "manager", {"number": "closed"}),
    Screen("incidents/<number:number>/do/<slug:verb>/", "agent", {"verb": "resolve"}),
    Screen("incidents/<number:number>/do/<slug:verb>/", "agent", {"verb": "hold"}),
    Screen("incidents/<number:number>/do/<slug:verb>/", "agent", {"verb": "assign"}),
    Screen("incidents/<number:number>/follow-up/", "manager", {"number": "closed"}),
    Screen("incidents/<number:number>/edit/", "agent"),
    Screen("incidents/<number:number>/promise/", "agent"),
    Screen("incidents/", "agent", {}, "?attention=any&columns=title,assignee,next_update,attention"),
    Screen("incidents/<number:number>/merge/", "agent"),
    Screen("desk/records/<number:number>/split/", "agent"),
    Screen("incidents/<number:number>/snooze/", "agent"),
    Screen("incidents/<number:number>/replies/", "agent"),
    Screen("incidents/<number:number>/priority/", "manager"),
    Screen("incidents/priority-matrix/", "administrator"),
    Screen("search/", "agent", {}, "?q=printer"),
    Screen("search/", "requester", {}, "?q=printer"),
    Screen("search/", "requester", {}, "?q=nothingiscalledlikethis"),
    Screen("reports/", "manager"),
    Screen("reports/<slug:report>/", "manager", {"report": "volume"}),
    Screen("reports/<slug:report>/", "manager", {"report": "resolution-time"}, "?range=last-12-months&by=team"),
    Screen("reports/<slug:report>/", "manager", {"report": "backlog"}, "?by=age"),
    Screen("reports/<slug:report>/", "manager", {"report": "satisfaction"}, "?range=last-30-days&by=team"),
    Screen("reports/<slug:report>/save/", "manager", {"report": "volume"}, "?by=team"),
    Screen("reports/<slug:report>/cases/", "manager", {"report": "volume"}, "?measure=opened"),
    Screen("notifications/", "agent"),
    Screen("notifications/", "requester"),
    Screen("notifications/choices/", "requester"),
    Screen("administration/", "administrator"),
    Screen("administration/people/", "administrator"),
    Screen("administration/people/new/", "administrator"),
    Screen("administration/people/<uuid:uuid>/", "administrator"),
    Screen("administration/people/<uuid:uuid>/history/", "administrator"),
    Screen("administration/teams/<str:key>/members/", "administrator", {"key": "service-desk"}),
    Screen("administration/grants/", "administrator"),
    Screen("administration/grants/<uuid:uuid>/take/", "administrator", {"uuid": "grant"}),
    Screen("administration/settings/", "administrator"),
    Screen("administration/suggestions/", "administrator"),
    Screen("administration/mails/", "administrator"),
    Screen("administration/mails/<uuid:uuid>/", "administrator", {"uuid": "nobodys"}),
    Screen("administration/audit/", "administrator"),
    *_rows("organisations", "leeds"),
    *_rows("teams", "service-desk"),
    *_rows("roles", "agent"),
    *_rows("calendars", "office-hours"),
    *_rows("calendar-versions", "office-hours.start"),
    Screen("administration/calendars/<str:key>/try/", "administrator", {"key": "office-hours"}, TRIED),
    Screen("administration/calendars/<str:key>/try/", "administrator", {"key": "always"}),
    Screen("administration/calendar-versions/<str:key>/days/", "administrator", {"key": "office-hours.start"}),
    *_rows("categories", "hardware-printer"),
    *_rows("custom-fields", "incident.asset-tag"),
    *_rows("state-labels", "incident.new", new=False),
    *_rows("link-policies", "parent_of", new=False),
    *_rows("synonyms", "laptop"),
    *_rows("hold-reasons", "caller"),
    *_rows("skills", "printing"),
    Screen("administration/skills/<str:key>/people/", "administrator", {"key": "printing"}),
    *_rows("incident-rules", "printers"),
    Screen("administration/incident-rules/tried/<uuid:uuid>/", "administrator", {"uuid": "tried_incidents"}),
    *_rows("contact-rules", "complaints"),
    Screen("administration/contact-rules/tried/<uuid:uuid>/", "administrator", {"uuid": "tried_contacts"}),
    *_rows("desks", "service-desk"),
    *_rows("update-promises", "low"),
    *_rows("canned-answers", "which-device"),
    *_rows("macros", "ask-the-caller"),
    *_rows("checklists", "new-device"),
    *_rows("runbooks", "silent-printer"),
    *_rows("mailboxes", "desk"),
    *_rows("mail-templates", RESOLVED),
    Screen("administration/mail-templates/<str:key>/preview/", "administrator", {"key": RESOLVED}),
)

POSTED = "takes what a form sends and leads on"
PART = "answers a part of a page"
MACHINE = "speaks with programs"
NOT_SCREENS = {
    "healthz": MACHINE,
    "readyz": MACHINE,
    "metrics": MACHINE,
    "^api/": MACHINE,
    "attachments/<uuid:uuid>": "answers the file",
    "mails/<uuid:uuid>/original/": "answers the mail to be saved",
    "mails/<uuid:uuid>/page/": "stands in a frame of pages that are screens",
    "records/<str:number>": "leads to the record's own page",
    "incidents/export/": "answers a file",
    "reports/saved/<uuid:uuid>/remove/": POSTED,
    "reports/<slug:report>/export/": "answers a file",
    "incidents/<number:number>/document/<slug:ending>/": "answers a file",
    "incidents/<number:number>/major/report/<slug:ending>/": "answers a file",
    "desk/<number:number>/document/<slug:ending>/": "answers a file",
    "announcements/<uuid:uuid>/calendar/": "answers a file",
    "cases/<str:number>/document/<slug:ending>/": "answers a file",
    "documents/<uuid:uuid>/file": "answers a file",
    "accounts/sign-in/passkey/": "answers the script of the sign-in page",
    "profile/password/first/": "for people without a password, whom a provider of identities knows; like the next",
    "profile/sessions/<int:session>/end/": POSTED,
    "administration/incident-rules/new/try/": POSTED,
    "administration/incident-rules/<str:key>/try/": POSTED,
    "administration/contact-rules/new/try/": POSTED,
    "administration/contact-rules/<str:key>/try/": POSTED,
    "profile/sessions/end-others/": POSTED,
    "profile/tokens/<uuid:token>/revoke/": POSTED,
    "profile/absences/<uuid:absence>/end/": POSTED,
    "cases/<str:number>/say/": POSTED,
    "cases/<str:number>/confirm/": POSTED,
    "cases/<str:number>/revoke-links/": POSTED,
    "cases/<str:number>/reopen/": POSTED,
    "cases/<str:number>/again/": POSTED,
    "cases/<str:number>/rate/": POSTED,
    "incidents/filters/": PART,
    "desk/filters/": PART,
    "desk/macros/": POSTED,
    "desk/records/<number:number>/runbooks/<slug:key>/": POSTED,
    "desk/records/<number:number>/runs/<uuid:run>/": POSTED,
    "incidents/views/<uuid:view>/remove/": POSTED,
    "incidents/bulk/": POSTED,
    "incidents/new/attributes/": PART,
    "incidents/new/callers/": PART,
    "incidents/<number:number>/peek/": PART,
    "desk/<number:number>/peek/": PART,
    "desk/<number:number>/mails/<uuid:delivery>/resend/": POSTED,
    "desk/<number:number>/mails/revoke-links/": POSTED,
    "incidents/<number:number>/mails/revoke-links/": POSTED,
    "incidents/<number:number>/mails/<uuid:delivery>/resend/": POSTED,
    "desk/<number:number>/comments/": POSTED,
    "desk/<number:number>/watch/": POSTED,
    "desk/<number:number>/unwatch/": POSTED,
    "desk/<number:number>/tasks/": POSTED,
    "desk/<number:number>/tasks/<uuid:task>/done/": POSTED,
    "desk/<number:number>/tasks/<uuid:task>/reopen/": POSTED,
    "desk/<number:number>/links/": POSTED,
    "desk/<number:number>/links/<uuid:link>/remove/": POSTED,
    "desk/records/<number:number>/split/<number:made>/undo/": POSTED,
    "incidents/<number:number>/unsnooze/": POSTED,
    "incidents/<number:number>/replies/<uuid:reply>/": "the same form, filled in",
    "incidents/<number:number>/replies/<uuid:reply>/take-back/": POSTED,
    "desk/<number:number>/replies/": "the same form as of an incident",
    "desk/<number:number>/replies/<uuid:reply>/": "the same form, filled in",
    "desk/<number:number>/replies/<uuid:reply>/take-back/": POSTED,
    "desk/<number:number>/snooze/": "the same form as of an incident",
    "desk/<number:number>/unsnooze/": POSTED,
    "web/people/<number:number>/": "answers the script of a page",
    "desk/<number:number>/merge/": "the same form as of an incident",
    "desk/<number:number>/unmerge/": POSTED,
    "desk/<number:number>/suggestions/<slug:field>/": POSTED,
    "desk/<number:number>/work/": POSTED,
    "incidents/<number:number>/comments/": POSTED,
    "incidents/<number:number>/watch/": POSTED,
    "incidents/<number:number>/unwatch/": POSTED,
    "incidents/<number:number>/tasks/": POSTED,
    "incidents/<number:number>/tasks/<uuid:task>/done/": POSTED,
    "incidents/<number:number>/tasks/<uuid:task>/reopen/": POSTED,
    "incidents/<number:number>/links/": POSTED,
    "incidents/<number:number>/links/<uuid:link>/remove/": POSTED,
    "incidents/<number:number>/unmerge/": POSTED,
    "incidents/<number:number>/suggestions/<slug:field>/": POSTED,
    "incidents/<number:number>/work/": POSTED,
    "administration/people/<uuid:uuid>/access/": POSTED,
    "administration/skills/<str:key>/people/<uuid:uuid>/lose/": POSTED,
    "administration/people/<uuid:uuid>/mail-arrives/": POSTED,
    "administration/teams/<str:key>/members/<uuid:uuid>/leave/": POSTED,
    "notifications/read/": POSTED,
    "notifications/<uuid:uuid>/open/": POSTED,
    "web/palette/": PART,
    "web/draft/": "answers the script of a page",
    "web/preference/": POSTED,
    "web/presence/<str:number>/": "answers the script of a page",
}


def rows() -> list[list[str]]:
    """The table as it stands in `docs/screens.csv`, without its head."""
    return [
        [f"/{screen.pattern}{screen.query}", screen.actor, theme, str(width), screen.picture(theme, width)]
        for screen in SCREENS
        for theme in THEMES
        for width in WIDTHS
    ]


def write_table() -> None:
    with TABLE.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([COLUMNS, *rows()])
