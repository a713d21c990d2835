"""Two companies that must not see each other, a provider that serves both, and a canary in every text."""

import io
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from django.utils import timezone

from mainstay.kernel.access.actions import create_token, give, save_role
from mainstay.kernel.access.actor import system
from mainstay.kernel.access.models import Role
from mainstay.kernel.access.queries import actor_for
from mainstay.kernel.automation.actions.replaying import try_rule
from mainstay.kernel.automation.actions.writing import learn
from mainstay.kernel.automation.models import Skill
from mainstay.kernel.events.models import Event
from mainstay.kernel.mail.actions import handle, take_in
from mainstay.kernel.mail.engine import read
from mainstay.kernel.mail.models import Delivery, Mailbox, ReceivedMail
from mainstay.kernel.people import actions as people
from mainstay.kernel.people.models import Organisation, Person, Team
from mainstay.kernel.practice.configuration import kinds, put
from mainstay.kernel.records import actions as records
from mainstay.kernel.records.actions.view import save_view
from mainstay.kernel.records.models import AttributeDefinition, Category, Record
from mainstay.kernel.reports.actions import save_report
from mainstay.kernel.search.models import Suggestion
from mainstay.kernel.web.documents.actions import order
from mainstay.kernel.web.tasks import make_document
from mainstay.support.incidents import actions as incidents
from mainstay.support.incidents.models import Incident
from mainstay.support.service_desk import actions as contacts
from mainstay.support.service_desk.models import Rating, Runbook

BY = system("command")
Target = Literal["own", "internal", "foreign", "missing"]
TARGETS: tuple[Target, ...] = ("own", "internal", "foreign", "missing")
MISSING_UUID = "01890000-0000-7000-8000-000000000000"


@dataclass
class Company:
    """One customer with its people and, for each target, what may stand in the gaps of an address."""

    name: str
    organisation: Organisation
    team: Team
    people: dict[str, Person]
    gaps: dict[str, dict[str, str]] = field(default_factory=dict)

    def canary(self, place: str) -> str:
        return f"CNRY-{self.name}-{place}"


@dataclass
class Estate:
    acme: Company
    rival: Company
    provider: Person
    #: Administers the whole instance and reads no record.
    keeper: Person
    #: Who may be somebody in the walk: person and, for a program, the text of its token.
    tokens: dict[str, str] = field(default_factory=dict)

    def person(self, name: str) -> Person | None:
        if name == "anonymous":
            return None
        if name == "provider":
            return self.provider
        if name == "keeper":
            return self.keeper
        if name == "rival agent":
            return self.rival.people["agent"]
        return self.acme.people[name]

    def gap(self, target: Target, pattern: str, name: str) -> str:
        """Return what stands in the gap `name` of an address for a target."""
        if target == "missing":
            return MISSING[name]
        company = self.rival if target == "foreign" else self.acme
        gaps = company.gaps["internal" if target == "internal" else "own"]
        parts = pattern.removeprefix("api/v1/").split("/")
        starts = ("/".join(parts[:length]) for length in (2, 1))
        return next((gaps[key] for start in starts if (key := f"{start}:{name}") in gaps), gaps[name])


#: What leads nowhere, for every gap an address can have.
MISSING = {
    "number": "INC-999999",
    "merged": "INC-999999",
    "made": "INC-999999",
    "absence": MISSING_UUID,
    **dict.fromkeys(
        (
            *("uuid", "caller", "view", "task", "link", "token", "comment", "attachment", "entry", "notification"),
            *("delivery", "mail", "broadcast", "run", "announcement", "reply", "replay"),
        ),
        MISSING_UUID,
    ),
    **dict.fromkeys(("key", "report", "macro", "checklist", "runbook"), "nothing-here"),
    "slug": "nothing-here",
    "kind": "nothing",
    "document": MISSING_UUID,
    "ending": "html",
    "step": "propose",
    "verb": "start",
    "field": "category",
    "session": "999999",
    "pk": "999999",
}

#: Everybody who walks, besides nobody: where they belong decides what they must never meet.
ACTORS = (
    "anonymous",
    "disabled",
    "requester",
    "neighbour",
    "organisation-manager",
    "agent",
    "manager",
    "auditor",
    "administrator",
    "reader",
    "provider",
    "keeper",
    "rival agent",
)
ROLES = ("requester", "organisation-manager", "agent", "manager", "auditor", "administrator")


def build() -> Estate:
    """Write the estate into the current database."""
    AttributeDefinition.objects.create(kind="incident", slug="room", label="Room", type="text")
    home = Organisation.objects.get(parent=None)  # companies that must not meet stand below the instance's own
    values = {"name": "A mailbox", "address": "desk@home.example", "organisation": home.slug, "language": "en"}
    put(kinds()["mailboxes"], "a-mailbox", values, by=BY)
    handle(take_in(Mailbox.objects.get(), b"Subject: from nobody\n\n").pk, read=read)
    _prepare()
    acme, rival = (_company(name, home) for name in ("ACME", "RIVAL"))
    words = {"event": "contact.answered", "audience": "requester", "language": "en", "subject": "x", "body": "y"}
    put(kinds()["mail-templates"], "contact.answered.requester.en", words, by=BY)
    put(kinds()["update-promises"], "low", {"name": "Low", "priority": "4", "minutes": 600}, by=BY)
    values = {"name": "To a team", "condition": '"hardware" in categories', "team": acme.team.slug}
    for kind in ("incident-rules", "contact-rules"):
        put(kinds()[kind], "to-a-team", values, by=BY)
    put(kinds()["skills"], "a-skill", {"name": "A skill", "categories": ["hardware"]}, by=BY)
    for company in (acme, rival):
        learn(company.people["agent"], Skill.objects.get(), by=BY)
    put(kinds()["desks"], "a-desk", {"name": "A desk", "organisation": "acme", "team": acme.team.slug}, by=BY)
    provider = people.create_person(
        by=BY, name="Provider", email="provider@msp.example", organisation=acme.organisation
    )
    for company in (acme, rival):
        give(Role.objects.get(slug="agent"), by=BY, organisation=company.organisation, person=provider)
    keeper = people.create_person(by=BY, name="Keeper", email="keeper@home.example", organisation=home)
    give(Role.objects.get(slug="administrator"), by=BY, organisation=home, person=keeper)
    for company in (acme, rival):
        _try_rules(company, keeper)
    estate = Estate(acme, rival, provider, keeper)
    for name in ACTORS:
        if (person := estate.person(name)) is not None:
            scopes = ["incident.read"] if name == "reader" else None
            estate.tokens[name] = create_token(person, by=BY, name="walk", scopes=scopes)[1]
    people.deactivate(acme.people["disabled"], by=BY, reason="Left")
    return estate


def _try_rules(company: Company, keeper: Person) -> None:
    """Try a rule of each kind on past cases, as somebody who configures them and reads no case."""
    by = actor_for(keeper, door="page")
    values = {"name": "Tried", "position": 0, "occasions": ["created"], "condition": "", "stops": False}
    for kind in ("incident", "contact"):
        found = {**values, "retired": False, "does": {"team": company.team.slug}}
        replay = try_rule(by=by, kind=kind, slug="to-a-team", values=found, number=50)
        for gaps in company.gaps.values():
            gaps[f"administration/{kind}-rules:uuid"] = str(replay.uuid)
            gaps.setdefault("replay", str(replay.uuid))


def _prepare() -> None:
    """Write what is prepared for cases of all companies."""
    put(kinds()["canned-answers"], "an-answer", {"name": "An answer", "body": "About {{ title }}"}, by=BY)
    values = {"name": "A macro", "kind": "incident", "comment": "About {{ title }}"}
    put(kinds()["macros"], "prepared", values, by=BY)
    put(kinds()["checklists"], "prepared", {"name": "A checklist", "items": ["! An item"]}, by=BY)
    put(kinds()["runbooks"], "prepared", {"name": "A runbook", "text": "[one] One?\n- Yes -> two\n[two] Two."}, by=BY)


def _company(name: str, home: Organisation) -> Company:
    slug = name.lower()
    organisation = people.create_organisation(by=BY, slug=slug, name=f"CNRY-{name}-organisation", parent=home)
    team = people.create_team(by=BY, slug=f"{slug}-desk", name=f"CNRY-{name}-team", organisation=organisation)
    persons = {
        role: people.create_person(
            by=BY,
            name=f"CNRY-{name}-person-{role}",
            email=f"{role}@{slug}.example",
            phone=f"CNRY-{name}-phone",
            organisation=organisation,
        )
        for role in (*ROLES, "neighbour", "disabled", "reader")
    }
    company = Company(name, organisation, team, persons)
    for role in ROLES:
        give(Role.objects.get(slug=role), by=BY, organisation=organisation, person=persons[role])
    for person in ("agent", "manager", "reader"):
        people.join_team(persons[person], team, by=BY)
    for person in ("neighbour", "disabled"):
        give(Role.objects.get(slug="requester"), by=BY, organisation=organisation, person=persons[person])
    give(Role.objects.get(slug="agent"), by=BY, organisation=organisation, team=team)
    save_role(by=BY, slug=f"{slug}-role", name="A role", capabilities=["people.read"])
    meaning = {"words": [f"CNRY-{name}-one", f"CNRY-{name}-two"], "organisation": slug}
    put(kinds()["synonyms"], f"{slug}-words", meaning, by=BY)
    for target, access in (("own", "public"), ("internal", "internal")):
        company.gaps[target] = _incident(company, access) | _contact(company, access)
    return company


def _incident(company: Company, access: str) -> dict[str, str]:
    """Write an incident with everything that can hang on one; return what stands for it in addresses."""
    mark = "" if access == "public" else "INTERNAL-"
    agent = actor_for(company.people["agent"], door="page")
    requester = company.people["requester"]
    incident, other = (
        incidents.create(
            by=agent,
            title=company.canary(f"{mark}title"),
            description=company.canary(f"{mark}description"),
            requester=requester,
            team=company.team,
            call_back=company.canary(f"{mark}call-back"),
        )
        for _ in range(2)
    )
    for each in (incident, other):
        if access != "public":
            incidents.edit(each, by=agent, version=each.version, values={"access": access})
    return _hang_everything_on(incident, other, company, mark)


def _contact(company: Company, access: str) -> dict[str, str]:
    """Write a contact with what hangs on one; return what stands for it in addresses."""
    mark = "" if access == "public" else "INTERNAL-"
    agent = actor_for(company.people["agent"], door="page")
    contact = contacts.create(
        by=agent,
        title=company.canary(f"{mark}contact-title"),
        description=company.canary(f"{mark}contact-description"),
        requester=company.people["requester"],
        call_back=company.canary(f"{mark}contact-call-back"),
    )
    other = contacts.create(
        by=agent, title=company.canary(f"{mark}contact-other"), requester=company.people["requester"]
    )
    for each in (contact, other):
        if access != "public":
            contacts.edit(each, by=agent, version=each.version, values={"access": access})
    records.comment(contact, by=agent, body=company.canary(f"{mark}contact-comment"))
    records.comment(contact, by=agent, body=company.canary("INTERNAL-contact-note"), visibility="internal")
    task = records.add_task(contact, by=agent, title=company.canary("INTERNAL-contact-task"))
    link = records.link(contact, "relates_to", other, by=agent)
    _suggest(contact)
    at = timezone.now() + timedelta(days=1)
    reply = records.schedule_reply(contact, by=agent, body=company.canary("INTERNAL-reply"), at=at)
    start = "desk/<number:number>"
    return {
        f"{start}:reply": str(reply.uuid),
        "contacts:number": contact.number,
        f"{start}:number": contact.number,
        f"{start}:task": str(task.uuid),
        f"{start}:link": str(link.uuid),
        f"{start}:delivery": _delivery(contact, company),
    }


def _suggest(record: Record) -> None:
    category = Category.objects.get(slug="other")
    Suggestion.objects.create(
        record=record, organisation=record.organisation, field="category", value=category.pk, chance=0.9
    )


def _hang_everything_on(incident: Incident, other: Incident, company: Company, mark: str) -> dict[str, str]:
    agent = actor_for(company.people["agent"], door="page")
    canary = company.canary
    comment = records.comment(incident, by=agent, body=canary(f"{mark}comment"))
    records.comment(incident, by=agent, body=canary("INTERNAL-note"), visibility="internal")
    file = io.BytesIO(canary(f"{mark}file").encode())
    attachment = records.attach(incident, by=agent, name=f"{canary(mark + 'name')}.txt", stream=file)
    secret = io.BytesIO(canary("INTERNAL-file").encode())
    records.attach(incident, by=agent, name=f"{canary('INTERNAL-name')}.txt", stream=secret, visibility="internal")
    task = records.add_task(incident, by=agent, title=canary("INTERNAL-task"))
    link = records.link(incident, "relates_to", other, by=agent)
    _suggest(incident)
    merged = contacts.create(by=agent, title=canary(f"{mark}merged"), requester=company.people["requester"])
    if mark:
        contacts.edit(merged, by=agent, version=merged.version, values={"access": incident.access})
    records.merge(merged, incident, by=agent)
    rated = {"score": 1, "words": canary(f"{mark}rating"), "answered": timezone.now(), "changed": timezone.now()}
    Rating.objects.create(record=incident, person=company.people["requester"], **rated)
    at = timezone.now() + timedelta(days=1)
    reply = records.schedule_reply(incident, by=agent, body=canary("INTERNAL-reply"), at=at)
    made = contacts.split(incident, by=agent, comments=[comment], title=canary(f"{mark}split"))
    page = f"Content-Type: text/html\n\n<p>{canary(f'INTERNAL-mail-{incident.pk}')}</p>"
    mail = take_in(Mailbox.objects.get(), page.encode())
    ReceivedMail.objects.filter(pk=mail.pk).update(
        record=incident, state="taken", has_html=True, folded=canary("INTERNAL-folded")
    )
    delivery = _delivery(incident, company)
    entry = records.log_work(incident, by=agent, minutes=5, note=canary("INTERNAL-work"))
    kept = save_report(by=agent, name=canary("INTERNAL-kept"), report="volume", query="", every="", form="csv")
    incidents.propose_major(incident, by=agent, reason=canary("INTERNAL-major"))
    document = order(incident, by=agent, ending="html")
    make_document(document.pk)
    view = save_view(by=agent, kind="incident", name=canary("INTERNAL-view"), query="state=new")
    run = contacts.start_runbook(Runbook.objects.get(), incident, by=agent)
    contacts.answer_runbook(run, incident, by=agent, step=0, answer=0)
    begins = timezone.now() + timedelta(days=1 if mark else 9)
    absence = people.take_leave(
        company.people["agent"],
        by=BY,
        begins=begins,
        ends=begins + timedelta(days=7),
        substitute=company.people["manager"],
    )
    announced = _announcement(company, mark)
    token, _ = create_token(company.people["requester"], by=BY, name=canary("token"))
    return {
        # Rows that all companies share have one key for both; only whoever governs the instance comes to them.
        "administration/categories:key": "other",
        "administration/calendars:key": "office-hours",
        "administration/calendar-versions:key": "office-hours.start",
        "administration/custom-fields:key": "incident.room",
        "administration/canned-answers:key": "an-answer",
        "administration/incident-rules:key": "to-a-team",
        "administration/contact-rules:key": "to-a-team",
        "administration/skills:key": "a-skill",
        "administration/skills:uuid": str(company.people["agent"].uuid),
        "kind": "incident",
        "slug": "to-a-team",
        "administration/desks:key": "a-desk",
        "administration/link-policies:key": "parent_of",
        "administration/checklists:key": "prepared",
        "administration/macros:key": "prepared",
        "administration/runbooks:key": "prepared",
        "desk/records:key": "prepared",
        "administration/hold-reasons:key": "vendor",
        "administration/mailboxes:key": "a-mailbox",
        "administration/mail-templates:key": "contact.answered.requester.en",
        "administration/update-promises:key": "low",
        "administration/mails:uuid": str(ReceivedMail.objects.get(state="quarantined").uuid),
        "administration/roles:key": "agent",
        "administration/state-labels:key": "incident.new",
        "administration/synonyms:key": f"{company.organisation.slug}-words",
        "administration/teams:key": company.team.slug,
        "administration/teams:uuid": str(company.people["agent"].uuid),
        "administration/people:uuid": str(company.people["requester"].uuid),
        "administration/grants:uuid": str(company.people["requester"].grants.get().uuid),
        "mails/<uuid:uuid>:uuid": str(mail.uuid),
        "reports/saved:uuid": str(kept.uuid),
        "documents/<uuid:uuid>:uuid": str(document.uuid),
        "document": str(document.uuid),
        "ending": "html",
        "step": "propose",
        "number": incident.number,
        "merged": merged.number,
        "made": made.number,
        "reply": str(reply.uuid),
        "uuid": str(attachment.uuid),
        "caller": str(company.people["requester"].uuid),
        "view": str(view.uuid),
        "task": str(task.uuid),
        "link": str(link.uuid),
        "token": str(token.uuid),
        "absence": str(absence.uuid),
        "comment": str(comment.uuid),
        "attachment": str(attachment.uuid),
        "announcements/<uuid:uuid>:uuid": announced,
        "announcement": announced,
        "entry": str(entry.uuid),
        "delivery": delivery,
        "broadcast": _broadcast(incident, company, mark),
        "mail": delivery,
        "notification": MISSING_UUID,
        "key": company.organisation.slug,
        # A report is nobody's: it has no other company to be foreign to.
        "report": "volume" if company.name == "ACME" else MISSING["report"],
        "verb": "start",
        **dict.fromkeys(("macro", "checklist", "runbook"), "prepared"),
        "run": str(run.uuid),
        "field": "category",
        "session": "999999",
        "pk": "999999",
    }


def _announcement(company: Company, mark: str) -> str:
    """Announce something to a company, of which what is for its team alone stands for what is internal."""
    manager = actor_for(company.people["manager"], door="page")
    begins = timezone.now() + timedelta(days=1)
    row = contacts.announce(
        by=manager,
        title=company.canary(f"{mark}announcement"),
        outage=True,
        begins=begins,
        ends=begins + timedelta(hours=1),
        organisations=[] if mark else [company.organisation],
        teams=[company.team] if mark else [],
    )
    return str(row.uuid)


def _delivery(record: Record, company: Company) -> str:
    """Write a mail that went out about a record; return what stands for it in addresses."""
    event = Event.objects.filter(record_id=record.pk).earliest("pk")
    values = {"address": company.canary("INTERNAL-address"), "error": company.canary("INTERNAL-error")}
    row = Delivery(event_id=event.pk, record=record, person=company.people["neighbour"], state="failed", **values)
    row.save(force_insert=True)
    return str(row.uuid)


def _broadcast(incident: Incident, company: Company, mark: str) -> str:
    """Let a message go to a record; return what stands for it in addresses."""
    agent = actor_for(company.people["agent"], door="page")
    return str(contacts.broadcast(by=agent, body=company.canary(f"{mark}broadcast"), cases=[incident]).uuid)
