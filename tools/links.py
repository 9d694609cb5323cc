"""Check that what Markdown files point at exists: links, anchors, paths in backticks, make targets.

Lines are at most 100 characters long. Decision records are history: only their links are checked.
"""

import re
import sys
from collections.abc import Iterator, Sequence
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

from tools.findings import exit_code

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)|^\[[^\]]+\]: (\S+)$", re.MULTILINE)
CODE = re.compile(r"`([^`\n]+)`")
FENCE = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
TARGET = re.compile(r"^([a-z0-9-]+):", re.MULTILINE)
FILE = re.compile(r"[\w.*…/-]+\.(?:cfg|json|js|lock|md|py|tla|toml|txt|yml)")
HISTORY = Path("docs/decisions")
GENERATED = {"permissions.txt", "events.md", "settings.md"}
MADE_BY_USERS = {
    "auskunft.json",
    "deploy/secrets",
    "report/against.json",
    "report/benchmarks.json",
    "status.json",
}
EXAMPLE = "shipping"
"""The service that CONTRIBUTING adds."""
WIDTH = 100


def places(root: Path) -> set[str]:
    """Every file and folder of the repository, hidden ones and what they hold left out."""
    top = [path for path in root.iterdir() if not path.name.startswith(".")]
    inner = [path for folder in top if folder.is_dir() for path in folder.rglob("*")]
    return {
        str(path.relative_to(root))
        for path in top + inner
        if "__pycache__" not in path.parts and path.suffix != ".pyc"
    }


@cache
def anchors(page: Path) -> frozenset[str]:
    """As GitHub makes them of headings."""
    titles = HEADING.findall(FENCE.sub("", page.read_text()))
    return frozenset(
        re.sub(r"[^\w\- ]", "", title.replace("`", "").lower()).replace(" ", "-")
        for title in titles
    )


def broken_links(root: Path, page: Path) -> Iterator[str]:
    text = CODE.sub("", FENCE.sub("", page.read_text()))
    for inline, reference in LINK.findall(text):
        target = inline or reference
        if "://" in target or target.startswith("mailto:"):
            continue
        name, _, anchor = target.partition("#")
        place = (page.parent / name).resolve() if name else page.resolve()
        if not place.is_relative_to(root.resolve()) or not place.exists():
            yield f"no such file: {target}"
        elif anchor and anchor not in anchors(place):
            yield f"no such heading: {target}"


def looks_like_a_path(token: str, tops: Sequence[str]) -> bool:
    if (
        EXAMPLE in token
        or token.startswith(("/", "…/", "."))
        or any(mark in token for mark in "<{ :=")
    ):
        return False
    return bool(FILE.fullmatch(token)) or ("/" in token and token.split("/")[0] in tops)


def exists(token: str, known: set[str]) -> bool:
    """Look a path, or the end of one, up in the repository; `…` and `*` stand for anything."""
    name = token.rstrip("/").replace("…", "*")
    if "*" in name:
        return any(fnmatch(place, name) or fnmatch(place, f"*/{name}") for place in known)
    return name in known or any(place.endswith(f"/{name}") for place in known)


def broken_words(page: Path, known: set[str], targets: set[str]) -> Iterator[str]:
    tops = [place for place in known if "/" not in place]
    text = page.read_text()
    for token in CODE.findall(FENCE.sub("", text)):
        if token not in MADE_BY_USERS and looks_like_a_path(token, tops):
            if not exists(token.split("::")[0], known):
                yield f"no such path: {token}"
        elif (found := re.match(r"make ([a-z-]+)\b", token)) and found[1] not in targets:
            yield f"no such target: {token}"


def long_lines(page: Path) -> Iterator[str]:
    """A line of one word, such as a link, and a row that names tests cannot be wrapped."""
    for number, line in enumerate(page.read_text().splitlines(), 1):
        if len(line) > WIDTH and " " in line.strip() and ".py::" not in line:
            yield f"line {number} has more than {WIDTH} characters"


def problems(root: Path) -> Iterator[str]:
    known = places(root)
    targets = set(TARGET.findall((root / "Makefile").read_text()))
    for name in sorted(place for place in known if place.endswith(".md")):
        page = root / name
        found = list(broken_links(root, page))
        if HISTORY not in Path(name).parents and Path(name).name not in GENERATED:
            found += [*broken_words(page, known, targets), *long_lines(page)]
        yield from (f"{name}: {each}" for each in found)


if __name__ == "__main__":
    sys.exit(exit_code(problems(Path())))
