"""Rules and what they did, as the interface takes and shows them."""

from datetime import datetime
from typing import Annotated, Any, cast
from uuid import UUID

from pydantic import Field
from typing_extensions import TypedDict

from mainstay.kernel.automation.actions.replaying import AT_ONCE, MOST
from mainstay.kernel.automation.configuration import OWN
from mainstay.kernel.automation.models import Replay
from mainstay.kernel.automation.queries.replays import Tried
from mainstay.kernel.automation.queries.traces import Account, Line
from mainstay.kernel.practice.configuration import Row
from mainstay.kernel.rest.schemas import WITHOUT_NUL, Body, Slug, closed

Word = Annotated[str, Field(max_length=80, pattern=WITHOUT_NUL)]


class WrittenRule(Body):
    """A rule; `does` maps actions to their values."""

    name: Annotated[str, Field(min_length=1, max_length=100, pattern=WITHOUT_NUL)]
    position: Annotated[int, Field(ge=0, le=32767)] = 0
    occasions: Annotated[list[Word], Field(max_length=50)] = ["created"]
    condition: Annotated[str, Field(max_length=2000, pattern=WITHOUT_NUL)] = ""
    does: Annotated[dict[Word, Word], Field(max_length=50)]
    stops: bool = False
    retired: bool = False

    def row(self, names: set[str]) -> Row:
        """Return it as a row, with every action that is not given empty."""
        own = {name: getattr(self, name) for name in OWN}
        unknown = {name: value for name, value in self.does.items() if name not in names or name in OWN}
        return {**dict.fromkeys(names - set(OWN)), **self.does, **unknown, **own}


class TriedRule(WrittenRule):
    """A rule to try, and on how many of the newest records."""

    number: Annotated[int, Field(ge=1, le=MOST)] = AT_ONCE


@closed
class RuleShown(TypedDict):
    """A rule as it is asked; `does` maps its actions to their values."""

    slug: str
    name: str
    position: int
    occasions: list[str]
    condition: str
    does: dict[str, str]
    stops: bool
    retired: bool


@closed
class RulesShown(TypedDict):
    """The rules about a kind of record, in the order in which they are asked."""

    items: list[RuleShown]


def rule_shown(slug: str, row: Row) -> RuleShown:
    """Return how a rule is shown."""
    does = {name: value for name, value in row.items() if name not in OWN and value is not None}
    return cast(RuleShown, {"slug": slug, **{name: row[name] for name in OWN}, "does": does})


@closed
class Named(TypedDict):
    """A field or an action, with its value in words."""

    name: str
    value: str


@closed
class ToldShown(TypedDict):
    """What a rule found and did."""

    rule: str
    name: str
    because: list[Named]
    does: list[Named]
    refused: list[Named]
    failed: str


@closed
class ChosenShown(TypedDict):
    """How a person was chosen among the candidates, which stand in their order."""

    strategy: str
    candidates: list[str]
    chosen: str
    open: bool


@closed
class AccountShown(TypedDict):
    """One time at which rules were asked."""

    at: datetime
    occasions: list[str]
    rules: list[ToldShown]
    choice: ChosenShown | None
    failed: str


@closed
class ReplayedShown(TypedDict):
    """A record that would have come out otherwise: what rules wanted of it, without the change and with it."""

    number: str
    title: str
    without: list[Named]
    changed: list[Named]


@closed
class ReplayShown(TypedDict):
    """A rule tried on past records; `differing` counts those too that you may not read, `items` names the others."""

    id: UUID
    rule: str
    records: int
    tried: int
    differing: int
    made: datetime
    finished: datetime | None
    items: list[ReplayedShown]


def replay_shown(replay: Replay, lines: list[Tried]) -> Any:
    """Return how a replay is shown, with the differences that its reader may read."""
    return {
        "id": replay.uuid,
        "rule": replay.slug,
        "records": len(replay.records),
        "tried": replay.tried,
        "differing": replay.differing,
        "made": replay.made,
        "finished": replay.finished,
        "items": [
            {
                "number": line.record.number,
                "title": line.record.title,
                "without": _named(line.before),
                "changed": _named(line.after),
            }
            for line in lines
        ],
    }


@closed
class AccountsShown(TypedDict):
    """What rules did to a record, the newest first."""

    items: list[AccountShown]


def account_shown(account: Account) -> Any:
    """Return how an account is shown."""
    return {
        "at": account.at,
        "occasions": account.occasions,
        "rules": [
            {
                "rule": told.rule,
                "name": told.name,
                "because": _named(told.because),
                "does": _named(told.does),
                "refused": _named(told.refused),
                "failed": told.failed,
            }
            for told in account.rules
        ],
        "choice": vars(account.choice) if account.choice else None,
        "failed": account.failed,
    }


def _named(lines: list[Line]) -> list[Named]:
    return [{"name": name, "value": value} for name, value in lines]


__all__ = [
    "AccountsShown",
    "ReplayShown",
    "RuleShown",
    "RulesShown",
    "Slug",
    "TriedRule",
    "WrittenRule",
    "account_shown",
    "replay_shown",
    "rule_shown",
]
