"""Print the measures of the layout, for this tree or for a revision: `make measures AT=d6d20fb`.

Counts come from the sources alone, by `ast`; nothing is imported or run.
"""

import ast
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import combinations
from pathlib import Path

from tools.command_path import COMMANDS, files_of, paths_of
from tools.requirements import named_ids, requirements

KERNEL = Path("libs/events/src/zugabe_events")
ALIKE = 0.85
FEWEST_FIELDS = 3
FEW_FILES = 6
NOT_COUNTED = ("contracts", "schemas")
SCHEMAS_BEFORE_ROOMS = {
    "asyncapi.py",
    "catalog.py",
    "cloudevents.py",
    "evolution.py",
    "publishers.py",
    "released.py",
    "releasing.py",
    "samples.py",
    "schemas.py",
    "shapes.py",
}
"""The modules that became the room `schemas`."""

type Edge = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Shape:
    """A class and the names of the fields that its own body annotates."""

    name: str
    fields: frozenset[str]


def sources(root: Path, *folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in root.glob(f"{folder}/**/*.py"))


def members(root: Path) -> list[Path]:
    return sources(root, "libs/*/src", "services/*/src")


def modules_of(package: Path) -> dict[str, Path]:
    """The modules of a package by dotted name."""
    return {
        str(path.relative_to(package.parent).with_suffix(""))
        .replace("/", ".")
        .removesuffix(".__init__"): path
        for path in sorted(package.rglob("*.py"))
    }


def imports_of(tree: ast.AST, modules: Mapping[str, Path]) -> Iterator[str]:
    """The modules of the package that a module imports, those in functions included."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in modules)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                name = f"{node.module}.{alias.name}"
                if target := next((each for each in (name, node.module) if each in modules), None):
                    yield target


def rooms_arrows(package: Path) -> set[Edge]:
    """Distinct pairs (importing room, imported room).

    A room is a name directly below the package: a folder, or a module that lies there.
    """
    modules = modules_of(package)
    arrows: set[Edge] = set()
    for name, path in modules.items():
        for target in imports_of(ast.parse(path.read_text()), modules):
            if "." in name and "." in target:
                arrows.add((name.split(".")[1], target.split(".")[1]))
    return {(source, target) for source, target in arrows if source != target}


def circles(arrows: set[Edge]) -> list[set[str]]:
    """Groups of rooms that reach each other: the strongly connected ones of more than one room."""
    reached: dict[str, set[str]] = {room: set() for arrow in arrows for room in arrow}
    for room, seen in reached.items():
        waiting = [room]
        while waiting:
            here = waiting.pop()
            onward = {target for source, target in arrows if source == here} - seen
            seen |= onward
            waiting += onward
    groups = {
        frozenset(other for other in seen if room in reached[other])
        for room, seen in reached.items()
        if room in seen
    }
    return [set(group) for group in groups]


def upward(arrows: set[Edge], layers: Sequence[str]) -> set[Edge]:
    """Arrows against the order of the `layers` contract; a room that it does not name is left out.

    Rooms of one layer are separated by `|` and know nothing of each other.
    """
    height = {
        room.strip(): -number for number, layer in enumerate(layers) for room in layer.split("|")
    }
    return {
        (source, target)
        for source, target in arrows
        if source in height and target in height and height[source] <= height[target]
    }


def shapes(paths: Sequence[Path]) -> list[Shape]:
    """Classes with annotated fields: dataclasses, structs and pydantic models."""
    found = []
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef):
                fields = frozenset(
                    each.target.id
                    for each in node.body
                    if isinstance(each, ast.AnnAssign)
                    and isinstance(each.target, ast.Name)
                    and "ClassVar" not in ast.unparse(each.annotation)
                )
                found.append(Shape(f"{path.stem}.{node.name}", fields))
    return found


def alike(classes: Sequence[Shape]) -> list[tuple[str, str]]:
    """Pairs that share at least 85 % of the fields of the larger one, by name."""
    large = [each for each in classes if len(each.fields) >= FEWEST_FIELDS]
    return [
        (a.name, b.name)
        for a, b in combinations(large, 2)
        if len(a.fields & b.fields) >= ALIKE * max(len(a.fields), len(b.fields))
    ]


def layers_of(root: Path) -> list[str]:
    """The order of the kernel's rooms as the import contract of type `layers` has it."""
    text = (root / "pyproject.toml").read_text()
    found = re.search(r"containers = \[\"zugabe_events\"\].*?layers = \[(.*?)\]", text, re.DOTALL)
    return re.findall(r'"(.+?)"', found[1]) if found else []


def lines(paths: Sequence[Path]) -> int:
    return sum(len(path.read_text().splitlines()) for path in paths)


def steps_to_add_a_service(root: Path) -> int:
    """Numbered steps of that recipe in CONTRIBUTING."""
    text = (root / "CONTRIBUTING.md").read_text()
    recipe = re.search(r"^## Add a service$(.*?)^## ", text, re.DOTALL | re.MULTILINE)
    return len(re.findall(r"^\d+\. ", recipe[1], re.MULTILINE)) if recipe else 0


def measures(root: Path) -> Iterator[tuple[str, object]]:
    kernel = root / KERNEL
    everything = sources(root, str(KERNEL))
    rest = [
        path
        for path in everything
        if path.relative_to(kernel).parts[0] not in {*NOT_COUNTED, *SCHEMAS_BEFORE_ROOMS}
    ]
    onboarding = root / "services/onboarding/src/onboarding"
    arrows = rooms_arrows(kernel)
    yield (
        "modules at the kernel's top level",
        len([path for path in kernel.glob("*.py") if path.name != "__init__.py"]),
    )
    yield "import arrows between rooms", len(arrows)
    layers = layers_of(root)
    yield "  upward, by the layers contract", len(upward(arrows, layers)) if layers else "-"
    yield (
        "  pairs of rooms that import each other",
        len([arrow for arrow in arrows if arrow[::-1] in arrows]) // 2,
    )
    yield "  circles, and rooms in them", tuple(sorted(map(len, circles(arrows)))) or 0
    yield "kernel lines, without contracts and schemas", lines(rest)
    yield "pairs of classes that share 85 % of their fields", len(alike(shapes(members(root))))
    for command in COMMANDS:
        yield f"files for {command}", len(files_of(root, command))
    for service in sorted(path.name for path in root.glob("services/*") if (path / "src").is_dir()):
        found = [len(files) for files in paths_of(root, service).values()]
        if found:
            yield f"most files for a command of {service}", max(found)
            above = sum(files > FEW_FILES for files in found)
            yield f"  commands of {service} above {FEW_FILES}, of {len(found)}", above
    for folder in ("brand", "form"):
        yield f"onboarding's {folder}/ files", len([*(onboarding / folder).glob("*.py")])
    yield "steps to add a service", steps_to_add_a_service(root)
    known = requirements(root)
    named = named_ids(root)
    yield "requirement ids named", len(named)
    yield "  of them listed in docs/requirements.md", len(known.keys() & named.keys())


def tree_at(revision: str, folder: Path) -> Path:
    """The tracked files of a revision, in `folder`."""
    archive = subprocess.run(
        ["git", "archive", "--format=tar", revision], check=True, capture_output=True
    ).stdout
    with tarfile.open(fileobj=BytesIO(archive)) as tar:
        tar.extractall(folder, filter="data")
    return folder


def report(root: Path, *, as_json: bool) -> None:
    found = dict(measures(root))
    if as_json:
        print(json.dumps(found, indent=2))
        return
    for name, value in found.items():
        print(f"{value!s:>10}  {name}")


def main() -> None:
    words = [word for word in sys.argv[1:] if word != "--json"]
    as_json = "--json" in sys.argv
    if not words:
        report(Path(), as_json=as_json)
        return
    with tempfile.TemporaryDirectory() as folder:
        report(tree_at(words[0], Path(folder)), as_json=as_json)


if __name__ == "__main__":
    main()
