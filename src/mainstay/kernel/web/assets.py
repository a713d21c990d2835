"""What Vite built: finds the file of an entry in its manifest."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from django.templatetags.static import static

BUILD = Path(__file__).parent / "static/web/build"


@cache
def manifest() -> dict[str, Any]:
    """Return Vite's manifest, keyed by `<label>/<file>` such as `web/main.ts`; a new build takes a new start.

    Raises RuntimeError, saying what to do, when the front end has not been built.
    """
    try:
        chunks = json.loads((BUILD / "manifest.json").read_text())
    except FileNotFoundError:
        advice = "The front end is not built yet: run `npm ci --ignore-scripts && npm run build`."
        raise RuntimeError(advice) from None
    return {"/".join(source.split("/")[-2:]): chunk for source, chunk in chunks.items() if "src" in chunk}


@cache
def asset(entry: str) -> str:
    """Return the address of a built file, such as `web/main.ts`. Raises KeyError for an unknown entry."""
    return static(f"web/build/{manifest()[entry]['file']}")
