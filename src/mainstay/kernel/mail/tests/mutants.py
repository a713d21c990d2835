"""Mails with something wrong in them: chance changes to good ones, the same for the same seed."""

import random
from collections.abc import Callable

Mutation = Callable[[random.Random, bytes, bytes], bytes]
#: What is put into a mail here and there: words that programs trip over.
WORDS = (
    *(
        b"\r\n",
        b"\n",
        b"\r",
        b"\x00",
        b"=?utf-8?B?",
        b"=?iso-2022-jp?Q?=1B$B?=",
        b"?=",
        b"<",
        b">",
        b'"',
        b";",
        b",",
        b"(",
        b"\\",
    ),
    *(
        b"Content-Type: multipart/mixed; boundary=",
        b"Content-Transfer-Encoding: base64\r\n",
        b"charset=idna",
        b"charset=hex",
    ),
    *(
        b"Content-Transfer-Encoding: quoted-printable\r\n",
        b"Content-Type: message/rfc822\r\n\r\n",
        b"charset=utf-16",
        b"--",
    ),
    *(
        b"filename*0*=utf-8''%",
        b"filename*999999999999*=x",
        b"charset=utf-7",
        b"begin 644 x\r\n",
        b"\r\nend\r\n",
        b"\x1b$B",
        b"=",
    ),
    *(
        b"Date: Mon, 99 Foo 99999 99:99:99 +9999\r\n",
        b"From: \r\n",
        b"\xff\xfe",
        b"\xc3",
        b"x" * 2000,
        b"\r\n" * 50,
        b"<div>" * 100,
    ),
)


def _place(chance: random.Random, mail: bytes) -> int:
    return chance.randrange(len(mail) + 1)


def _slice(chance: random.Random, mail: bytes) -> tuple[int, int]:
    start = _place(chance, mail)
    return start, min(len(mail), start + chance.choice((1, 2, 8, 40, 200, 1000)))


def flip(chance: random.Random, mail: bytes, _other: bytes) -> bytes:
    changed = bytearray(mail)
    for _ in range(chance.choice((1, 3, 20))):
        if changed:
            changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def cut_out(chance: random.Random, mail: bytes, _other: bytes) -> bytes:
    start, end = _slice(chance, mail)
    return mail[:start] + mail[end:]


def repeat(chance: random.Random, mail: bytes, _other: bytes) -> bytes:
    start, end = _slice(chance, mail)
    return mail[:start] + mail[start:end] * chance.choice((2, 3, 10)) + mail[end:]


def put_in(chance: random.Random, mail: bytes, _other: bytes) -> bytes:
    place = _place(chance, mail)
    return mail[:place] + chance.choice(WORDS) + mail[place:]


def cut_off(chance: random.Random, mail: bytes, _other: bytes) -> bytes:
    return mail[: _place(chance, mail)]


def splice(chance: random.Random, mail: bytes, other: bytes) -> bytes:
    return mail[: _place(chance, mail)] + other[_place(chance, other) :]


def lines(chance: random.Random, mail: bytes, _other: bytes) -> bytes:
    """Take out, double or exchange a line."""
    rows = mail.split(b"\n")
    one, two = chance.randrange(len(rows)), chance.randrange(len(rows))
    change = chance.randrange(3)
    if change == 0:
        del rows[one]
    elif change == 1:
        rows.insert(two, rows[one])
    else:
        rows[one], rows[two] = rows[two], rows[one]
    return b"\n".join(rows)


def endings(chance: random.Random, mail: bytes, _other: bytes) -> bytes:
    return mail.replace(b"\r\n", b"\n").replace(b"\n", chance.choice((b"\n", b"\r\n", b"\r", b"\r\r\n")))


def wrapped(chance: random.Random, mail: bytes, _other: bytes) -> bytes:
    """Put the mail into another one."""
    return b"From: a@example.com\r\nContent-Type: message/rfc822\r\n\r\n" * chance.randrange(1, 8) + mail


MUTATIONS: tuple[Mutation, ...] = (
    flip,
    cut_out,
    repeat,
    put_in,
    put_in,
    cut_off,
    splice,
    lines,
    lines,
    endings,
    wrapped,
)


def mutant(seed: int, seeds: list[bytes]) -> bytes:
    """Return the mutant of that number: one to four changes to one of `seeds`."""
    chance = random.Random(seed)
    mail = chance.choice(seeds)
    for _ in range(chance.randrange(1, 5)):
        mail = chance.choice(MUTATIONS)(chance, mail, chance.choice(seeds))
    return mail[:200_000]
