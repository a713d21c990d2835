"""The operators of a search, `team:network` and `-state:closed`, told from the words around them. Pure."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

#: What stands between blanks; within quotes blanks do not count, and a quote without a second one is a sign.
TOKEN = re.compile(r'(?:"[^"]*"|[^\s"]|"(?=[^"]*$))+')
#: A name, a colon and values. A web address, a path or `std::string` is none; neither is `12:30`.
OPERATOR = re.compile(r"(?P<minus>-?)(?P<name>[^\W\d_]\w*):(?![/\\:])(?P<values>.*)")
VALUE = re.compile(r'"([^"]*)"|([^",]+)')


@dataclass(frozen=True)
class Operator:
    """What a field has to be, one of `values`, or must not be (`excluded`). The values are as they were typed."""

    name: str
    values: tuple[str, ...]
    excluded: bool = False


@dataclass(frozen=True)
class Asked:
    """A search: its words, with their quotes and signs, and its operators."""

    words: str
    operators: tuple[Operator, ...] = ()


def parsed(text: str, known: Collection[str] = ()) -> Asked:
    """Return what a text asks for. Whether there is such an operator is for the caller to say.

    Values are parted by commas and stand in quotes where they hold a blank: `team:network,"service desk"`. A name
    that is not among the `known` and has no value is a word: people end sentences with a colon.
    """
    words, operators = [], []
    for token in TOKEN.findall(text):
        operator = _operator(token, known)
        if operator is None:
            words.append(token)
        else:
            operators.append(operator)
    return Asked(" ".join(words), tuple(operators))


def _operator(token: str, known: Collection[str]) -> Operator | None:
    match = OPERATOR.fullmatch(token)
    if match is None:
        return None
    name, values = match["name"].casefold(), tuple(dict.fromkeys(_values(match["values"])))
    return Operator(name, values, bool(match["minus"])) if values or name in known else None


def _values(text: str) -> Iterator[str]:
    for quoted, plain in VALUE.findall(text):
        if value := (quoted or plain).strip():
            yield value


def written(asked: Asked) -> str:
    """Return a text that asks for the same: what `parsed` takes apart again."""
    operators = (f"{'-' * each.excluded}{each.name}:{','.join(map(_quoted, each.values))}" for each in asked.operators)
    return " ".join([*operators, *([asked.words] if asked.words else [])])


def _quoted(value: str) -> str:
    return value if re.fullmatch(r"[\w.@+-]+", value) else f'"{value}"'
