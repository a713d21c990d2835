"""The table in which attempts are counted."""

import base64
import json
import pickle
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection

pytestmark = pytest.mark.django_db


def test_a_value_is_kept_for_its_time_and_added_once() -> None:
    with time_machine.travel("2026-11-22T10:00:00Z", tick=False) as clock:
        cache.set("times", [1.5, 2], 60)
        assert cache.add("lock", True, 10) is True
        assert cache.add("lock", True, 10) is False
        assert cache.touch("lock", 20) is True
        assert (cache.get("times"), cache.get("nothing", "none")) == ([1.5, 2], "none")
        clock.shift(30)
        assert cache.add("lock", True, 10) is True
        assert cache.get("times") == [1.5, 2]
        clock.shift(31)
        assert cache.get("times") is None
        cache.set("other", 1, None)
        assert rows() == 1, "what has expired is swept out with the next"
        assert (cache.delete("other"), cache.delete("other")) == (True, False)
        assert cache.touch("other") is False


def rows() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM accounts_attempts")
        return int(cursor.fetchone()[0])


class Bomb:
    def __reduce__(self) -> Any:
        return (print, ("it ran",))


def test_what_stands_in_the_table_is_never_run(capsys: Any) -> None:
    cache.set("times", [1], 60)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_attempts SET value = %s", [base64.b64encode(pickle.dumps(Bomb())).decode()])
    with pytest.raises(json.JSONDecodeError):
        cache.get("times")
    with pytest.raises(TypeError):
        cache.set("bomb", Bomb(), 60)
    assert capsys.readouterr().out == ""
