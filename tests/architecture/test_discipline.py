"""Habits that the product's code keeps, read from its syntax."""

import ast
import re

from django.conf import settings

from mainstay.kernel.events import registry as events
from mainstay.kernel.practice.registry import kinds
from tests.architecture.source import PACKAGE, Module, product

#: The one module that may declare text to be markup.
MARKUP = "kernel/web/markup.py"
DISPATCHERS = {"getattr", "setattr", "import_string", "import_module"}
DANGEROUS_IMPORTS = ("pickle", "marshal", "shelve", "dill", "xml.etree", "xml.dom", "xml.sax")
#: What calls whom somebody entered; and the supervisor, which asks its own child on loopback whether it answers.
MAY_CALL = {"site/operations/supervisor.py", "kernel/practice/outbound.py"}
OUTBOUND = ("requests", "httpx", "urllib.request", "http.client", "aiohttp")


def test_nobody_saves_a_whole_row() -> None:
    """A plain save() of a child rewrites every column of its parent from a stale instance."""
    wrong = [
        (module.place, call.lineno)
        for module in product()
        for name, call in module.calls()
        if name == "save"
        and not {"update_fields", "force_insert"} & {keyword.arg for keyword in call.keywords}
        and isinstance(call.func, ast.Attribute)
        and not _is_form_or_file(call.func.value)
    ]
    assert wrong == []


def _is_form_or_file(owner: ast.expr) -> bool:
    return (isinstance(owner, ast.Name) and owner.id in {"form", "session", "storage"}) or (
        isinstance(owner, ast.Attribute) and owner.attr in {"session", "storage"}
    )


def test_every_deferred_job_exists() -> None:
    from procrastinate.contrib.django import app

    deferred = {
        (module.place, call.args[0].value)
        for module in product()
        for name, call in module.calls()
        if name == "defer"
        and isinstance(call.func, ast.Name)  # a queryset has a method of that name
        and call.args
        and isinstance(call.args[0], ast.Constant)
    }
    assert deferred, "no job is deferred at all: the rule reads nothing"
    assert {(place, name) for place, name in deferred if name not in app.tasks} == set()


def test_reactions_listen_to_declared_events_only() -> None:
    pasts = {name.partition(".")[2] for name in events.declared()}
    unknown = {
        name
        for name in events.listened_to()
        if name not in events.declared() and not (name.startswith("*.") and name[2:] in pasts)
    }
    assert events.listened_to()
    assert unknown == set()


def test_every_move_leaves_a_declared_event() -> None:
    for kind in kinds.values():
        assert {f"{kind.name}.{move.past}" for move in kind.lifecycle.moves} <= events.declared()


def test_nothing_is_deserialised_or_evaluated() -> None:
    wrong = [
        (module.place, imported)
        for module in product()
        for imported in module.imports()
        if imported.startswith(DANGEROUS_IMPORTS)
    ]
    wrong += [
        (module.place, f"{name}()")
        for module in product()
        for name, call in module.calls()
        if isinstance(call.func, ast.Name) and name in {"eval", "exec", "compile"}
    ]
    wrong += [
        (module.place, "yaml.load()")
        for module in product()
        for name, call in module.calls()
        if name in {"load", "load_all", "unsafe_load"} and _calls_on(call, "yaml")
    ]
    assert wrong == []


def test_no_library_deserialises_for_us() -> None:
    """Sessions, jobs and counted attempts hold JSON; Django's other caches would load Python objects."""
    assert settings.SESSION_SERIALIZER.endswith("JSONSerializer")
    assert {cache["BACKEND"] for cache in settings.CACHES.values()} == {"mainstay.kernel.accounts.attempts.Attempts"}


def _calls_on(call: ast.Call, name: str) -> bool:
    return isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Name) and call.func.value.id == name


def test_only_one_module_makes_markup() -> None:
    wrong = [
        (module.place, name)
        for module in product()
        if module.place != MARKUP
        for name, _ in module.calls()
        if name in {"mark_safe", "Markup", "SafeString"}
    ]
    templates = [
        path.name
        for path in PACKAGE.rglob("jinja2/**/*")
        if path.is_file() and any(mark in path.read_text() for mark in ("|safe", "| safe", "autoescape false"))
    ]
    assert (wrong, templates) == ([], [])


def test_no_template_holds_a_script_or_a_style_of_its_own() -> None:
    wrong = []
    for path in PACKAGE.rglob("jinja2/**/*.html"):
        text = path.read_text()
        marks = ("<script>", " onclick=", " onload=", " onsubmit=", " onchange=", " style=", "hx-on", "javascript:")
        wrong += [(path.name, mark) for mark in marks if mark in text]
    assert wrong == []


def test_a_request_names_no_attribute_class_or_query_keyword() -> None:
    """No `getattr(x, request...)`, no `filter(**request...)`: what a caller sends is never the shape of anything."""
    wrong = [
        (module.place, call.lineno)
        for module in product()
        for name, call in module.calls()
        if (
            name in {"getattr", "setattr", "import_string", "import_module"}
            and _mentions_request(call.args[1:] or call.args)
        )
        or (name in {"filter", "exclude", "get", "order_by"} and _mentions_request(_expanded(call)))
    ]
    assert wrong == []


def _expanded(call: ast.Call) -> list[ast.expr]:
    return [keyword.value for keyword in call.keywords if keyword.arg is None] + [
        argument.value for argument in call.args if isinstance(argument, ast.Starred)
    ]


def _mentions_request(nodes: list[ast.expr]) -> bool:
    return any(
        isinstance(part, ast.Attribute) and part.attr in {"GET", "POST", "headers", "COOKIES", "body"}
        for node in nodes
        for part in ast.walk(node)
    )


def test_nothing_calls_out_over_http_but_the_one_gateway() -> None:
    others = [module for module in product() if module.place not in MAY_CALL]
    wrong = [(module.place, imported) for module in others for imported in _outbound(module)]
    assert wrong == []


def _outbound(module: Module) -> list[str]:
    return [name for name in module.imports() if name.startswith(OUTBOUND)]


KEPT = re.compile(r"""kept\(\s*["']([^"']+)["']""")


def test_what_is_rendered_once_speaks_of_no_moment() -> None:
    sources = [path for path in PACKAGE.rglob("*") if path.suffix in {".py", ".html"}]
    kept = {name for path in sources for name in KEPT.findall(path.read_text())}
    templates = {name: next(PACKAGE.rglob(f"jinja2/{name}")).read_text() for name in kept if name.endswith(".html")}
    wrong = {name for name, text in templates.items() if re.search(r"\|\s*(time|relative_time)\b", text)}
    assert (len(templates) > 3, wrong) == (True, set())
