"""Whom a text may mention: `@` before an e-mail address or before a name."""

import re

#: An `@` that begins a word: the one within an address does not.
AT = re.compile(r"(?<![\w.+@-])@(?=\w)")
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
WORD = re.compile(r"[^\s@]+")
#: Names have at most so many words; a text mentions at most so many people.
WORDS, MOST = 5, 20
ENDS = ".,;:!?)'\"]}"


def meant(text: str) -> list[list[str]]:
    """Return for each of the first 20 places with an `@` what may be meant there, in small letters, the longest first.

    >>> meant("@Adam Agent, please")
    [['adam agent, please', 'adam agent', 'adam']]
    """
    return [_at(text[place.end() : place.end() + 300]) for place in list(AT.finditer(text))[:MOST]]


def _at(rest: str) -> list[str]:
    if address := ADDRESS.match(rest):
        return [address.group().rstrip(ENDS).lower()]
    words = WORD.findall(rest.partition("\n")[0])[:WORDS]
    found = [" ".join(words[:count]).rstrip(ENDS).lower() for count in range(len(words), 0, -1)]
    return list(dict.fromkeys(found))
