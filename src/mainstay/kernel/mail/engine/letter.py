"""What a mail says, as plain data, and what of it could not be read. Pure."""

from dataclasses import dataclass
from datetime import datetime


def N_(words: str) -> str:
    """Mark words for the catalogues; whoever shows them translates them."""
    return words


#: What could not be read as the mail says, by a stable name. Nothing of it is lost: the original is always there.
PROBLEMS = {
    "addresses_broken": N_("A list of addresses could not be read whole."),
    "boundary_guessed": N_("The line that divides the parts is not the one announced."),
    "boundary_missing": N_("The line that divides the parts is missing; all of it is shown as one text."),
    "charset_guessed": N_("The character set is not named; it was recognised from the text."),
    "charset_wrong": N_("The text is not in the character set named; another one fitted."),
    "characters_lost": N_("Some characters could not be read."),
    "date_broken": N_("The date could not be read."),
    "encoded_word_broken": N_("An encoded word in the header could not be read."),
    "encoding_damaged": N_("The encoding of a part is damaged; what could be read is shown."),
    "encoding_unknown": N_("The encoding of a part is not known; the part is kept as it came."),
    "header_broken": N_("A line of the header is not a field."),
    "header_too_long": N_("A field of the header is too long to be decoded."),
    "invitation_broken": N_("The invitation to a calendar could not be read whole."),
    "nested_too_deep": N_("Parts are nested too deep; the inner ones are kept as one file."),
    "no_sender": N_("Nobody can be answered: there is no usable sender."),
    "nothing_said": N_("The mail has no subject, no text and no file."),
    "sender_substituted": N_("The From field is not usable; the sender is taken from another field."),
    "text_outside_parts": N_("There is text outside the parts; it is kept as a file."),
    "text_too_long": N_("The text is too long to be shown whole; all of it is kept as a file."),
    "tnef_broken": N_("The file winmail.dat could not be read whole; it is kept as it came."),
    "too_large": N_("The mail is too large to be read; only its header was."),
    "too_many_parts": N_("There are too many parts; the rest is kept as one file."),
    "unreadable": N_("The mail could not be read at all; it is kept as one file."),
}


class Unreadable(Exception):
    """A mail took more time or memory than its bounds, or ended the process that read it."""


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that could not be read as said: a key of `PROBLEMS`, and the place, untranslated."""

    slug: str
    detail: str = ""

    @property
    def words(self) -> str:
        """The words for people, in English; a door translates them."""
        return PROBLEMS[self.slug]


@dataclass(frozen=True)
class Mailbox:
    """A person's name as written, and an address `local@domain`; the domain is in lower case."""

    name: str
    address: str


@dataclass(frozen=True)
class Attachment:
    """A file that came with the mail.

    `content_id` is without angle brackets; `inline` says that a page refers to it. `text` is what a nested mail or an
    invitation says, as words to read and to search.
    """

    name: str
    media_type: str
    content: bytes
    content_id: str = ""
    inline: bool = False
    text: str = ""


@dataclass(frozen=True)
class Delivery:
    """What a delivery report says of one recipient (RFC 3464, section 2.3).

    `action` is failed, delayed, delivered, relayed or expanded; `status` is a code as 5.1.1 (RFC 3463) or "".
    """

    recipient: str
    action: str
    status: str
    diagnostic: str = ""

    @property
    def permanent(self) -> bool:
        """Whether sending again is without hope."""
        return self.action == "failed" and not self.status.startswith("4")


@dataclass(frozen=True)
class Letter:
    """A mail as read. `date` is UTC or None. `html` is as received and must be cleaned before anybody sees it.

    `message_id`, `in_reply_to` and `references` are without angle brackets, the oldest reference first.
    `headers` are all fields of the mail itself, names in lower case, decoded, in their order.
    `refused` says why this can be neither a case nor a reply, or is None.
    """

    subject: str = ""
    sender: Mailbox | None = None
    reply_to: tuple[Mailbox, ...] = ()
    to: tuple[Mailbox, ...] = ()
    cc: tuple[Mailbox, ...] = ()
    date: datetime | None = None
    message_id: str = ""
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    text: str = ""
    html: str = ""
    attachments: tuple[Attachment, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    report_type: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    problems: tuple[Problem, ...] = ()
    refused: Problem | None = None

    def header(self, name: str) -> str:
        """Return the first field of that name (lower case), or ""."""
        return next((value for field, value in self.headers if field == name), "")

    def all_of(self, name: str) -> tuple[str, ...]:
        """Return every field of that name (lower case)."""
        return tuple(value for field, value in self.headers if field == name)
