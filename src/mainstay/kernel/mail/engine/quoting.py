"""Which lines of a letter are quoted: marked lines, and what follows the line that announces them. Pure."""

import re

from mainstay.kernel.mail.engine.openers import FIELDS, FORWARDED, SEPARATORS, WROTE

#: A letter with more lines is looked through up to here.
MOST_LINES = 2_000
#: An announcement is at most this long, over at most this many lines after its first.
LONGEST, MOST_ROWS = 400, 5
MARKED = re.compile(r"[ \t]{0,3}>(?!.*<<)")
RULE = re.compile(r"\s*(?:[-_=*─—]{5,}|_{3,})\s*")
DASHED = re.compile(r"\s*+[-_*=]{2,}+\s*+([^\W_].{1,80}?)\s*[-_*=]{2,}\s*")
MAIL_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w.-]{1,100}")
DATE = re.compile(
    r"\d{1,4}[./-]\s?\d{1,2}[./-]\s?\d{1,4}|\d{1,2}:\d\d|\b(?:19|20)\d\d\b|\d{4}年"
    r"|\d{1,2}[.,]? [a-zäéû]{3,}|[a-z]{3,9}[.,]? \d{1,2}\b"
)
BEGINS_WITH_DATE = re.compile(r"[\s*]*(?:[^\W\d_]{2,4}\.?, )?\d{1,4}[./年-]?\s?(?:\d{1,2}|[^\W\d_]{3,10})(?!\d)")
ENDS_WITH_AUTHOR = re.compile(r"<\s*[^<>\s]{1,64}@[^<>\s]{1,100}\s*>\s*:?\s*$")
VERBS = sorted({verb for _, verbs in WROTE.values() for verb in verbs}, key=len, reverse=True)
STARTS = sorted({start for starts, _ in WROTE.values() for start in starts if start}, key=len, reverse=True)
STARTS_WITH = re.compile(rf"[\s*>-]*+(?:{'|'.join(map(re.escape, STARTS))})(?!\w)", re.IGNORECASE)
WORD = re.compile(r"\w+")
#: Verbs that are one word among others; what has several, or a script without blanks, is looked for anywhere.
ONE_WORD = {verb for verb in VERBS if WORD.fullmatch(verb) and max(verb) < "\u2e80"}
ANYWHERE = tuple(verb for verb in VERBS if verb not in ONE_WORD)
#: An announcement that begins in the middle of a line of the reply.
IN_A_LINE = re.compile(
    r"(?<=\S)(?:\s+|(?=-{3}))-*\s*On (?:[A-Z][a-z]{2}[a-z]*,? )?[A-Z]?[\w/]{1,12}"
    r"[^:]{0,60}\d{1,2}(?::\d\d)?[^\n]{0,200}wrote:$"
)
NAMES = {name: kind for kind, names in FIELDS.items() for name in names}
FIELD = re.compile(r"[\s*>]*([^\W\d_][\w \-]{0,18}?)\s?[*]?\s?[:：][*]?(?:\s|$)")
INNER_FIELD = re.compile(r"\s([^\W\d_]{2,12}):\s")
ONLY_LINK = re.compile(r"\s*[(<]?\s*https?://\S+\s*[)>\s]*|\S+[)>]\s*")


def separated(lines: list[str]) -> list[str]:
    """Return the lines, with an announcement that shares its line with the reply put on a line of its own."""
    parted: list[str] = []
    for line in lines:
        match = (
            IN_A_LINE.search(line)
            if line.endswith("wrote:") and len(line) < LONGEST and not MARKED.match(line)
            else None
        )
        parted += [line[: match.start()], line[match.start() :].lstrip()] if match else [line]
    return parted


def quoted_lines(lines: list[str]) -> list[bool]:
    """Return for every line whether it is quoted."""
    quoted = [False] * len(lines)
    number, announced = 0, False
    while number < min(len(lines), MOST_LINES):
        if _forwards(lines[number]):
            return quoted  # what is passed on is what the letter is about
        if MARKED.match(lines[number]):
            end = _end_of_marked(lines, number)
        elif length := _announcement(lines, number):
            if not announced:
                # What stands above the first announcement the writer set off by hand, marks and all.
                quoted[:number] = [False] * number
            announced = True
            end = _end_of_quotation(lines, number + length)
        else:
            number += 1
            continue
        quoted[number:end] = [True] * (end - number)
        number = end
    return quoted


def _forwards(line: str) -> bool:
    words = line.strip().strip("-_*= >:").lower()
    return words in FORWARDED and (line.lstrip()[:2] in ("--", "__", "==") or words.startswith(("begin ", "anfang ")))


def _announcement(lines: list[str], number: int) -> int:
    """Return how many lines from here on announce a quotation: 0 for none."""
    line = lines[number]
    if not line.strip():
        return 0
    return _separator(lines, number) or _header(lines, number) or _author(lines, number)


def _separator(lines: list[str], number: int) -> int:
    """`-----Original Message-----`, `---- Eva wrote ----`, and a rule right above the header of a mail."""
    line = lines[number]
    if match := DASHED.fullmatch(line):
        words = match[1].strip().lower()
        if words in SEPARATORS or (words.endswith(tuple(VERBS)) and len(words) > 8):
            return 1
    if RULE.fullmatch(line):
        below = number + 1
        while below < min(len(lines), number + 3) and not lines[below].strip():
            below += 1
        length = _header(lines, below) if below < len(lines) else 0
        return below - number + length if length else 0
    return 0


def _header(lines: list[str], number: int) -> int:
    """The header of the mail quoted: at least two of its fields, the first of them the author or the date."""
    first = _field(lines[number])
    if first not in ("author", "date", "subject"):
        return 0
    kinds, row, foreign = [first, *_more_fields(lines[number])], number + 1, 0
    while row < min(len(lines), number + 14) and lines[row].strip() and foreign < 2:
        kind = _field(lines[row])
        foreign = 0 if kind else foreign + 1
        kinds += [kind] if kind else []
        row += 1
    found = set(kinds)
    if first == "subject" and "author" not in found:
        return 0
    return row - number - foreign if len(found) >= 2 and found & {"author", "to", "subject"} else 0


def _field(line: str) -> str:
    match = FIELD.match(line) if len(line) < LONGEST else None
    return NAMES.get(match[1].strip().lower(), "") if match else ""


def _more_fields(line: str) -> list[str]:
    """Return the kinds of fields that follow the first one on its line, as in HTML without line breaks."""
    return [NAMES[name.lower()] for name in INNER_FIELD.findall(line[5:LONGEST]) if name.lower() in NAMES]


def _author(lines: list[str], number: int) -> int:
    """`On 3 May, Eva wrote:` in every language, over several lines, and a date with an address before a colon."""
    joined = ""
    for length, line in enumerate(lines[number : number + MOST_ROWS + 1], 1):
        after_a_break = length > 1 and not lines[number + length - 2].strip()
        if after_a_break and line.strip() and not line.lstrip().startswith(("<", "mailto:")):
            return 0
        if MARKED.match(line) and not line.lstrip("> ").startswith(tuple(VERBS)):
            return 0
        joined = f"{joined} {line.strip()}".strip()
        if len(joined) > LONGEST:
            return 0
        if line.strip() and _says_who(joined, lines, number + length):
            return length
        if length == 1 and not _may_begin(joined):
            return 0
    return 0


def _may_begin(line: str) -> bool:
    return bool(STARTS_WITH.match(line) or BEGINS_WITH_DATE.match(line))


def _says_who(joined: str, lines: list[str], after: int) -> bool:
    """Whether text says who wrote what follows, and when or from where."""
    if not joined.endswith((":", "：", "-", ">")):
        return False
    marked = _next_is_marked(lines, after)
    says_last = joined.rstrip(" :：-").lower().endswith(tuple(VERBS))
    ending = joined.endswith((":", "：")) or (joined.endswith("--") and says_last)
    dated = bool(DATE.search(joined.lower()))
    addressed = bool(MAIL_ADDRESS.search(joined))
    if ending and _says(joined.lower()):
        if STARTS_WITH.match(joined) or BEGINS_WITH_DATE.match(joined):
            return dated or addressed
        return (marked and says_last) or (dated and addressed)
    if BEGINS_WITH_DATE.match(joined) and ENDS_WITH_AUTHOR.search(joined):
        return joined.endswith(":") or marked
    return bool(ending and marked and dated and STARTS_WITH.match(joined))


def _says(joined: str) -> bool:
    return not ONE_WORD.isdisjoint(WORD.findall(joined)) or any(verb in joined for verb in ANYWHERE)


def _next_is_marked(lines: list[str], number: int) -> bool:
    following = next((line for line in lines[number : number + 6] if line.strip()), "")
    return bool(MARKED.match(following))


def _end_of_quotation(lines: list[str], number: int) -> int:
    """Return where the announced quotation ends: with its marked lines, or with the letter when they are not marked."""
    first = number
    while first < len(lines) and not lines[first].strip():
        first += 1
    if first < len(lines) and MARKED.match(lines[first]):
        return _end_of_marked(lines, first)
    return len(lines)


def _end_of_marked(lines: list[str], number: int) -> int:
    """Return the line after the last marked one; empty lines and torn links between marked lines belong to them."""
    end = number
    while number < len(lines):
        if MARKED.match(lines[number]):
            end = number + 1
        elif lines[number].strip() and not (ONLY_LINK.fullmatch(lines[number]) and _next_is_marked(lines, number + 1)):
            break
        number += 1
    return end
