"""Who wrote a mail: a person, or a machine that must not be answered (RFC 3834, RFC 3464, RFC 2369). Pure."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from mainstay.kernel.mail.engine.letter import N_, Delivery, Letter

#: A mail that passed more servers than this goes round in circles (RFC 5321, section 6.3).
MOST_HOPS = 100
ROBOTS = re.compile(r"mailer-daemon|postmaster|mail-daemon|bounces?|mdaemon", re.IGNORECASE)
#: How the subject of an absence note begins, where programs say only that they are automatic.
ABSENCE = re.compile(
    r"(?:out of (?:the )?office|automatic reply|auto(?:matic)?[ -]?(?:reply|response)|on vacation|vacation|away from"
    r"|abwesenheit|automatische antwort|bin nicht im (?:büro|haus)|urlaub|réponse automatique|absence du bureau"
    r"|respuesta automática|fuera de la oficina|risposta automatica|fuori sede|resposta automática|automatisch antwoord"
    r"|afwezig|automatisk svar|autosvar|frånvaro|automatyczna odpowiedź|poza biurem|automatická odpověď|автоответ"
    r"|自动回复|自動回覆|自動返信|자동 회신)",
    re.IGNORECASE,
)
BOUNCE = re.compile(
    r"undeliver|delivery status notification|delivery (?:has )?failed|returned mail|mail delivery (?:failed|system)"
    r"|failure notice|could not (?:be )?(?:send|sent|delivered)|unzustellbar|non remis|no se ha podido entregar"
    r"|mancato recapito",
    re.IGNORECASE,
)
FAILED_ADDRESS = re.compile(
    r"^\s*(?:Final-Recipient: *rfc822; *|X-Failed-Recipients: *)?<?([^\s<>:;,\"]{1,64}@[\w.-]{1,100}\w)>?:?(?:\s|$)",
    re.MULTILINE | re.IGNORECASE,
)
STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")


class Sender(StrEnum):
    """Who or what wrote a mail."""

    PERSON = "person"
    BOUNCE = "bounce"  # a report that a mail of ours was not delivered, or is late
    ABSENCE = "absence"  # an answer without a person: away, or "we have received your mail"
    AUTOMATIC = "automatic"  # written by a program of its own accord
    LIST = "list"  # came through a mailing list; a person may have written it
    OWN = "own"  # written by this installation
    LOOP = "loop"  # has come round in circles


REASONS = {
    "person": N_("Nothing says that a machine wrote it."),
    "report": N_("It is a report of delivery."),
    "robot": N_("A mail server wrote it and says that something was not delivered."),
    "empty_return_path": N_("It has an empty return path, as reports have."),
    "replied": N_("It says of itself that it is an automatic reply."),
    "suppressed_rule": N_("A rule of a mailbox sent it and asks for no automatic answer."),
    "absence_subject": N_("It is automatic, and its subject is that of an absence note."),
    "generated": N_("It says of itself that a program wrote it."),
    "precedence": N_("It says of itself that it is mass mail."),
    "suppressed": N_("It asks for no automatic answer."),
    "list": N_("It came through a mailing list."),
    "own_address": N_("It comes from one of our own addresses."),
    "own_message": N_("It bears the mark of a mail that we wrote."),
    "hops": N_("It passed too many servers."),
}


@dataclass(frozen=True)
class Classification:
    """What a mail was found to be. `reason` is a key of `REASONS`; `deliveries` are the addresses of a bounce."""

    sender: Sender
    reason: str
    deliveries: tuple[Delivery, ...] = ()

    @property
    def answerable(self) -> bool:
        """Whether an automatic answer may be sent: only a person gets one (RFC 3834, section 2)."""
        return self.sender is Sender.PERSON

    @property
    def words(self) -> str:
        """The reason in English; a door translates it."""
        return REASONS[self.reason]


def classify(letter: Letter, own_addresses: Collection[str] = (), own_hosts: Collection[str] = ()) -> Classification:
    """Return what wrote a mail and why it is thought so.

    `own_addresses` are those of our mailboxes, in lower case; `own_hosts` are the domains of the message ids that we
    give. A bounce is found before our own mark, because it brings back the header of what we sent.
    """
    rules = (_bounce, _loop, _own, _absence, _list, _automatic)
    for rule in rules:
        if found := rule(letter, own_addresses, own_hosts):
            return found
    return Classification(Sender.PERSON, "person")


def _bounce(letter: Letter, _addresses: Collection[str], _hosts: Collection[str]) -> Classification | None:
    if letter.report_type == "delivery-status" or letter.deliveries:
        return Classification(Sender.BOUNCE, "report", letter.deliveries or _failures(letter))
    local = letter.sender.address.partition("@")[0] if letter.sender else ""
    said = BOUNCE.search(letter.subject) or letter.header("x-failed-recipients")
    if said and (ROBOTS.fullmatch(local) or ROBOTS.match(local) or _return_path(letter) == "<>"):
        return Classification(Sender.BOUNCE, "robot", _failures(letter))
    return None


def _failures(letter: Letter) -> tuple[Delivery, ...]:
    """Return the addresses that a report without a part for programs names, with the first code near it."""
    named = letter.header("x-failed-recipients") or "\n".join(FAILED_ADDRESS.findall(letter.text[:20_000]))
    status = STATUS.search(letter.text[:20_000])
    own = {letter.sender.address.lower() if letter.sender else ""} | {mailbox.address.lower() for mailbox in letter.to}
    addresses = dict.fromkeys(address.strip() for address in re.split(r"[,\s]+", named) if "@" in address)
    return tuple(
        Delivery(address, "failed", status[1] if status else "") for address in addresses if address.lower() not in own
    )[:100]


def _return_path(letter: Letter) -> str:
    return letter.header("return-path").replace(" ", "")


def _loop(letter: Letter, _addresses: Collection[str], _hosts: Collection[str]) -> Classification | None:
    return Classification(Sender.LOOP, "hops") if len(letter.all_of("received")) > MOST_HOPS else None


def _own(letter: Letter, addresses: Collection[str], hosts: Collection[str]) -> Classification | None:
    if letter.message_id.rpartition("@")[2].lower() in hosts:
        return Classification(Sender.OWN, "own_message")
    if letter.sender and letter.sender.address.lower() in addresses:
        return Classification(Sender.OWN, "own_address")
    return None


def _absence(letter: Letter, _addresses: Collection[str], _hosts: Collection[str]) -> Classification | None:
    if _says(letter, "auto-submitted").startswith("auto-replied"):
        return Classification(Sender.ABSENCE, "replied")
    if any(_says(letter, name) not in ("", "no") for name in ("x-autoreply", "x-autorespond", "x-autoresponse")):
        return Classification(Sender.ABSENCE, "replied")
    if _says(letter, "precedence") in ("auto_reply", "auto-reply"):
        return Classification(Sender.ABSENCE, "replied")
    if letter.header("x-auto-response-suppress") and letter.header("x-ms-exchange-inbox-rules-loop"):
        return Classification(Sender.ABSENCE, "suppressed_rule")
    if ABSENCE.match(letter.subject.strip()) and (_marked(letter) or _return_path(letter) == "<>"):
        return Classification(Sender.ABSENCE, "absence_subject")
    return None


def _list(letter: Letter, _addresses: Collection[str], _hosts: Collection[str]) -> Classification | None:
    through_list = any(letter.header(name) for name in ("list-id", "list-post", "x-mailing-list", "mailing-list"))
    return Classification(Sender.LIST, "list") if through_list or _says(letter, "precedence") == "list" else None


def _automatic(letter: Letter, _addresses: Collection[str], _hosts: Collection[str]) -> Classification | None:
    reason = _marked(letter) or ("empty_return_path" if _return_path(letter) == "<>" else "")
    return Classification(Sender.AUTOMATIC, reason) if reason else None


def _marked(letter: Letter) -> str:
    """Return by which mark a mail says that it is automatic, or ""."""
    if _says(letter, "auto-submitted") not in ("", "no"):
        return "generated"
    if _says(letter, "precedence") in ("bulk", "junk"):
        return "precedence"
    suppressed = {word.strip() for word in letter.header("x-auto-response-suppress").lower().split(",")}
    return "suppressed" if suppressed & {"all", "autoreply", "oof"} else ""


def _says(letter: Letter, name: str) -> str:
    """Return a field's first word, without comment and parameters, in lower case."""
    return re.split(r"[\s;(]", letter.header(name).strip().lower(), maxsplit=1)[0]
