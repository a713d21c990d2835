"""What nobody registered does not exist: every page, operation and job names what it takes."""

import pytest
from procrastinate.contrib.django import app

from mainstay.kernel.access.doors import EVERYONE, SIGNED_IN
from mainstay.kernel.access.registry import is_declared
from mainstay.kernel.practice.registry import kinds
from tests.isolation.routes import Route, is_third_party, operations, pages

#: Who a job acts as, and what keeps it inside its bounds. A job that is not listed here fails the suite.
JOBS = {
    "accounts.send_new_password": "the system; mails a link to the very person whose password it is",
    "accounts.tell_of_change": "the system; mails the very person whose password or address was changed",
    "automation.replay": "the system; who asked sees of its finds what they may read the internal part of",
    "automation.sweep": "the system; removes the account of what rules did that is older than its days",
    "files.sweep": "the system; removes contents that no attachment refers to and temporary files of old",
    "incidents.wake": "the system; resumes the incidents whose own hold has ended",
    "incidents.remind_callers": "the system; reminds only callers who may answer, and resolves what they let pass",
    "records.wake_snoozed": "the system; tells people, as far as they may see it, of what they put aside themselves",
    "records.send_replies": "their authors, as they may write there at that moment",
    "service_desk.follow": "the system by policy, or whoever chose them; only what somebody with the right linked",
    "incidents.close_resolved": "the system; closes what its own requester let pass",
    "mail.handle": "the sender, who writes where they may; where they may not a case of their own is opened",
    "mail.take_up": "the system; hands mails that wait too long to the job before",
    "mail.sweep": "the system; forgets which mails were sent long ago",
    "service_desk.find_untold": "the system; queues telling of announcements whose time has come",
    "service_desk.tell": "the system; tells those whom an announcement concerns at that moment, once in a round",
    "service_desk.mail_tellings": "the system; mails only those whom the announcement still concerns",
    "service_desk.broadcast": "the author, who may write to a case's requester when it is written",
    "service_desk.call_for_news": "the system; tells only those who may read the record now",
    "mail.send": "the system; sends a message only to somebody who may read its record now",
    "notify.deliver": "the system; tells only those who may read the record now",
    "notify.sweep": "the system; forgets what was read long ago",
    "reports.find_due": "the system; queues what its owners asked to be mailed",
    "reports.send": "its owner, who gets what they see at that moment, or nothing where they may see no reports",
    "search.learn": "the system; what it learns is shown only where the one who asks may read what it is from",
    "search.train": "the system; what it learns is said only to those who may read all that it is from",
    "service_desk.close_answered": "the system; closes what its own requester let pass",
    "service_desk.relay": "tells the callers of merged cases what became of the case theirs goes on in",
    "web.make_document": "whoever ordered it, as they may see the record now, for nobody else",
    "web.forget_documents": "the system; forgets ordered documents after their week",
    "web.forget_the_gone": "the system; forgets who was where once they have gone",
    "rest.forget_answers": "the system; forgets answers kept for repeated requests after their day",
}


def described(routes: list[Route]) -> list[str]:
    return sorted({route.name for route in routes})


def test_every_page_names_what_it_takes() -> None:
    found = pages()
    assert len(found) > 20, "the walk sees no pages: it proves nothing"
    assert described([route for route in found if route.needs is None and not is_third_party(route)]) == []


def test_every_operation_names_what_it_takes() -> None:
    found = operations()
    assert len(found) > 10, "the walk sees no operations: it proves nothing"
    assert described([route for route in found if route.needs is None]) == []


@pytest.mark.parametrize("collect", [pages, operations])
def test_what_a_page_takes_is_a_declared_capability(collect: object) -> None:
    words = {SIGNED_IN, EVERYONE, None}
    routes = collect()
    assert [route.name for route in routes if route.needs not in words and not known(route.needs)] == []


def known(capability: str) -> bool:
    """Whether a capability is declared; `*.read` stands for that of the record's kind."""
    kind, _, name = capability.partition(".")
    return all(is_declared(f"{each}.{name}") for each in kinds) if kind == "*" else is_declared(capability)


def test_a_page_open_to_everyone_says_why() -> None:
    assert [route.name for route in pages() if route.needs == EVERYONE and not route.view.reason] == []


def test_every_job_is_known() -> None:
    ours = {name for name in app.tasks if "procrastinate" not in name}  # the library's own read no record
    assert sorted(ours - set(JOBS)) == []
    assert sorted(set(JOBS) - ours) == []
