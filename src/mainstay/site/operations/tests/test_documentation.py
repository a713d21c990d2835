import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[5]


@pytest.mark.check
def test_every_environment_variable_is_documented_and_every_documented_one_exists():
    source = "\n".join(path.read_text() for path in (ROOT / "src").rglob("*.py") if "tests" not in path.parts)
    read = {name for name in re.findall(r"MAINSTAY_[A-Z_]*[A-Z]", source) if not name.startswith("MAINSTAY_TEST")}
    told = re.findall(r"^\| `(MAINSTAY_[A-Z_]+)`", (ROOT / "docs/operating/settings.md").read_text(), re.MULTILINE)
    assert sorted(told) == sorted(read)


@pytest.mark.check
@pytest.mark.django_db
def test_every_change_of_a_model_has_its_migration():
    from django.core.management import call_command

    call_command("makemigrations", check=True, dry_run=True, verbosity=1)
