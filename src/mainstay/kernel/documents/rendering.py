"""Setting a described document as PDF and as a page of HTML that needs nothing else."""

import json
from functools import cache
from pathlib import Path

import typst
from django.template.loader import render_to_string

from mainstay.kernel.documents.engine.description import Document, as_data

HERE = Path(__file__).parent
TEMPLATE = HERE / "typst" / "document.typ"
FORMATS = {"pdf": "application/pdf", "html": "text/html; charset=utf-8"}


def as_pdf(document: Document) -> bytes:
    """Return the document as a tagged PDF with its fonts in it.

    The template is ours alone and reads its data as JSON: no text of a document is ever read as markup. It may open no
    file but itself and asks no network. Our fonts hold Latin, Greek and Cyrillic; others are the machine's.
    """
    data = {"document": json.dumps(as_data(document))}
    return typst.compile(str(TEMPLATE), root=str(TEMPLATE.parent), font_paths=_fonts(), sys_inputs=data)


def as_html(document: Document) -> bytes:
    """Return the document as one page of HTML without scripts, pictures or anything that has to be fetched."""
    return render_to_string("documents/document.html", {"document": document}, using="jinja2").encode()


def render(document: Document, ending: str) -> bytes:
    """Return the document in one of FORMATS. Raises KeyError for another."""
    return {"pdf": as_pdf, "html": as_html}[ending](document)


@cache
def _fonts() -> "typst.Fonts":
    return typst.Fonts(include_system_fonts=True, include_embedded_fonts=False, font_paths=[str(HERE / "fonts")])
