"""The part of the Common Expression Language in which conditions are written, with its types and its limits.

What passes here cannot fail and cannot take long when it is asked: names and types are those of the declared fields,
there is no arithmetic, and length, depth, lists and patterns are bounded. The language is described at
https://github.com/google/cel-spec/blob/master/doc/langdef.md; a pattern is RE2's, which takes linear time.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

STRING, INTEGER, NUMBER, BOOL, LIST = "string", "int", "double", "bool", "list(string)"
#: The values of custom fields, each with a type of its own: `attributes["room"]`.
ATTRIBUTES = "attributes"
NUMERIC = {INTEGER, NUMBER}

LONGEST, DEEPEST, MOST_IN_LIST = 2000, 20, 200
LONGEST_PATTERN, MOST_PATTERNS, MOST_REPETITIONS = 200, 3, 1000

TOKEN = re.compile(
    r"""\s*(?:
      (?P<number>\d+\.\d+|\d+)
    | (?P<string>[rR]?(?:"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'))
    | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
    | (?P<sign>&&|\|\||==|!=|<=|>=|[<>!()\[\],.\-])
    )""",
    re.VERBOSE,
)
COMPARISONS = {"==", "!=", "<", "<=", ">", ">="}
REPETITION = re.compile(r"\{(\d+)(?:,(\d*))?\}")
#: Methods of a text that take a text.
OF_TEXTS = {"contains", "startsWith", "endsWith", "matches"}
#: Macros over a list: for whether some or all of its entries meet a condition.
OVER_LISTS = {"exists", "all"}


class BadCondition(ValueError):
    """A condition that cannot be kept: which `problem` it has, and the details that its words name."""

    def __init__(self, problem: str, **details: Any) -> None:
        super().__init__(problem)
        self.problem, self.details = problem, details


@dataclass(frozen=True)
class Term:
    """A part of a condition: its type, and its text where it is a literal one."""

    type: str
    literal: str | None = None


@dataclass
class Reader:
    """Reads a condition from left to right, and finds out the type of every part."""

    fields: Mapping[str, str]
    attributes: Mapping[str, str]
    tokens: list[tuple[str, str]]
    place: int = 0
    depth: int = 0
    patterns: int = 0
    used: set[str] = field(default_factory=set)
    bound: dict[str, str] = field(default_factory=dict)

    def next(self) -> str:
        """The token to be read."""
        return self.tokens[self.place][1] if self.place < len(self.tokens) else ""

    def take(self) -> tuple[str, str]:
        """Read one token."""
        if self.place == len(self.tokens):
            raise BadCondition("incomplete")
        self.place += 1
        return self.tokens[self.place - 1]

    def expect(self, sign: str) -> None:
        """Read this sign."""
        found = self.take()[1]
        if found != sign:
            raise BadCondition("expected", wanted=sign, found=found)

    def whole(self) -> None:
        """Read everything: a condition, and nothing after it."""
        _require(self.either(), BOOL)
        if self.place < len(self.tokens):
            raise BadCondition("left_over", found=self.next())

    def either(self) -> Term:
        """`a || b`"""
        return self._joined("||", lambda: self._joined("&&", self.relation))

    def _joined(self, sign: str, part: Any) -> Term:
        term: Term = part()
        while self.next() == sign:
            self.take()
            _require(term, BOOL)
            term = Term(_require(part(), BOOL))
        return term

    def relation(self) -> Term:
        """`a == b`, `a in b`"""
        left = self.unary()
        if self.next() in COMPARISONS:
            sign = self.take()[1]
            _comparable(left, self.unary(), ordered=sign not in ("==", "!="))
        elif self.next() == "in":
            self.take()
            wanted, found = f"list({left.type})", self.unary().type
            if found != wanted:
                raise BadCondition("type", wanted=wanted, found=found)
        else:
            return left
        return Term(BOOL)

    def unary(self) -> Term:
        """`!a`, `-1`"""
        if self.next() == "!":
            self.take()
            self._deeper()
            term = Term(_require(self.unary(), BOOL))
            self.depth -= 1
            return term
        if self.next() == "-":
            self.take()
            term = self.primary()
            if term.type not in NUMERIC or term.literal is None:
                raise BadCondition("minus")
            return term
        return self.postfix(self.primary())

    def postfix(self, term: Term) -> Term:
        """`a.contains(b)`, `attributes["room"]`"""
        while self.next() in (".", "["):
            sign = self.take()[1]
            term = self._attribute(term) if sign == "[" else self._method(term, self.take()[1])
        return term

    def primary(self) -> Term:
        """A literal, the name of a field, a list, or a condition in parentheses."""
        kind, text = self.take()
        if kind == "number":
            if len(text) > 15:
                raise BadCondition("number")
            return Term(NUMBER if "." in text else INTEGER, text)
        if kind == "string":
            return Term(STRING, text)
        if kind == "name":
            return self._named(text)
        self._deeper()
        if text == "(":
            term = self.either()
            self.expect(")")
        elif text == "[":
            term = self._list()
        else:
            raise BadCondition("unexpected", found=text)
        self.depth -= 1
        return Term(term.type)

    def _named(self, name: str) -> Term:
        if name in ("true", "false"):
            return Term(BOOL, name)
        if name == "size" and self.next() == "(":
            self.take()
            return self._size(self.either())
        if name in self.bound:
            return Term(self.bound[name])
        if name not in self.fields:
            raise BadCondition("field", found=name, names=", ".join(sorted(self.fields)))
        self.used.add(name)
        return Term(self.fields[name])

    def _list(self) -> Term:
        types, count = set(), 0
        while self.next() != "]":
            if count:
                self.expect(",")
            entry = self.unary()
            if entry.literal is None:
                raise BadCondition("list")
            types.add(entry.type)
            count += 1
        self.take()
        if len(types) != 1 or count > MOST_IN_LIST:
            raise BadCondition("list")
        return Term(f"list({types.pop()})")

    def _attribute(self, term: Term) -> Term:
        kind, slug = self.take()
        self.expect("]")
        if term.type != ATTRIBUTES or kind != "string":
            raise BadCondition("index")
        name = slug[1:-1]
        if slug[0] not in "\"'" or name not in self.attributes:
            raise BadCondition("attribute", found=slug, names=", ".join(sorted(self.attributes)) or "–")
        return Term(self.attributes[name])

    def _method(self, term: Term, name: str) -> Term:
        self.expect("(")
        if name == "size":
            return self._size(term)
        if name in OF_TEXTS:
            _require(term, STRING)
            argument = self.either()
            _require(argument, STRING)
            self.expect(")")
            if name == "matches":
                self._pattern(argument)
            return Term(BOOL)
        if name in OVER_LISTS:
            return self._macro(term)
        raise BadCondition("method", found=name, names=", ".join(sorted(OF_TEXTS | OVER_LISTS | {"size"})))

    def _size(self, term: Term) -> Term:
        if term.type not in (STRING, LIST):
            raise BadCondition("type", wanted=f"{STRING} / {LIST}", found=term.type)
        self.expect(")")
        return Term(INTEGER)

    def _macro(self, term: Term) -> Term:
        _require(term, LIST)
        kind, name = self.take()
        if kind != "name" or name in self.fields or name in ("true", "false", "in", "size"):
            raise BadCondition("variable", found=name)
        if self.bound:
            raise BadCondition("nested")
        self.expect(",")
        self.bound = {name: STRING}
        _require(self.either(), BOOL)
        self.bound = {}
        self.expect(")")
        return Term(BOOL)

    def _pattern(self, argument: Term) -> None:
        """A pattern is written out, short, and repeats nothing too often: what it is compiled to stays small."""
        self.patterns += 1
        if self.bound or self.patterns > MOST_PATTERNS:
            raise BadCondition("patterns", most=MOST_PATTERNS)
        if argument.literal is None or len(argument.literal) > LONGEST_PATTERN:
            raise BadCondition("pattern", most=LONGEST_PATTERN)
        times = 1
        for least, most in REPETITION.findall(argument.literal):
            times *= max(int(least[:9]), int(most[:9] or 1), 1)
        if times > MOST_REPETITIONS:
            raise BadCondition("repetitions", most=MOST_REPETITIONS)

    def _deeper(self) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise BadCondition("deep", most=DEEPEST)


def _require(term: Term, wanted: str) -> str:
    if term.type != wanted:
        raise BadCondition("type", wanted=wanted, found=term.type)
    return wanted


def _comparable(left: Term, right: Term, *, ordered: bool) -> None:
    if left.type != right.type and not {left.type, right.type} <= NUMERIC:
        raise BadCondition("type", wanted=left.type, found=right.type)
    if left.type not in {STRING, BOOL, *NUMERIC} or (ordered and left.type == BOOL):
        raise BadCondition("compare", found=left.type)


def fields_in(condition: str, fields: Mapping[str, str], attributes: Mapping[str, str]) -> frozenset[str]:
    """Return the fields that a condition asks for, when it holds to the language, the types and the limits.

    `fields` and `attributes` map what may be asked to its type. Raises BadCondition otherwise.
    """
    if len(condition) > LONGEST:
        raise BadCondition("long", most=LONGEST)
    reader = Reader(fields, attributes, tokens_of(condition))
    reader.whole()
    return frozenset(reader.used)


def tokens_of(condition: str) -> list[tuple[str, str]]:
    """Return the tokens of a condition, each with its kind. Raises BadCondition for what begins none."""
    tokens, place, text = [], 0, condition.rstrip()
    while place < len(text):
        found = TOKEN.match(text, place)
        if found is None:
            raise BadCondition("unexpected", found=text[place:].lstrip()[:20])
        kind = found.lastgroup or ""
        tokens.append((kind, found[kind]))
        place = found.end()
    return tokens
