"""From the bytes of a mail to a `Letter` (RFC 5322, RFC 2045 to 2049). Pure; raises for nothing and loses nothing."""

import re
from dataclasses import dataclass, field

from mainstay.kernel.mail.engine import html as markup
from mainstay.kernel.mail.engine import tnef, uuencoding
from mainstay.kernel.mail.engine.addresses import mailboxes
from mainstay.kernel.mail.engine.charsets import decode
from mainstay.kernel.mail.engine.fields import decode_words, instant, message_ids, split_header, to_text
from mainstay.kernel.mail.engine.flowing import unflowed
from mainstay.kernel.mail.engine.invitations import invitations
from mainstay.kernel.mail.engine.letter import Attachment, Delivery, Letter, Mailbox, Problem
from mainstay.kernel.mail.engine.naming import file_name, own_name
from mainstay.kernel.mail.engine.parts import Part, Structure

#: A mail with more bytes is not taken apart.
LARGEST = 64 * 1024 * 1024
#: A text with more characters is cut, and kept whole as a file.
LONGEST_TEXT = 500_000
#: How many mails inside mails are read for their words.
DEEPEST_MAIL = 4


@dataclass
class Body:
    """What is collected while the parts are walked through."""

    depth: int
    problems: set[Problem]
    pieces: list[tuple[str, str]] = field(default_factory=list)  # plain text and HTML, one of them or both
    attachments: list[Attachment] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)


def read(raw: bytes) -> Letter:
    """Return what a mail says. Never raises, for any bytes, and takes time in proportion to them.

    What could not be read as said is in `problems`; what can be neither a case nor a reply has `refused`. Text that is
    there only as HTML is given as plain text too. Mails inside are attachments named `.eml` with their words in `text`.
    """
    return _read(raw, 0)


def _read(raw: bytes, depth: int) -> Letter:
    problems: set[Problem] = set()
    if b"\n" not in raw:
        raw = raw.replace(b"\r", b"\n")
    if len(raw) > LARGEST:
        problem = Problem("too_large", str(len(raw)))
        return _letter(split_header(raw[:LARGEST])[0], Body(depth, {problem}), "", problem)
    try:
        root = Structure(problems).part(raw)
        body = Body(depth, problems)
        _walk(root, body)
        return _letter(root.fields, body, root.parameters.get("report-type", "").lower(), None)
    except Exception as error:  # whatever was overlooked costs one mail its form, never the queue its progress
        problem = Problem("unreadable", type(error).__name__)
        whole = Attachment("original.eml", "message/rfc822", raw)
        return Letter(attachments=(whole,), problems=(problem,), refused=problem)


def _letter(fields: list[tuple[str, bytes]], body: Body, report_type: str, refused: Problem | None) -> Letter:
    headers = tuple((name, _field(name, value, body.problems)) for name, value in fields)
    people = {name: _people(fields, name, body.problems) for name in ("reply-to", "to", "cc")}
    first = dict(reversed(headers))
    date = instant(first["date"]) if first.get("date") else None
    if date is None and first.get("date"):
        body.problems.add(Problem("date_broken", first["date"][:60]))
    sender = _sender(fields, body.problems)
    text, html = _texts(body)
    subject = " ".join(first.get("subject", "").split())
    if refused is None and sender is None:
        refused = Problem("no_sender", first.get("from", "")[:100])
    elif refused is None and not (subject or text.strip() or html.strip() or body.attachments):
        refused = Problem("nothing_said")
    ids = message_ids([value for name, value in headers if name == "message-id"])
    return Letter(
        subject=subject,
        sender=sender,
        reply_to=people["reply-to"],
        to=people["to"],
        cc=people["cc"],
        date=date,
        message_id=ids[0] if ids else "",
        in_reply_to=message_ids([value for name, value in headers if name == "in-reply-to"]),
        references=message_ids([value for name, value in headers if name == "references"]),
        text=text,
        html=html,
        attachments=tuple(body.attachments),
        deliveries=tuple(body.deliveries),
        report_type=report_type,
        headers=headers,
        problems=tuple(sorted(body.problems | ({refused} if refused else set()))),
        refused=refused,
    )


def _field(name: str, value: bytes, problems: set[Problem]) -> str:
    """Return one field as text, decoded but for addresses, whose words are decoded one by one."""
    met: set[str] = set()
    text, problem = to_text(value)
    if name in ("subject", "from", "to", "cc", "reply-to", "sender"):
        problems.update({Problem(problem, name)} if problem else ())
        text = decode_words(text, met)
        problems.update(Problem(slug, name) for slug in met)
    return text


def _people(fields: list[tuple[str, bytes]], name: str, problems: set[Problem]) -> tuple[Mailbox, ...]:
    met: set[str] = set()
    text = ", ".join(to_text(value)[0] for found, value in fields if found == name)
    people = mailboxes(text, met)
    problems.update(Problem(slug, name) for slug in met)
    return tuple(dict.fromkeys(people))


def _sender(fields: list[tuple[str, bytes]], problems: set[Problem]) -> Mailbox | None:
    """Return the author: From, or where that is not usable the field that comes nearest (RFC 5322, section 3.6.2)."""
    for name in ("from", "sender", "reply-to", "return-path"):
        if people := _people(fields, name, problems):
            if name != "from":
                problems.add(Problem("sender_substituted", name))
            return people[0]
    return None


def _texts(body: Body) -> tuple[str, str]:
    """Return the plain text and the HTML of all pieces; where one form is missing the other stands in for it."""
    texts = [plain if plain.strip() else markup.to_text(html) for plain, html in body.pieces]
    text = "\n\n".join(part.strip("\n") for part in texts if part.strip())
    if not text:
        text = "\n\n".join(
            attachment.text for attachment in body.attachments if attachment.media_type == "text/calendar"
        )
    if not any(html for _, html in body.pieces):
        return text, ""
    return text, "\n".join(html or markup.from_text(plain) for plain, html in body.pieces)


def _walk(part: Part, body: Body) -> None:
    """Take one part and those below it."""
    if part.media_type == "multipart/alternative":
        _alternatives(part, body)
    elif part.children:
        for child in part.children:
            _walk(child, body)
    elif _is_text(part):
        _take_text(part, body)
    else:
        _attach(part, body)


def _is_text(part: Part) -> bool:
    """Whether a part is what is said, not a file."""
    return part.media_type in ("text/plain", "text/html", "text/enriched", "text/richtext") and not (
        part.disposition == "attachment" or part.name
    )


def _alternatives(part: Part, body: Body) -> None:
    """Take the forms of one text (RFC 2046, section 5.1.4) as one piece; pictures and invitations are files."""
    start = len(body.pieces)
    for child in part.children:
        _walk(child, body)
    forms = body.pieces[start:]
    plain = next((text for text, _ in forms if text.strip()), "")
    html = next((html for _, html in forms if html.strip()), "")
    rest = [form for form in forms if form[0] not in ("", plain) or form[1] not in ("", html)]
    body.pieces[start:] = ([(plain, html)] if plain or html else []) + rest


def _take_text(part: Part, body: Body) -> None:
    text = _decoded(part, part.content(body.problems), body.problems)
    if part.media_type == "text/html":
        body.pieces.append(("", _bounded(text, part, body)))
        return
    text, files = uuencoding.files(text)
    for file in files:
        body.attachments.append(Attachment(file_name(file.name), "application/octet-stream", file.content))
    if part.parameters.get("format", "").lower() == "flowed":
        text = unflowed(text, delete_space=part.parameters.get("delsp", "").lower() == "yes")
    body.pieces.append((_bounded(text, part, body), ""))


def _bounded(text: str, part: Part, body: Body) -> str:
    if len(text) <= LONGEST_TEXT and (part.media_type != "text/html" or markup.bounded(text) == text):
        return text
    body.problems.add(Problem("text_too_long", part.media_type))
    whole = "text.html" if part.media_type == "text/html" else "text.txt"
    body.attachments.append(Attachment(whole, part.media_type, text.encode("utf-8", "replace")))
    return text[:LONGEST_TEXT]


def _decoded(part: Part, content: bytes, problems: set[Problem]) -> str:
    decoded = decode(content, part.parameters.get("charset", ""))
    if decoded.problem:
        problems.add(Problem(decoded.problem, part.parameters.get("charset", "")[:40] or decoded.charset))
    return decoded.text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")


def _attach(part: Part, body: Body) -> None:
    """Take one part as a file, and read what it is known to hold."""
    content = part.content(body.problems)
    is_tnef = part.media_type == "application/ms-tnef" or content.startswith(tnef.SIGNATURE)
    if is_tnef and _take_tnef(content, body):
        return
    text = ""
    if part.media_type == "message/delivery-status":
        body.deliveries += _deliveries(content)
    elif part.media_type in ("message/rfc822", "message/global"):
        text = _words_of_mail(content, body)
    elif part.media_type == "text/calendar" or part.name.lower().endswith(".ics"):
        events, whole = invitations(_decoded(part, content, body.problems))
        text = "\n\n".join(event.text for event in events)
        body.problems.update(() if whole else {Problem("invitation_broken", part.name[:60])})
    identifier = part.first("content-id").strip("<> \t")
    name = file_name(part.name) or own_name(part.media_type, content)
    inline = part.disposition != "attachment" and bool(identifier)
    body.attachments.append(Attachment(name, part.media_type, content, identifier, inline, text))


def _take_tnef(content: bytes, body: Body) -> bool:
    """Take what a winmail.dat holds, and return whether that was all."""
    found = tnef.contents(content)
    said = bool(body.pieces)
    if not said and (found.text or found.html):
        body.pieces.append((found.text.replace("\r\n", "\n"), found.html))
    for number, file in enumerate(found.files, 1):
        name = file_name(file.name) or f"attachment-{number}"
        kind = file.media_type or "application/octet-stream"
        body.attachments.append(Attachment(name, kind, file.content, file.content_id, bool(file.content_id)))
    whole = found.whole or (said and bool(found.files) and not found.text and not found.html)
    body.problems.update(() if whole else {Problem("tnef_broken")})
    return whole


def _words_of_mail(content: bytes, body: Body) -> str:
    if body.depth >= DEEPEST_MAIL:
        body.problems.add(Problem("nested_too_deep"))
        return ""
    inner = _read(content, body.depth + 1)
    sender = f"{inner.sender.name} <{inner.sender.address}>".strip() if inner.sender else ""
    date = f"{inner.date:%Y-%m-%d %H:%M} UTC" if inner.date else ""
    below = (attachment.text for attachment in inner.attachments)
    return "\n".join(line for line in (sender, date, inner.subject, inner.text, *below) if line)[:LONGEST_TEXT]


def _deliveries(content: bytes) -> list[Delivery]:
    """Return what a report says of each recipient (RFC 3464, section 2.3): groups of fields between empty lines."""
    found = []
    for block in re.split(rb"\r?\n[ \t]*\r?\n", content.strip())[:1_000]:
        fields = dict(reversed(split_header(block + b"\n")[0]))
        recipient = fields.get("final-recipient") or fields.get("original-recipient")
        if not recipient:
            continue
        action, status, reason = (to_text(fields.get(name, b""))[0] for name in ("action", "status", "diagnostic-code"))
        address = to_text(recipient)[0].rpartition(";")[2].strip(" <>")
        code = re.search(r"\b[245]\.\d{1,3}\.\d{1,3}\b", status)
        found.append(
            Delivery(
                address,
                action.strip().lower().partition(" ")[0],
                code[0] if code else "",
                " ".join(reason.split())[:500],
            )
        )
    return found
