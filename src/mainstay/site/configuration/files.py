"""Configuration rows as YAML: one file for each kind, keyed by slug, the same bytes for the same rows."""

from pathlib import Path
from typing import Any

import yaml

from mainstay.kernel.practice.configuration import ConfigurationKind, Row, checked, kinds
from mainstay.kernel.practice.errors import Invalid

#: The largest file that is read, in bytes: a configuration is written by people.
LARGEST = 5_000_000

Files = dict[str, dict[str, Row]]
Lines = dict[tuple[str, ...], int]


class FileProblem(Exception):
    """Something is wrong with the files; the message names file, line and what to do."""


def export(folder: Path) -> list[Path]:
    """Write every kind of configuration row into `folder`, one file each; return the files."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for kind in kinds().values():
        path = folder / f"{kind.name}.yaml"
        path.write_text(text_of(kind), encoding="utf-8")
        written.append(path)
    return written


def text_of(kind: ConfigurationKind) -> str:
    """Return all rows of a kind as YAML, sorted by key, their fields in the order in which the kind declares them."""
    rows = {
        key: {field.name: row[field.name] for field in kind.fields if field.name in row}
        for key, row in sorted(kind.read().items())
    }
    return yaml.safe_dump(rows, sort_keys=False, allow_unicode=True, default_flow_style=False, width=100)


def load(folder: Path) -> tuple[Files, Lines]:
    """Read the files of a folder: rows by kind and key, and the line on which each key and field stands.

    Raises FileProblem naming every file that is no kind, and everything with an unknown name or a wrong shape.
    """
    paths = sorted(folder.glob("*.y*ml"))
    if not paths:
        raise FileProblem(f"{folder}: there is no .yaml file here. `mainstay config export {folder}` writes them.")
    files: Files = {}
    lines: Lines = {}
    problems: list[str] = []
    for path in paths:
        kind = kinds().get(path.stem)
        if kind is None or path.suffix != ".yaml":
            problems.append(f"{path}:1: there is no such kind. Rename it to one of: {', '.join(kinds())} (.yaml).")
            continue
        problems += _read(path, kind, files, lines)
    if problems:
        raise FileProblem("\n".join(problems))
    return files, lines


def _read(path: Path, kind: ConfigurationKind, files: Files, lines: Lines) -> list[str]:
    """Read one file into `files` and `lines`; return what is wrong with it."""
    try:
        text = path.read_bytes()
        if len(text) > LARGEST:
            return [f"{path}:1: larger than {LARGEST:,} bytes. Split it, or remove what does not belong here."]
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        rows = yaml.safe_load(text) or {}
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        return [f"{path}:{line}: not valid YAML: {error.problem}. Mend the line."]
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        return [f"{path}:1: not valid YAML: {error}. Save the file as UTF-8 text."]
    if not isinstance(rows, dict) or not all(isinstance(row, dict) for row in rows.values()):
        return [f"{path}:1: expected rows by key, each with its fields, such as the export writes."]
    problems = _positions(path, kind.name, node, lines)
    files[kind.name] = {str(key): row for key, row in rows.items()}
    for key, row in files[kind.name].items():
        try:
            files[kind.name][key] = checked(kind, row, complete=False, shape_only=True)
        except Invalid as refused:
            problems += [place(path, kind.name, key, name, lines) + f" {why}" for name, why in refused.errors.items()]
    return problems


def _positions(path: Path, kind: str, node: Any, lines: Lines) -> list[str]:
    """Note the line of every key and field; return those that stand twice, of which YAML would drop one."""
    problems = []
    for key, fields in node.value if node is not None else ():
        for names in ((key,), *((key, name) for name, value in fields.value)):
            known = (kind, *(str(part.value) for part in names))
            line = names[-1].start_mark.line + 1
            if known in lines:
                problems.append(f"{path}:{line}: {known[-1]} stands here twice. Remove one.")
            lines[known] = line
    return problems


def place(path: Path, kind: str, key: str, name: str, lines: Lines) -> str:
    """Return `file:line: key.field:` for a message."""
    line = lines.get((kind, key, name)) or lines.get((kind, key)) or 1
    return f"{path}:{line}: {key}.{name}:"
