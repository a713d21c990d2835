"""Lists of addresses as mails really write them (RFC 5322, section 3.4, and less). Pure, and never raises."""

import re

from mainstay.kernel.mail.engine.fields import COMMENT, decode_words
from mainstay.kernel.mail.engine.letter import Mailbox

#: What can be answered: a local part and a domain without blanks and brackets; letters of any script (RFC 6532).
LOCAL = re.compile(r"[^\s<>()\[\],;:\"@]{1,64}\Z")
AT_DOMAIN = re.compile(r"@((?:[^\s<>()\[\],;:\"@.]{1,63}\.){0,20}[^\s<>()\[\],;:\"@.]{1,63})")
QUOTED_LOCAL = re.compile(r'"(?:[^"\\]|\\.){1,64}"@(?:[\w-]{1,63}\.)*[\w-]{1,63}')
DOMAIN_LITERAL = re.compile(r"[^\s<>()\[\],;:\"@]{1,64}@\[[0-9A-Fa-f.:IPv]{2,45}\]")
#: A field with more addresses or characters than this is read up to here.
MOST, LONGEST = 2_000, 100_000
TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|<[^<>]*>|=\?[^?\s]+\?[bBqQ]\?[^?]*\?=|\\.|[(),:;]|[^"<(),:;\\]+|.', re.DOTALL)


def mailboxes(value: str, problems: set[str] | None = None) -> tuple[Mailbox, ...]:
    """Return the mailboxes of a field, groups opened, what is no address left out and said in `problems`."""
    problems = set() if problems is None else problems
    if len(value) > LONGEST:
        problems.add("addresses_broken")
    found = [mailbox for tokens in _entries(value[:LONGEST])[:MOST] for mailbox in _mailboxes(tokens, problems)]
    return tuple(dict.fromkeys(found))


def _entries(value: str) -> list[list[str]]:
    """Return the pieces of each entry: comments are pieces that begin with a bracket, group names are dropped."""
    entries: list[list[str]] = [[]]
    comment: list[str] | None = None
    depth = 0
    for piece in TOKEN.findall(value):
        if comment is not None:
            comment.append(piece)
            depth += {"(": 1, ")": -1}.get(piece, 0)
            if depth == 0:
                entries[-1].append("".join(comment))
                comment = None
        elif piece == "(":
            comment, depth = [piece], 1
        elif piece in ",;":
            entries.append([])
        elif piece == ":" and not any("@" in earlier for earlier in entries[-1]):
            entries[-1] = []  # the name of a group
        else:
            entries[-1].append(piece)
    if comment is not None:
        entries[-1].append("".join(comment))
    return [entry for entry in entries if "".join(entry).strip()]


def _mailboxes(tokens: list[str], problems: set[str]) -> list[Mailbox]:
    """Return the mailbox of one entry; the several of an entry whose commas are missing."""
    angle = next((token for token in reversed(tokens) if token.startswith("<") and token.endswith(">")), "")
    comments = [token for token in tokens if token.startswith("(")]
    text = "".join(token for token in tokens if token != angle and token not in comments)
    found = _addresses(angle) or _addresses(text)
    if not found:
        problems.update(() if "".join(tokens).strip() == "<>" else {"addresses_broken"})
        return []
    if _addresses(angle):
        name = "".join(_unquoted(token) for token in tokens if token != angle and token not in comments)
        found = found[-1:]
    else:
        name = "" if len(found) > 1 else re.sub(re.escape(found[0]), "", text, flags=re.IGNORECASE)
    name = name.strip() or " ".join(comment.strip("()") for comment in comments)
    name = " ".join(decode_words(name, problems).split()).strip("\"' <>")
    return [Mailbox("" if name == address else name[:200], address) for address in found]


def _addresses(text: str) -> list[str]:
    """Return the addresses in `text` with their domains in lower case."""
    text = COMMENT.sub("", COMMENT.sub("", decode_words(text)))
    text = re.sub(r"\s*([@.])\s*", r"\1", text.strip("<> \t")).removeprefix("mailto:").rstrip(".")
    found = QUOTED_LOCAL.findall(text) or DOMAIN_LITERAL.findall(text) or _plain(text)
    parted = (address.rpartition("@") for address in found)
    return [f"{local}@{domain.lower()}" for local, _, domain in parted]


def _plain(text: str) -> list[str]:
    """Return the addresses without quotes; looked for from each `@` outwards, so that long texts take no longer."""
    found = []
    for match in AT_DOMAIN.finditer(text):
        if local := LOCAL.search(text[max(0, match.start() - 64) : match.start()]):
            found.append(local[0] + match[0])
    return found


def _unquoted(word: str) -> str:
    return re.sub(r"\\(.)", r"\1", word[1:-1]) if len(word) > 1 and word[0] == word[-1] == '"' else word
