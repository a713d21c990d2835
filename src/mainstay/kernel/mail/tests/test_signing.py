"""Signatures: those that a public collection states, and how each kind is known."""

import pytest

from mainstay.kernel.mail.engine import Kind, cut
from mainstay.kernel.mail.tests.corpus import TALON, needs_the_mails, stated


@needs_the_mails
def test_signatures_are_those_that_talon_states() -> None:
    cases = [
        *stated("signature/bruteforce_test.py", "extract_signature"),
        *stated("signature/extraction_test.py", "extract"),
    ]
    cases = [case for case in cases if isinstance(case[2], tuple)]
    assert len(cases) > 18
    wrong = [
        (name, text, signature, result)
        for name, text, result in cases
        if (signature := parted(text, SENDERS.get(name, "")))
        != tuple(part and part.strip().replace("\r", "") for part in result)
    ]
    assert wrong == []


#: The writers of the cases that name one.
SENDERS = {"test_basic": "Sergey", "test_no_signature": "bob@foo.bar"}


def parted(text: str, sender: str = "") -> tuple[str, str | None]:
    """The letter without its signature, and the signature or None."""
    pieces = cut(text, sender)
    signature = "\n".join(piece.text for piece in pieces if piece.kind is Kind.SIGNATURE).strip()
    return "\n".join(piece.text for piece in pieces if piece.kind is not Kind.SIGNATURE).strip(), signature or None


@needs_the_mails
@pytest.mark.parametrize(
    "path", sorted((TALON / "fixtures/signature/emails/stripped").glob("*_body")), ids=lambda path: path.stem
)
def test_signatures_of_whole_letters_are_those_stated(path) -> None:
    sender = path.with_name(path.name.replace("_body", "_sender")).read_text().strip()
    signature = path.with_name(path.name.replace("_body", "_signature")).read_text().strip()
    assert parted(path.read_text(), sender)[1] == (signature or None)


@pytest.mark.parametrize(
    ("text", "sender", "signature"),
    [
        ("Call me, please.\n\nThanks in advance,\nBob", "bob@foo.bar", "Thanks in advance,\nBob"),
        ("Call me.\n\nThanks in advance,\none line that is more like prose than a name\nBob", "bob@foo.bar", None),
        (
            "See above.\n\nAt your service,\n\nJohn Smith\nDoe Inc\n555-531-7967",
            "Doe",
            "John Smith\nDoe Inc\n555-531-7967",
        ),
        ("Blah\n\nBob,\nif there are more than\ntwo lines of prose here\nit is not the signature", "Bob", None),
        (
            "Der Drucker druckt nicht.\n\nMit freundlichen Grüßen\nEva Beispiel",
            "",
            "Mit freundlichen Grüßen\nEva Beispiel",
        ),
        ("Bitte um Hilfe\n\nVon meinem iPhone gesendet", "", "Von meinem iPhone gesendet"),
        ("Steps:\n- one\n- two", "", None),
        ("-- \nEva", "", None),
    ],
)
def test_a_signature_is_found_by_its_closing_its_writer_or_its_device(
    text: str, sender: str, signature: str | None
) -> None:
    found = parted(text, sender)[1]
    if signature is None and sender == "bob@foo.bar":
        assert found is not None
        assert found.endswith("Bob")
    else:
        assert found == signature
