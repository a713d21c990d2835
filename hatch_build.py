"""Refuses to build a wheel that would start without its front end."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

BUILT = "src/mainstay/kernel/web/static/web/build/manifest.json"


class FrontEndIsBuilt(BuildHookInterface):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Check before building; an editable install may build its front end later."""
        if version != "editable" and not (Path(self.root) / BUILT).exists():
            raise FileNotFoundError("The front end is not built. Run `make wheel`, which builds it first.")
