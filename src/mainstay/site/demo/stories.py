"""Stories of incidents, drawn from the distributions: the same number always tells the same story."""

from bisect import bisect
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import accumulate
from random import Random
from typing import Any, NamedTuple, TypeVar

from mainstay.site.demo import distributions as d
from mainstay.site.demo import topics
from mainstay.site.demo.company import DESK, FIELD
from mainstay.site.demo.distributions import Size
from mainstay.site.demo.families import with_families
from mainstay.site.demo.topics import TOPICS, Topic
from mainstay.support.incidents.engine.history import History, Step

Choice = TypeVar("Choice")


class Cast(NamedTuple):
    """Who and what the stories are about, as ids."""

    #: Everybody who asks: person and organisation.
    requesters: Sequence[tuple[int, int]]
    #: Members of each team by its slug.
    members: Mapping[str, Sequence[int]]
    teams: Mapping[str, int]
    categories: Mapping[str, int]
    hold_reasons: Mapping[str, int]
    names: Mapping[int, str]
    #: The demo's own sign-ins.
    requester: tuple[int, int]
    agent: int


def chooser(weights: Mapping[Choice, float]) -> Callable[[Random], Choice]:
    """Return a function that draws a key of `weights` as often as its weight says."""
    keys, sums = list(weights), list(accumulate(weights.values()))
    return lambda random: keys[bisect(sums, random.random() * sums[-1])]


draw_topic = chooser({topic: topic.weight for topic in TOPICS})
draw_level = chooser(d.LEVELS)
draw_source = chooser(d.SOURCES)
draw_access = chooser(d.ACCESS)
draw_hold_reason = chooser(d.HOLD_REASONS)
draw_open_fate = chooser(d.OPEN_FATES)
draw_closed_fate = chooser(d.CLOSED_FATES)
draw_weekday = chooser(dict(enumerate(d.WEEKDAYS)))
draw_hour = chooser(dict(enumerate(d.HOURS)))


def batch_of_stories(number: int, size: Size, cast: Cast, now: datetime) -> list[History]:
    """Return the histories of batch `number` of a demo that ends at `now` (UTC), oldest first."""
    random = Random(d.SEED + number)  # noqa: S311 - a demo must be the same every time, not secret
    length = d.SPAN * size.batch / size.incidents
    begin = now - d.SPAN + number * length
    opened = sorted(_instant(random, begin, length) for _ in range(size.batch))
    first = number * size.batch
    stories = [
        Story(random, size, cast, moment, now).told((first + place) / size.incidents)
        for place, moment in enumerate(opened)
    ]
    return _with_rare_word(with_families(stories, cast.agent, now), first, size)


def _instant(random: Random, begin: datetime, length: timedelta) -> datetime:
    """Draw an instant in a stretch of time; in a long one, at an hour and on a weekday when people work."""
    moment = begin + random.random() * length
    if length < timedelta(days=3):
        return moment
    likely = (moment + timedelta(days=draw_weekday(random) - moment.weekday())).replace(hour=draw_hour(random))
    return likely if begin <= likely < begin + length else moment


def _with_rare_word(stories: list[History], first: int, size: Size) -> list[History]:
    """Let the word stand in one comment of each incident that is due to have it."""
    for count in range(size.rare):
        place = (2 * count + 1) * size.incidents // (2 * size.rare) - first
        if 0 <= place < len(stories):
            steps = list(stories[place].steps)
            index = next(i for i, step in enumerate(steps) if step.verb == "comment")
            body = f"{steps[index].values['body']} The display says {d.RARE_WORD}."
            steps[index] = steps[index]._replace(values={**steps[index].values, "body": body})
            stories[place] = stories[place]._replace(steps=tuple(steps))
    return stories


class Story:
    """One incident while its story is made up."""

    def __init__(self, random: Random, size: Size, cast: Cast, opened: datetime, now: datetime) -> None:
        self.random, self.size, self.cast, self.now = random, size, cast, now
        self.opened = self.clock = opened
        self.topic: Topic = draw_topic(random)
        self.impact, self.urgency = draw_level(random), draw_level(random)
        self.rank = self.impact + self.urgency - 2
        own = random.random() < d.OWN_REQUEST
        self.requester, self.organisation = cast.requester if own else random.choice(cast.requesters)
        self.agent = self._member(self.topic.team)
        self.steps: list[Step] = []
        self.comments = 0
        self.slots = {
            "room": f"{random.choice('ABCDE')}{random.randint(1, 4)}{random.randint(10, 49)}",
            "asset": f"TW-{random.randint(10_000, 99_999)}",
            "device": random.choice(topics.DEVICES),
            "application": random.choice(topics.APPLICATIONS),
            "site": random.choice(topics.SITES),
            "colleague": cast.names[random.choice(cast.requesters)[0]],
        }

    def told(self, position: float) -> History:
        """Return the story of an incident that stands at `position` (0 oldest, 1 youngest) in the demo's time."""
        source = draw_source(self.random)
        desk = self._member(DESK)
        is_open = self.random.random() < (d.YOUNG_OPEN if position > 1 - d.YOUNG else d.OLD_OPEN)
        fate = draw_open_fate(self.random) if is_open else draw_closed_fate(self.random)
        FATES[fate](self, desk)
        self._talk_enough()
        opened_by = desk if source == "phone" else self.requester
        return History(
            title=_as_sentence(self._words(self.topic.titles)),
            description=self._words(self.topic.descriptions),
            opened=self.opened,
            requester=self.requester,
            organisation=self.organisation,
            impact=self.impact,
            urgency=self.urgency,
            category=self.cast.categories[self.topic.category],
            access=draw_access(self.random),
            attributes={FIELD[0]: self.slots["asset"]} if self.topic.category.startswith("hardware") else {},
            source=source,
            opened_by=opened_by,
            door="mail" if source == "mail" else "page",
            steps=tuple(self.steps),
            watchers=tuple({self._member(DESK) for _ in range(2)}) if self._happens(d.WATCH) else (),
        )

    def _new(self, desk: int) -> None:
        self._talk()

    def _assigned(self, desk: int) -> None:
        self._wait(d.TRIAGE[self.rank])
        person = self.agent if self.random.random() < 0.6 else None
        self._do("assign", desk, {"team": self.cast.teams[self.topic.team], "person": person})
        self._talk()

    def _in_progress(self, desk: int) -> None:
        self._wait(d.TRIAGE[self.rank])
        if self._happens(d.HAND_OVER):
            self._do("assign", desk, {"team": self.cast.teams[DESK], "person": desk})
            self._say(desk, self._words(self.topic.notes), "internal")
            self._wait(d.TRIAGE[self.rank])
        self._do("assign", desk, {"team": self.cast.teams[self.topic.team], "person": self.agent})
        self._wait(d.TRIAGE[self.rank])
        self._do("start", self.agent)
        self._talk()
        self._work()

    def _pending(self, desk: int) -> None:
        self._in_progress(desk)
        self._wait(d.ANSWERING)
        if self._happens(d.TASK):
            values = {"title": self.random.choice(topics.TASKS), "due": self.now + timedelta(days=2), "mandatory": True}
            self._do("add_task", self.agent, values)
        reason = draw_hold_reason(self.random)
        until = self.now + timedelta(hours=self.random.randint(20, 400)) if reason == "vendor" else None
        self._do("hold", self.agent, {"reason": self.cast.hold_reasons[reason], "until": until})

    def _closed(self, desk: int) -> None:
        self._in_progress(desk)
        if self._happens(d.HOLD):
            self._hold_for_an_answer()
        self._resolve()
        if self._happens(d.REOPEN):
            self._wait(d.ANSWERING)
            self._do("reopen", self.requester, reason=self.random.choice(topics.REOPEN_REASONS))
            self._wait(d.ANSWERING)
            self._do("start", self.agent)
            self._resolve()
        self._talk_enough()
        self._close()

    def _cancelled(self, desk: int) -> None:
        self._talk()
        self._talk_enough()
        self._wait(d.TRIAGE[self.rank])
        self._do("cancel", desk, reason=self.random.choice(d.CANCEL_REASONS))

    def _hold_for_an_answer(self) -> None:
        self._wait(d.ANSWERING)
        self._say(self.agent, self._words(self.topic.questions))
        self._do("hold", self.agent, {"reason": self.cast.hold_reasons["caller"]})
        self._wait(d.HOLDING)
        self._say(self.requester, self._words(self.topic.answers))
        self._do("resume", None, door="rule")

    def _resolve(self) -> None:
        self._wait(d.WORKING[self.rank])
        category = self.cast.categories[self.topic.category]
        solution = self._words(self.topic.solutions)
        self._do("resolve", self.agent, {"solution": solution, "closing_category": category})

    def _close(self) -> None:
        """The requester confirms, or a week passes; what was solved within the last week stays resolved."""
        if self.random.random() < d.CONFIRM:
            self._wait(d.HOLDING)
            self._do("close", self.requester)
        elif self.clock + timedelta(days=7) < self.now:
            self.clock += timedelta(days=7)
            self._do("close", None, door="job")

    def _talk(self) -> None:
        """Somebody asks, somebody answers; sometimes agents talk among themselves."""
        if self.size.comments is None and self.random.random() < 0.15:
            return
        greeting = self.random.choice(topics.GREETINGS)
        self._wait(d.ANSWERING)
        self._say(self.agent, f"{greeting} {self._words(self.topic.questions)}")
        self._wait(d.ANSWERING)
        self._say(self.requester, self._words(self.topic.answers))
        if self._happens(d.NOTE):
            self._say(self.agent, self._words(self.topic.notes), "internal")
        if self._happens(d.EDIT):
            self.impact, self.urgency = draw_level(self.random), draw_level(self.random)
            self._do("edit", self.agent, {"impact": self.impact, "urgency": self.urgency})
        if self._happens(d.OVERRIDE):
            values = {"priority": self.random.randint(1, 3)}
            self._do("override_priority", self.agent, values, "A customer is waiting for this.")

    def _talk_enough(self) -> None:
        """Add what is missing to the number of comments that every incident of this size has."""
        while self.size.comments is not None and self.comments < self.size.comments:
            self._wait(d.ANSWERING)
            self._say(self.requester, self._words(topics.CHASES))

    def _work(self) -> None:
        if self._happens(d.WORK):
            values = {
                "minutes": self.random.choice(d.MINUTES_WORKED),
                "note": self.random.choice(topics.WORK_NOTES),
            }
            self._do("log_work", self.agent, values)
        if self._happens(d.TASK):
            title = self.random.choice(topics.TASKS)
            self._do("add_task", self.agent, {"title": title, "owner": self.agent})
            self._wait(d.HOLDING)
            self._do("complete_task", self.agent, {"title": title})

    def _say(self, who: int, body: str, visibility: str = "public") -> None:
        if self.comments != self.size.comments:
            self.comments += 1
            self._do("comment", who, {"body": body, "visibility": visibility})

    def _do(
        self, verb: str, by: int | None, values: Mapping[str, Any] | None = None, reason: str = "", door: str = "page"
    ) -> None:
        self.steps.append(Step(verb, self.clock, by, values or {}, reason, door))

    def _wait(self, median: float) -> None:
        """Let time pass, log-normally spread around a median in minutes, but never beyond a third of what is left."""
        drawn = timedelta(minutes=self.random.lognormvariate(0, d.SPREAD) * median)
        self.clock += min(drawn, (self.now - self.clock) / 3)

    def _words(self, choices: Sequence[str]) -> str:
        return self.random.choice(choices).format_map(self.slots)

    def _member(self, team: str) -> int:
        members = self.cast.members[team]
        own = self.cast.agent in members and self.random.random() < d.OWN_WORK
        return self.cast.agent if own else self.random.choice(members)

    def _happens(self, probability: float) -> bool:
        return self.random.random() < probability * self.size.detail


def _as_sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


#: How each fate comes about: `desk` is the person at the service desk who takes the report.
FATES: Mapping[str, Callable[[Story, int], None]] = {
    "new": Story._new,
    "assigned": Story._assigned,
    "in_progress": Story._in_progress,
    "pending": Story._pending,
    "closed": Story._closed,
    "cancelled": Story._cancelled,
}
