"""Which lines of a letter are its signature. Pure."""

import re

from mainstay.kernel.mail.engine.openers import CLOSINGS, DEVICES

#: A signature has at most this many lines that are not empty, none of them longer, but below `-- ` of RFC 3676.
MOST_LINES, LONGEST = 12, 60
DELIMITER = re.compile(r"\s*(?:-{2,}|_{2,}|—{1,3}|={3,})\s*")
LIST_FOOTER = re.compile(r"_{10,}\s*")
#: A dash and a name: `-Eva`, `- eva`, `-Lev.`
DASHED_NAME = re.compile(r"[-–—]{1,3} ?[^\W\d_][\w.']*(?: [^\W\d_][\w.']*){0,2}")
CLOSING = re.compile(
    rf"\s*(?:{'|'.join(map(re.escape, sorted(CLOSINGS, key=len, reverse=True)))})[\s,.!]*", re.IGNORECASE
)
LINK = re.compile(r"\S*[:@]\S*|https?://\S+")
WORDS = re.compile(r"[^\W_][\w'’.-]*")
MOST_PROSE = 2


def signed_lines(lines: list[str], quoted: list[bool], sender: str) -> list[bool]:
    """Return for every line whether it belongs to a signature: the end of each run of lines that are not quoted."""
    signed = [False] * len(lines)
    opening = next((number for number, line in enumerate(lines) if line.strip()), 0)
    number = 0
    while number < len(lines):
        end = number
        while end < len(lines) and quoted[end] == quoted[number]:
            end += 1
        if not quoted[number]:
            start = _start(lines, number, end, opening, sender)
            signed[start:end] = [True] * (end - start)
        number = end
    return signed


def _start(lines: list[str], first: int, end: int, opening: int, sender: str) -> int:
    """Return where the signature of the run from `first` to `end` begins; `end` when there is none.

    The line that opens the letter is never one.
    """
    for number in range(first, end):
        if lines[number] in ("-- ", "--\xa0") and number > opening:
            return number
    candidates = _candidates(lines, first, end, opening)
    for number in candidates:
        if _begins(lines, number, end):
            return number
    return _named(lines, candidates, end, sender)


def _candidates(lines: list[str], first: int, end: int, opening: int) -> list[int]:
    """Return the numbers of the last short lines of the run, the first of them first."""
    found: list[int] = []
    for number in range(end - 1, first - 1, -1):
        line = lines[number].strip()
        if not line:
            continue
        too_long = len(line) > LONGEST and not (DELIMITER.fullmatch(line) or LINK.fullmatch(line) or _is_device(line))
        if number <= opening or len(found) >= MOST_LINES or too_long:
            break
        found.append(number)
    return found[::-1]


def _begins(lines: list[str], number: int, end: int) -> bool:
    """Whether a signature begins with this line."""
    line = lines[number]
    if DELIMITER.fullmatch(line) or CLOSING.fullmatch(line) or _is_device(line):
        return True
    beside = [lines[other] for other in (number - 1, number + 1) if 0 <= other < end]
    is_list = any(
        neighbour.lstrip().startswith(("- ", "* ", "-")) and not DELIMITER.fullmatch(neighbour) for neighbour in beside
    )
    return bool(DASHED_NAME.fullmatch(line.rstrip())) and not is_list


def _is_device(line: str) -> bool:
    words = line.strip().lower()
    return words.startswith(DEVICES) and "," not in words and len(words.split()) <= 14


def _named(lines: list[str], candidates: list[int], end: int, sender: str) -> int:
    """Return where the last paragraph begins when it names the writer and is not prose; else `end`."""
    names = {word.lower() for word in WORDS.findall(sender.partition("@")[0]) if len(word) > 2}
    paragraph: list[int] = []
    for number in reversed(candidates):
        if paragraph and number < paragraph[0] - 1:
            break
        paragraph.insert(0, number)
    prose = sum(_is_prose(lines[number]) for number in paragraph)
    named = any(names & {word.lower().strip(".") for word in WORDS.findall(lines[number])} for number in paragraph)
    return paragraph[0] if named and prose <= MOST_PROSE else end


def _is_prose(line: str) -> bool:
    words = WORDS.findall(line)
    return len(words) >= 3 and sum(word.islower() for word in words) * 2 > len(words) and "@" not in line
