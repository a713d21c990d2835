"""Rules of the house that the import linter cannot see."""

import configparser
import re
from pathlib import Path

from django.apps import apps
from django.conf import settings

from mainstay.kernel.practice.apps import Practice
from tests.architecture.source import PACKAGE, ROOT, product

#: The rooms of a practice, a closed list.
ROOMS = {
    *("apps.py", "urls.py", "portal_urls.py", "views", "api", "tasks", "reactions", "panels", "commands", "intake"),
    *("importers", "forms", "schemas", "gateways", "actions", "queries", "models", "lifecycle", "engine"),
    *(
        "capabilities",
        "configuration",
        "defaults",
        "jinja2",
        "islands",
        "static",
        "migrations",
        "tests",
        "README.md",
        "__init__",
    ),
}
FORBIDDEN_NAMES = {"utils", "helpers", "common", "services", "signals", "admin"}
#: What a practice may import from another.
SHARED_ROOMS = {"actions", "queries", "models", "engine"}


def ladder() -> list[str]:
    """The practices as the import linter orders them, from the bottom to the top."""
    parser = configparser.ConfigParser()
    parser.read(ROOT / ".importlinter")
    lines = parser["importlinter:contract:support"]["layers"].split()
    return [f"mainstay.support.{name}" for name in reversed(lines)]


def practices() -> list[Practice]:
    return [config for config in apps.get_app_configs() if isinstance(config, Practice)]


def test_the_practices_in_the_settings_are_the_ladder() -> None:
    assert [entry.partition(".apps.")[0] for entry in settings.PRACTICES] == ladder()


def test_a_practice_has_only_the_rooms_of_the_closed_list() -> None:
    for practice in practices():
        found = {path.name for path in Path(practice.path).iterdir() if path.name != "__pycache__"}
        strangers = {name for name in found if name not in ROOMS and name.removesuffix(".py") not in ROOMS}
        assert not strangers, practice.name


def test_no_module_is_a_drawer_for_everything() -> None:
    assert [module.place for module in product() if module.path.stem in FORBIDDEN_NAMES] == []


def test_a_practice_uses_only_the_shared_rooms_of_another() -> None:
    places = {practice.name for practice in practices()}
    wrong = [
        (module.name, imported)
        for module in product()
        for imported in module.imports()
        for other in places
        if imported.startswith(f"{other}.")
        and module.name.startswith(("mainstay.support.", "mainstay.delivery."))
        and not module.name.startswith(f"{other}.")
        and imported.removeprefix(f"{other}.").partition(".")[0] not in SHARED_ROOMS
    ]
    assert wrong == []


def test_foreign_keys_look_down_the_ladder() -> None:
    kernel = [entry.rpartition(".apps.")[0] for entry in settings.KERNEL]
    order = {name: height for height, name in enumerate([*kernel, *ladder(), "mainstay.site"])}
    wrong = [
        f"{model.__name__}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.related_model
        and (here := order.get(model._meta.app_config.name)) is not None
        and (there := order.get(field.related_model._meta.app_config.name)) is not None
        and there > here
    ]
    assert wrong == []


def test_the_kernel_speaks_of_no_practice() -> None:
    names = {word for practice in practices() for word in (practice.kind, practice.label)}
    pattern = re.compile(rf"\b({'|'.join(sorted(names))})\b")
    wrong = [
        (module.place, word)
        for module in product()
        if module.place.startswith("kernel/")
        for word in module.words()
        if pattern.search(word)
    ]
    assert wrong == []


def test_a_template_includes_only_its_own_the_kernels_or_a_lower_practices() -> None:
    labels = {config.name: config.label for config in apps.get_app_configs() if config.name.startswith("mainstay.")}
    order = [labels[entry] for entry in ladder()]
    kernel = {label for name, label in labels.items() if name.startswith("mainstay.kernel.")}
    wrong = []
    for path in PACKAGE.rglob("jinja2/**/*.html"):
        label = path.relative_to(PACKAGE).parts[path.relative_to(PACKAGE).parts.index("jinja2") - 1]
        below = (
            kernel if label in kernel else kernel | set(order[: order.index(label) + 1]) if label in order else {label}
        )
        for used in re.findall(r"""{%-?\s*(?:extends|include|import|from)\s+["']([^"']+)["']""", path.read_text()):
            home = used.partition("/")[0]
            if home in {*labels.values()} and home not in below:
                wrong.append((path.name, used))
    assert wrong == []


def test_the_readme_of_a_practice_shows_its_lifecycle_as_it_is() -> None:
    for practice in practices():
        figure = __import__(f"{practice.name}.lifecycle", fromlist=["LIFECYCLE"]).LIFECYCLE.figure()
        assert figure in (Path(practice.path) / "README.md").read_text(), practice.name
