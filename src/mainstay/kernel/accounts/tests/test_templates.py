"""Every screen a person meets is ours."""

from collections.abc import Iterator
from typing import Any

from django.template.loader import get_template
from django.urls import URLPattern, get_resolver


def pages(patterns: Any = None) -> Iterator[type]:
    """Every class-based view that draws a template."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if not isinstance(pattern, URLPattern):
            yield from pages(pattern.url_patterns)
        elif getattr(found := getattr(pattern.callback, "view_class", None), "template_name", None):
            yield found


def test_django_s_own_template_engine_serves_no_page() -> None:
    drawn_by = {page.template_name: get_template(page.template_name).backend.name for page in pages()}
    assert len(drawn_by) >= 12, "the walk finds nothing"
    assert {name for name, engine in drawn_by.items() if engine != "jinja2"} == set()
